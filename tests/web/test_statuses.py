"""States and severities: shape and word, never colour alone."""

from xml.etree import ElementTree as ET

import pytest

from qa_observability.web.statuses import badge, severity, sync


@pytest.mark.parametrize(
    ("status", "look", "words"),
    [
        ("healthy", "healthy", "Healthy"),
        ("warning", "warning", "Warning"),
        ("critical", "critical", "Critical"),
        (None, "unknown", "No data"),
    ],
)
def test_a_badge_has_its_shape_and_its_word(status, look, words):
    root = ET.fromstring(badge(status, "because <x>"))

    assert (root.get("class"), root.get("title")) == (f"badge {look}", "because <x>")
    assert (root[0][0].get("href"), root[0].tail) == (f"#shape-{look}", words)
    assert root[0].get("aria-hidden") == "true"


@pytest.mark.parametrize(
    ("status", "look", "words"),
    [
        ("ok", "healthy", "OK"),
        ("warning", "warning", "Warning"),
        ("error", "critical", "Error"),
        (None, "unknown", "No data"),
    ],
)
def test_a_sync_state_has_the_shape_of_what_it_means(status, look, words):
    root = ET.fromstring(sync(status))

    assert (root[0][0].get("href"), root[0].tail) == (f"#shape-{look}", words)


@pytest.mark.parametrize(
    ("name", "blocks"), [("low", 1), ("medium", 2), ("high", 3), ("critical", 4)]
)
def test_severities_fill_blocks(name, blocks):
    root = ET.fromstring(severity(name))

    assert len([r for r in root.iter("rect") if r.get("class") == "on"]) == blocks


def test_a_severity_that_does_not_exist_is_our_bug():
    with pytest.raises(ValueError, match="not in tuple"):
        severity("dire")

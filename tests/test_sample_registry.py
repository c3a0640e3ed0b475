"""Every app's sample leaves together, last come first gone."""

from datetime import UTC, datetime

from qa_observability import sample_registry

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_purge_runs_in_reverse_and_adds_up(monkeypatch):
    order = []
    monkeypatch.setattr(sample_registry, "_parts", {})
    for app, rows in (("first", 2), ("second", 3)):
        sample_registry.register(
            app,
            purge=lambda now, app=app, rows=rows: order.append(app) or {"rows": rows},
            loaded=lambda: False,
        )

    removed = sample_registry.purge_all(NOW)

    assert (order, removed) == (["second", "first"], {"rows": 5})


def test_any_app_with_sample_counts(monkeypatch):
    monkeypatch.setattr(sample_registry, "_parts", {})
    sample_registry.register("empty", purge=lambda now: {}, loaded=lambda: False)
    assert not sample_registry.any_loaded()

    sample_registry.register("full", purge=lambda now: {}, loaded=lambda: True)
    assert sample_registry.any_loaded()

"""The bill names every locked package that is installed, with its hashes and licence."""

import json
import re
from datetime import UTC, datetime
from email.message import Message
from importlib.metadata import version
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from qa_observability.materials import Material, Pin, bill_of, licence_of, locked

HOUSE = Path(__file__).parent.parent
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
# All that may be shipped with an MIT-licensed service without a further word.
FREE = re.compile(
    r"MIT|BSD|Apache|PSF|Python Software Foundation|LGPL|Zlib|CC0|0BSD|MPL",
    re.IGNORECASE,
)


def test_pins_are_read_with_their_hashes():
    text = (
        f"one==1.0 \\\n    --hash=sha256:{'a' * 64} \\\n    --hash=sha256:{'b' * 64}\n"
        f"two[extra]==2.0.post1 ; python_full_version < '3.12' \\\n"
        f"    --hash=sha256:{'c' * 64}\n"
    )

    assert locked(text) == [
        Pin("one", "1.0", ("a" * 64, "b" * 64)),
        Pin("two", "2.0.post1", ("c" * 64,)),
    ]


def test_an_empty_lock_has_no_pins():
    assert locked("") == []


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        ([("License-Expression", "MIT"), ("License", "x")], ("MIT", True)),
        ([("License", "New BSD")], ("New BSD", False)),
        ([("License", "Permission is hereby granted\nto any")], ("", False)),
        ([("License", "x" * 61)], ("", False)),
        (
            [
                ("Classifier", "License :: OSI Approved :: BSD License"),
                ("Classifier", "License :: OSI Approved :: MIT License"),
                ("Classifier", "Framework :: Django"),
                ("License", "dual"),
            ],
            ("BSD License or MIT License", False),
        ),
        ([], ("", False)),
    ],
)
def test_a_licence_is_what_the_package_states_best(fields, licence):
    metadata = Message()
    for name, value in fields:
        metadata[name] = value

    assert licence_of(metadata) == licence


def test_a_bill_says_it_in_cyclonedx():
    materials = [
        Material(Pin("One_x", "1.0", ("a" * 64,)), "MIT OR Apache-2.0", True),
        Material(Pin("two", "2", ()), "BSD License", False),
        Material(Pin("three", "3", ()), "", False),
    ]

    bill = bill_of(materials, name="house", version="0.1", now=NOW)

    assert bill["metadata"]["timestamp"] == "2026-11-24T12:00:00+00:00"
    assert bill["components"] == [
        {
            "type": "library",
            "bom-ref": "pkg:pypi/one-x@1.0",
            "name": "One_x",
            "version": "1.0",
            "purl": "pkg:pypi/one-x@1.0",
            "hashes": [{"alg": "SHA-256", "content": "a" * 64}],
            "licenses": [{"expression": "MIT OR Apache-2.0"}],
        },
        {
            "type": "library",
            "bom-ref": "pkg:pypi/two@2",
            "name": "two",
            "version": "2",
            "purl": "pkg:pypi/two@2",
            "hashes": [],
            "licenses": [{"license": {"name": "BSD License"}}],
        },
        {
            "type": "library",
            "bom-ref": "pkg:pypi/three@3",
            "name": "three",
            "version": "3",
            "purl": "pkg:pypi/three@3",
            "hashes": [],
        },
    ]
    assert bill == bill_of(materials, name="house", version="0.1", now=NOW)


def test_the_command_bills_this_house():
    out = StringIO()

    call_command("sbom", stdout=out)

    bill = json.loads(out.getvalue())
    found = {each["name"]: each for each in bill["components"]}
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert found["django"]["version"] == version("django")
    assert found["django"]["hashes"] != []
    assert {each["name"] for each in found.values()} <= {
        pin.name for pin in locked((HOUSE / "requirements.lock").read_text())
    }
    assert len({each["bom-ref"] for each in found.values()}) == len(bill["components"])


def test_every_licence_is_known_and_free():
    out = StringIO()

    call_command("sbom", "--licences", stdout=out)

    lines = out.getvalue().splitlines()
    assert len(lines) > 40
    assert [line for line in lines if not FREE.search(line.partition(": ")[2])] == []

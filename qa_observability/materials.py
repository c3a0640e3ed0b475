"""What is this service made of, whose is it, and under which licence?

Names, versions and hashes come from the lock file, licences from the installed packages'
own metadata. The bill is CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, distribution
from typing import Any
from uuid import NAMESPACE_URL, uuid5

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*])?==(?P<version>[^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_LICENCE_CLASS = "License :: "
_LONGEST_NAME = 60  # characters; longer is the licence's text, not its name


@dataclass(frozen=True, slots=True)
class Pin:
    """One locked version of a package and the SHA-256 of each file it may come as.

    A package may be locked in several versions, for several versions of Python.
    """

    name: str
    version: str
    hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """An installed package: its pin, its licence; ``is_expression`` when that is SPDX."""

    pin: Pin
    licence: str
    is_expression: bool


def locked(text: str) -> list[Pin]:
    """Return the pins of a lock file as uv writes it."""
    pins: list[Pin] = []
    hashes: list[str] = []
    for line in text.splitlines():
        if match := _PIN.match(line):
            hashes = []
            pins.append(Pin(match["name"], match["version"], ()))
        hashes += _HASH.findall(line)
        if pins:
            pins[-1] = Pin(pins[-1].name, pins[-1].version, tuple(hashes))
    return pins


def installed(pins: Sequence[Pin]) -> Iterator[Material]:
    """Yield the pins that are installed here in that very version, with their licence.

    Others are for another Python or another system.
    """
    for pin in pins:
        try:
            package = distribution(pin.name)
        except PackageNotFoundError:
            continue
        if package.version == pin.version:
            yield Material(pin, *licence_of(package.metadata))


def licence_of(metadata: Any) -> tuple[str, bool]:
    """Return a package's licence and whether it is an SPDX expression.

    ``metadata``: core metadata; the expression wins over the classifiers, these over the
    free text, of which only a name of one line counts. Empty when nothing is stated.
    """
    if expression := metadata.get("License-Expression"):
        return str(expression), True
    classes = [
        each.rpartition(" :: ")[2]
        for each in metadata.get_all("Classifier", [])
        if each.startswith(_LICENCE_CLASS)
    ]
    stated = (metadata.get("License") or "").strip()
    if classes:
        return " or ".join(classes), False
    is_name = len(stated) <= _LONGEST_NAME and "\n" not in stated
    return stated if is_name else "", False


def bill_of(
    materials: Sequence[Material], *, name: str, version: str, now: datetime
) -> dict[str, Any]:
    """Return the bill as JSON-ready data; the same materials give the same serial number."""
    content = " ".join(f"{each.pin.name}=={each.pin.version}" for each in materials)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, f'{name}@{version} {content}')}",
        "version": 1,
        "metadata": {
            "timestamp": now.isoformat(timespec="seconds"),
            "component": {
                "type": "application",
                "bom-ref": name,
                "name": name,
                "version": version,
            },
        },
        "components": [_component(each) for each in materials],
    }


def _component(material: Material) -> dict[str, Any]:
    pin = material.pin
    address = f"pkg:pypi/{pin.name.lower().replace('_', '-')}@{pin.version}"
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": address,
        "name": pin.name,
        "version": pin.version,
        "purl": address,
        "hashes": [{"alg": "SHA-256", "content": each} for each in pin.hashes],
    }
    if material.is_expression:
        component["licenses"] = [{"expression": material.licence}]
    elif material.licence:
        component["licenses"] = [{"license": {"name": material.licence}}]
    return component

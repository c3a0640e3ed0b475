"""Which variables do the project's processes get, and what may a person choose?"""

from collections.abc import Mapping

from qa_observability.runtime.address import Address
from qa_observability.runtime.errors import CannotStart


def wants_sample(environ: Mapping[str, str]) -> bool:
    """Whether the sample quarter is wanted: yes unless ``SAMPLE`` is 0.

    Raises ``CannotStart`` when it is neither 0 nor 1.
    """
    chosen = environ.get("SAMPLE") or "1"
    if chosen not in {"0", "1"}:
        raise CannotStart(f"SAMPLE is {chosen!r}: use 1 for sample data, 0 for none.")
    return chosen == "1"


def project_variables(
    environ: Mapping[str, str],
    address: Address,
    secrets: Mapping[str, str],
    servers: Mapping[str, str],
) -> dict[str, str]:
    """Return every variable the settings need; what ``environ`` sets is kept.

    This machine may always ask for pages: the start itself waits for one. Without TLS in
    front, HTTPS cannot be demanded, so it is off unless somebody turns it on.
    """
    made = {
        "HTTPS_ONLY": "0",
        "ALLOWED_HOSTS": ",".join(address.allowed_hosts()),
        **secrets,
        **servers,
    }
    names = {*made, "DATABASE_URL", "REDIS_URL"}
    variables = made | {name: environ[name] for name in names if environ.get(name)}
    hosts = variables["ALLOWED_HOSTS"].split(",")
    if address.visited not in hosts and "*" not in hosts:
        variables["ALLOWED_HOSTS"] = ",".join([*hosts, address.visited])
    return variables

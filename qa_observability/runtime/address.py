"""Where does the web server listen, who may ask for it, and does it answer?"""

import errno
import http.client
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from qa_observability.runtime.errors import CannotStart

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
HIGHEST_PORT = 65535
FIRST_PAGE = "/dashboard"
MOST_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Address:
    """A host and port of this machine."""

    host: str
    port: int

    @classmethod
    def from_variables(cls, environ: Mapping[str, str]) -> "Address":
        """Return the address ``HOST`` and ``PORT`` name, by default 127.0.0.1:8000.

        Raises ``CannotStart`` when ``PORT`` is no number from 1 to 65535.
        """
        port = environ.get("PORT") or "8000"
        if (
            not (port.isascii() and port.isdecimal())
            or not 1 <= int(port) <= HIGHEST_PORT
        ):
            raise CannotStart(f"PORT is {port!r}: it must be a number from 1 to 65535.")
        return cls(environ.get("HOST") or "127.0.0.1", int(port))

    @property
    def visited(self) -> str:
        """The host to put into a URL on this machine."""
        host = EVERYWHERE.get(self.host, self.host)
        return f"[{host}]" if ":" in host else host

    @property
    def url(self) -> str:
        """The first page's address."""
        return f"http://{self.visited}:{self.port}{FIRST_PAGE}"

    def check_free(self) -> None:
        """Raise ``CannotStart`` when nobody could listen there."""
        try:
            kind, _, _, _, place = socket.getaddrinfo(
                self.host, self.port, type=socket.SOCK_STREAM
            )[0]
            with socket.socket(kind, socket.SOCK_STREAM) as listener:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind(place)
        except OSError as refusal:
            raise CannotStart(self._sentence(refusal)) from refusal

    def _sentence(self, refusal: OSError) -> str:
        if refusal.errno == errno.EADDRINUSE:
            return (
                f"Port {self.port} on {self.host} is taken by another program: stop it, "
                f"or choose another port with PORT, for example PORT={self.port + 1}."
            )
        if refusal.errno == errno.EACCES:
            return (
                f"This account may not listen on port {self.port}: choose a port above "
                "1023 with PORT."
            )
        return (
            f"HOST is {self.host!r}, which is no address of this machine "
            f"({refusal.strerror}): use 127.0.0.1, 0.0.0.0 or one of its own."
        )

    def allowed_hosts(self) -> list[str]:
        """Return the names by which pages may be asked for: loopback and this machine."""
        names = ["localhost", "127.0.0.1", "[::1]"]
        if self.host in EVERYWHERE:
            names += [socket.gethostname(), *_addresses_of_this_machine()]
        else:
            names.append(self.visited)
        return list(dict.fromkeys(names))

    def answers(self) -> bool:
        """Whether the first page, or the sign-in page it leads to, comes without error."""
        path = FIRST_PAGE
        try:
            for _ in range(MOST_REDIRECTS):
                status, location = self._get(path)
                target = urlsplit(location)
                if target.scheme == "https" or status == http.client.OK:
                    return True
                if not location:
                    return False
                path = target._replace(scheme="", netloc="").geturl()
        except (OSError, http.client.HTTPException):
            return False
        return False

    def _get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection(
            self.visited.strip("[]"), self.port, timeout=10
        )
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.getheader("Location") or ""
        finally:
            connection.close()


def _addresses_of_this_machine() -> list[str]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Sends nothing: it only asks which address would be used to leave.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return []
        return [str(probe.getsockname()[0])]

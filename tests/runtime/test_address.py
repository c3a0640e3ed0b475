"""Host, port, who may ask, and whether a page comes."""

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from qa_observability.runtime.address import Address
from qa_observability.runtime.errors import CannotStart


@contextmanager
def serving(pages):
    """Serve ``{path: (status, location)}`` on a free port and give the address."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self):
            status, location = pages[self.path]
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield Address("127.0.0.1", server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        pytest.param({}, Address("127.0.0.1", 8000), id="defaults"),
        pytest.param({"HOST": "", "PORT": ""}, Address("127.0.0.1", 8000), id="empty"),
        pytest.param({"PORT": "1"}, Address("127.0.0.1", 1), id="lowest port"),
        pytest.param(
            {"HOST": "::", "PORT": "65535"}, Address("::", 65535), id="highest port"
        ),
    ],
)
def test_address_comes_from_variables(environ, expected):
    assert Address.from_variables(environ) == expected


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80x", "8 0", "٣"])
def test_port_out_of_range_is_refused_in_one_sentence(port):
    with pytest.raises(CannotStart) as refusal:
        Address.from_variables({"PORT": port})

    assert refusal.value.detail == (
        f"PORT is {port!r}: it must be a number from 1 to 65535."
    )


def test_taken_port_is_named_with_a_cure():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(CannotStart) as refusal:
            Address("127.0.0.1", port).check_free()

    assert refusal.value.detail == (
        f"Port {port} on 127.0.0.1 is taken by another program: stop it, "
        f"or choose another port with PORT, for example PORT={port + 1}."
    )


def test_port_just_left_is_free():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            pass

    Address("127.0.0.1", port).check_free()


def test_host_of_another_machine_is_refused():
    with pytest.raises(CannotStart, match=r"^HOST is '192.0.2.7', which is no address"):
        Address("192.0.2.7", 8000).check_free()


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/dashboard"),
        ("0.0.0.0", "http://127.0.0.1:8000/dashboard"),
        ("::", "http://[::1]:8000/dashboard"),
        ("qa.example.com", "http://qa.example.com:8000/dashboard"),
    ],
)
def test_url_can_be_opened_on_this_machine(host, url):
    assert Address(host, 8000).url == url


def test_only_loopback_may_ask_by_default():
    assert Address("127.0.0.1", 8000).allowed_hosts() == [
        "localhost",
        "127.0.0.1",
        "[::1]",
    ]


def test_listening_everywhere_allows_this_machines_name():
    assert socket.gethostname() in Address("0.0.0.0", 8000).allowed_hosts()


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        pytest.param({"/dashboard": (200, "")}, True, id="page"),
        pytest.param(
            {
                "/dashboard": (302, "/sign-in?next=/dashboard"),
                "/sign-in?next=/dashboard": (200, ""),
            },
            True,
            id="sign-in",
        ),
        pytest.param(
            {"/dashboard": (301, "https://127.0.0.1/dashboard")}, True, id="only TLS"
        ),
        pytest.param({"/dashboard": (302, "/x"), "/x": (500, "")}, False, id="error"),
        pytest.param({"/dashboard": (404, "")}, False, id="nothing there"),
        pytest.param({"/dashboard": (302, "/dashboard")}, False, id="endless"),
    ],
)
def test_address_answers_when_the_first_page_comes_without_error(pages, expected):
    with serving(pages) as address:
        assert address.answers() is expected


def test_nobody_listening_is_no_answer():
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = Address("127.0.0.1", other.getsockname()[1])

    assert address.answers() is False

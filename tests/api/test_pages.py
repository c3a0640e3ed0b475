"""What people see when they open the API in a browser, under our strict policy."""

import re

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.urls")]

INLINE = re.compile(
    r"<style|\sstyle=|\son\w+=|<script(?![^>]*(?:\bsrc=|application/json))"
)


def test_the_browsable_page_needs_nothing_inline(api):
    response = api.get("/api/v1/open", headers={"Accept": "text/html"})

    page = response.content.decode()
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert INLINE.findall(page) == []
    assert "errorRate" in page
    assert 'href="/dashboard"' in page


def test_the_browsable_page_offers_only_what_one_may(api, grant):
    def form(client):
        return (
            'name="_content"'
            in client.get(
                "/api/v1/open", headers={"Accept": "text/html"}
            ).content.decode()
        )

    before = form(api)
    grant("qa_observability.add_token")

    assert (before, form(api)) == (False, True)


def test_the_documentation_needs_nothing_inline(client, user):
    client.force_login(user)
    page = client.get("/api/docs").content.decode()

    assert INLINE.findall(page) == []
    (script,) = re.findall(r'src="(/api/docs\?[^"]*)"', page)
    response = client.get(script)
    assert response["Content-Type"] == "application/javascript"
    assert "SwaggerUIBundle" in response.content.decode()


def test_strangers_are_sent_to_sign_in(client):
    response = client.get("/api/docs")

    assert (response.status_code, response["Location"]) == (
        302,
        "/sign-in?next=/api/docs",
    )


def test_the_document_takes_signing_in(client, user):
    assert client.get("/api/schema").status_code == 401

    client.force_login(user)

    assert client.get("/api/schema").status_code == 200

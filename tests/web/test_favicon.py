"""Pages that name no icon get one, without signing in."""


def test_favicon_leads_to_the_icon(client):
    response = client.get("/favicon.ico")

    assert (response.status_code, response.url) == (
        302,
        "/static/qa/favicon-unknown.svg",
    )

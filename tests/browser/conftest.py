"""A real browser: found, started once, and every page watched for console errors."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.server import PASSWORD, served_sample
from tests.conftest import start_cluster

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ARTIFACTS = Path("test-artifacts")
PAINTED = "new Promise(d => requestAnimationFrame(() => requestAnimationFrame(d)))"
ONLY_FOR = {"/dashboard/jobs": "admin"}  # pages that a lead may not open


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))  # one sample for all
            # On a busy machine Chromium now and then loses a key; reruns are counted.
            item.add_marker(pytest.mark.flaky(reruns=2))


def found_browser():
    given = os.environ.get("CHROMIUM", "")
    return given or next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser():
    program = found_browser()
    if program is None:
        assert os.environ.get("REQUIRE_BROWSER") != "1", "no Chromium, yet required"
        pytest.skip("no Chromium: set CHROMIUM or install it to run browser tests")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def sample(browser, pytestconfig):
    start_cluster(pytestconfig)
    with served_sample() as address:
        yield address


@pytest.fixture(scope="session")
def empty(browser, pytestconfig):
    start_cluster(pytestconfig)
    with served_sample(empty=True) as address:
        yield address


def sign_in(page, address, who):
    page.goto(f"{address}/sign-in")
    page.get_by_label("User name").fill(who)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/dashboard")


@pytest.fixture(scope="session")
def sessions(browser):
    """Remember the cookies of each person, so that signing in happens once."""
    return {}


def watch(page, complaints):
    """Note every error of the page's scripts and of its console."""
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type == "error" else None,
    )


@pytest.fixture
def visit(browser, sample, sessions):
    """Open a page as a person; at the end no page may have complained.

    A page is handed over once it was painted: before, a browser drops what is typed.
    """
    contexts, complaints = [], []

    def opened(path, *, who=None, address=sample, width=1280, watched=True, **options):
        who = who or ONLY_FOR.get(path, "lead")
        key = (address, who)
        if key not in sessions:
            first = browser.new_context()
            sign_in(first.new_page(), address, who)
            sessions[key] = first.storage_state()
            first.close()
        context = browser.new_context(
            storage_state=sessions[key],
            viewport={"width": width, "height": 900},
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        if watched:
            watch(page, complaints)
        page.goto(f"{address}{path}")
        if options.get("java_script_enabled", True):
            page.evaluate(PAINTED)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []

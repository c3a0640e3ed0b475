import pytest
from hypothesis import given
from hypothesis import strategies as st

from correlation.domain.identity import (
    base_name,
    case_id,
    cleaned,
    portable_name,
    portable_path,
    shortened,
)


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("test_rate", "test_rate"),
        ("test_rate[vrbo]", "test_rate"),
        ("test_rate[booking.com [BDC]]", "test_rate"),
        ("rates(int, String)", "rates"),
        ("adds 1 to 23", "adds # to #"),
        ("sees 0b6f2c1e-8a1d-4c3e-9f00-0123456789ab", "sees #"),
        ("[1] first", "[#] first"),
        ("[only brackets]", "[only brackets]"),
        ("waits (a moment)", "waits"),
        ("a(b)[c]", "a(b)"),
        ("odd ]", "odd ]"),
    ],
)
def test_variants_share_a_base(name, base):
    assert base_name(name) == base


@pytest.mark.parametrize(
    ("path", "portable"),
    [
        ("tests/sync.py", "tests/sync.py"),
        (r"tests\sync.py", "tests/sync.py"),
        ("/builds/demo/tests/sync.py", "tests/sync.py"),
        (r"D:\a\demo\tests\sync.py", "tests/sync.py"),
        ("/sync.py", "/sync.py"),
        ("//channels:sync_test", "//channels:sync_test"),
        ("", ""),
        (None, ""),
    ],
)
def test_paths_lose_what_depends_on_the_machine(path, portable):
    assert portable_path(path) == portable


@pytest.mark.parametrize(
    ("name", "portable"),
    [
        ("/builds/demo/web/sync.spec.ts", "web/sync.spec.ts"),
        ("/api/v1/rates answers", "/api/v1/rates answers"),
        ("/api/v1/rates", "/api/v1/rates"),
        ("com.example.SyncTest", "com.example.SyncTest"),
    ],
)
def test_names_that_are_no_source_files_stay(name, portable):
    assert portable_name(name) == portable


@given(st.text(max_size=50))
def test_cleaning_twice_changes_nothing(text):
    assert cleaned(cleaned(text)) == cleaned(text)


@given(st.lists(st.text(alphabet="ab", max_size=3), min_size=1, max_size=4))
def test_ids_depend_on_where_parts_end(parts):
    joined = ["".join(parts)]

    assert (case_id(parts) == case_id(joined)) is (parts == joined)


@pytest.mark.parametrize(("length", "shown"), [(1000, 1000), (1001, 1000)])
def test_names_are_cut_to_what_is_shown(length, shown):
    assert len(shortened("x" * length)) == shown


def test_names_beyond_what_is_read_still_differ_by_their_ends():
    one, other = (cleaned("x" * 20_000 + end) for end in "ab")

    assert len(one) == len(other) == 10_064
    assert one != other

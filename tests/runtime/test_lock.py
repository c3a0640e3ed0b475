"""One start per folder."""

import os
import re

import pytest

from qa_observability.runtime.errors import CannotStart
from qa_observability.runtime.lock import only_start


def test_second_start_is_refused_naming_the_first(tmp_path):
    with (
        only_start(tmp_path),
        pytest.raises(CannotStart) as refusal,
        only_start(tmp_path),
    ):
        pass

    assert re.match(
        rf"It is already running \(process {os.getpid()}, folder {tmp_path}\)",
        refusal.value.detail,
    )


def test_lock_is_free_again_afterwards(tmp_path):
    with only_start(tmp_path):
        pass

    with only_start(tmp_path):
        assert (tmp_path / "lock").read_text() == str(os.getpid())

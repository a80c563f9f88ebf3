"""A recovery code as it is typed."""

import pytest

from kb.rules.accounts import recovery_code


@pytest.mark.parametrize("typed", ["abcde-23456", "ABCDE 23456", " abcde23456\n"])
def test_a_recovery_code_is_the_same_however_it_is_written(typed: str) -> None:
    assert recovery_code(typed) == "abcde23456"

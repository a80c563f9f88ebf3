"""Votes on articles: new, the same again, changed."""

import pytest

from kb.rules.feedback import ArticleFault
from kb.rules.votes import VoteAnswer, VoteReason, answer


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (None, True, VoteAnswer.NEW),
        (None, False, VoteAnswer.NEW),
        (True, True, VoteAnswer.SAME),
        (False, False, VoteAnswer.SAME),
        (True, False, VoteAnswer.CHANGED),
        (False, True, VoteAnswer.CHANGED),
    ],
)
def test_what_a_vote_is_beside_the_one_before(
    before: bool | None, now: bool, expected: VoteAnswer
) -> None:
    assert answer(before, now) is expected


def test_only_too_many_votes_are_not_kept() -> None:
    assert [one for one in VoteAnswer if not one.kept] == [VoteAnswer.TOO_MANY]


def test_reasons_are_written_as_the_same_faults_are() -> None:
    shared = {str(fault) for fault in ArticleFault} & {str(reason) for reason in VoteReason}
    assert shared == {"wrong", "step-fails", "unclear"}

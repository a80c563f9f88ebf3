"""Whether an article helped, and why it did not."""

from enum import StrEnum


class VoteReason(StrEnum):
    """Why an article did not help; the reasons that `feedback.py` has too are written the same, as
    they become tags of what is said."""

    MISSING = "missing"
    UNCLEAR = "unclear"
    FAILS = "step-fails"
    WRONG = "wrong"
    OTHER_PROBLEM = "other-problem"


class VoteAnswer(StrEnum):
    """What became of a vote; TOO_MANY: it was not kept; NO_WORDS: only its words were not."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    NO_WORDS = "no-words"
    TOO_MANY = "too-many"

    @property
    def kept(self) -> bool:
        return self is not VoteAnswer.TOO_MANY


def answer(before: bool | None, helpful: bool) -> VoteAnswer:
    """Tell what a vote is beside the same visitor's one before."""
    if before is None:
        return VoteAnswer.NEW
    return VoteAnswer.SAME if before == helpful else VoteAnswer.CHANGED

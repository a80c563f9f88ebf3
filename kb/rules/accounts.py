"""Who has an account, what a password must be, and how often one may guess (R1–R4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Role(StrEnum):
    """What an account may do."""

    CUSTOMER = "customer"
    AGENT = "agent"
    ADMIN = "admin"  # an agent who also decides who is one, and where case data goes


AGENTS = frozenset({Role.AGENT, Role.ADMIN})  # who works on cases


class PasswordFlaw(StrEnum):
    """Why a password is not accepted."""

    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    TOO_SIMPLE = "too-simple"
    HOLDS_NAME = "holds-name"


SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200  # hashing costs time and memory by length; nobody types more


def password_flaw(password: str, personal: Sequence[str] = ()) -> PasswordFlaw | None:
    """Say what is wrong with a new password, or None; `personal` are names and addresses that
    everybody who knows this person would try first."""
    if len(password) < SHORTEST_PASSWORD:
        return PasswordFlaw.TOO_SHORT
    if len(password) > LONGEST_PASSWORD:
        return PasswordFlaw.TOO_LONG
    if len(set(password.casefold())) < 5 or password.isdigit():
        return PasswordFlaw.TOO_SIMPLE
    folded = password.casefold()
    words = [word.casefold().partition("@")[0] for word in personal]
    if any(len(word) >= 5 and word in folded and len(word) * 2 > len(folded) for word in words):
        return PasswordFlaw.HOLDS_NAME
    return None


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries in so long."""

    tries: int
    window: timedelta


SIGN_IN_BY_ADDRESS = Limit(10, timedelta(minutes=15))
SIGN_IN_BY_SOURCE = Limit(60, timedelta(minutes=15))  # one office has one address for many people
MAIL_BY_ADDRESS = Limit(5, timedelta(hours=1))  # mails that somebody else could ask for
MAIL_BY_SOURCE = Limit(60, timedelta(hours=1))
KEYS_BY_ACCOUNT = Limit(60, timedelta(hours=1))  # keys that turned out unknown
BOXES_BY_ACCOUNT = Limit(5, timedelta(hours=1))  # eight digits are soon guessed
CLAIMS_BY_ACCOUNT = Limit(20, timedelta(hours=24))
ORDERS_BY_ACCOUNT = Limit(40, timedelta(hours=24))  # an office renews many products in one day
VOICES_BY_SOURCE = Limit(30, timedelta(hours=1))
VOTES_BY_SOURCE = Limit(60, timedelta(hours=1))  # an office reads through one address

CONFIRM_LINK_LIVES = timedelta(days=3)
RESET_LINK_LIVES = timedelta(hours=2)

SECOND_STEP_BY_ACCOUNT = Limit(10, timedelta(minutes=15))  # codes of both kinds together
PASSWORD_BY_ACCOUNT = Limit(10, timedelta(minutes=15))  # asked again before something grave
INVITATIONS_BY_ORGANISATION = Limit(30, timedelta(hours=24))
EXPORTS_BY_ACCOUNT = Limit(10, timedelta(hours=1))

SECOND_STEP_LIVES = timedelta(minutes=10)
EMAIL_CHANGE_LIVES = timedelta(days=2)
INVITATION_LIVES = timedelta(days=14)
REMEMBERED_FOR = timedelta(days=60)

RECOVERY_CODES = 10
RECOVERY_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that looks like another
RECOVERY_LENGTH = 10


def recovery_code(typed: str) -> str:
    """Return a typed recovery code in the one form that is compared."""
    return "".join(char for char in typed.casefold() if char.isalnum())

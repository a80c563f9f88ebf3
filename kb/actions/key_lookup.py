"""Asking the licence service about keys, and keeping those it has not answered yet (R6, R9)."""

import hashlib
import hmac
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from kb.actions import limits
from kb.actions.sealing import seal, unseal
from kb.outside.licence_service import MOST_AT_ONCE, LicenceService, LicenceServiceTrouble
from kb.rules import keys
from kb.rules.accounts import KEYS_BY_ACCOUNT
from kb.rules.keys import KeyShape
from kb.rules.licence_list import FACTS, Sold, read_sold
from kb.rules.policy import Policy
from kb.store import Database, licence_bulk, licences, product_timers
from kb.store.licences import NewLicence

log = logging.getLogger("kb.licences")
_PURPOSE = "licence-key"


def key_hash(secret: str, key: str) -> str:
    """Return the keyed hash by which a licence is found; the key itself is never stored."""
    return _hash(secret, "licence-key", key)


def box_hash(secret: str, serial: str) -> str:
    """Return the keyed hash by which a short serial on a box is found (R7)."""
    return _hash(secret, "box-serial", serial)


def sealed(secret: str, key: str) -> str:
    """Return a key as it may be kept until it is given out or looked up again."""
    return seal(secret, _PURPOSE, key.encode())


def opened(secret: str, kept: str | None) -> str | None:
    """Return a key that was sealed; None when there is none, or the secret is another one."""
    found = unseal(secret, _PURPOSE, kept) if kept else None
    return found.decode() if found else None


@dataclass(frozen=True, slots=True)
class Asking:
    """The licence service of a site, or none."""

    db: Database
    policy: Policy
    secret: str
    service: LicenceService | None

    def learn(self, user_id: int, written: Sequence[str], now: datetime) -> frozenset[str]:
        """Ask about the keys that are not known here and note what was sold; returns the keys
        nobody could be asked about. Nothing is asked for who has guessed too much."""
        unknown = self._unknown(user_id, written, now) if self.service else []
        unanswered: set[str] = set()
        for start in range(0, len(unknown), MOST_AT_ONCE):
            some = unknown[start : start + MOST_AT_ONCE]
            if unanswered or not self.ask(some):  # one silence is waited for, not ten
                unanswered.update(some)
        return frozenset(unanswered)

    def ask(self, some: Sequence[str]) -> bool:
        """Ask about keys and note what was sold; False when there is no answer to rely on."""
        if self.service is None:
            return False
        try:
            found = self.service.look_up([keys.compact(key) for key in some])
            new = [self._new(sold) for sold in found.values() if sold is not None]
        except LicenceServiceTrouble as error:
            log.warning("the licence service: %s", error)
            return False
        with self.db.write() as conn:
            for one in new:
                licences.add(conn, one)
        return True

    def keep(self, conn: Connection, user_id: int, key: str, lang: str, now: datetime) -> None:
        """Keep a key that could not be looked up, sealed, until it can."""
        hashed, last4 = key_hash(self.secret, key), keys.last_four(key)
        product_timers.wait(conn, user_id, hashed, last4, sealed(self.secret, key), lang, now)

    def _unknown(self, user_id: int, written: Sequence[str], now: datetime) -> list[str]:
        patterns = [p for product in self.policy.products.values() for p in product.key_patterns]
        by_hash = {
            key_hash(self.secret, key): key
            for key in written
            if keys.shape(key, patterns) is KeyShape.FULL
        }
        hashes = list(by_hash)
        there: set[str] = set()
        guesses = limits.subject(self.secret, "key", str(user_id))
        with self.db.read() as conn:
            if not limits.is_within(conn, guesses, KEYS_BY_ACCOUNT, now):
                return []
            for start in range(0, len(hashes), licence_bulk.BATCH):
                there |= licence_bulk.known(conn, hashes[start : start + licence_bulk.BATCH])
        return [key for hashed, key in by_hash.items() if hashed not in there]

    def _new(self, sold: Sold) -> NewLicence:
        """What the service says, held against the policy as a list of licences is."""
        written = {name: getattr(sold, name) for name in FACTS}
        row = {name: str(value) if value is not None else "" for name, value in written.items()}
        checked = read_sold(self.policy, row)
        if isinstance(checked, str):
            raise LicenceServiceTrouble(checked)
        return NewLicence(
            key_hash=key_hash(self.secret, checked.key),
            key_last4=keys.last_four(checked.key),
            product=checked.product,
            sold_on=checked.sold_on,
            version=checked.version,
            edition=checked.edition,
            plan=checked.plan,
            plan_days=checked.plan_days,
            term_days=checked.term_days,
        )


def _hash(secret: str, kind: str, text: str) -> str:
    message = f"{kind}:{keys.canonical(text)}".encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()

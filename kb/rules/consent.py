"""What a customer must agree to before a case is opened (R64)."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from kb.rules.texts import NO_TEXT, Text


@dataclass(frozen=True, slots=True)
class Consent:
    """One text with its version: `points` are what is agreed to, `agree` stands beside the box.

    Without `requests` it is asked before every case. `seal` is drawn from version and words, so
    other words are another consent whatever they are called."""

    id: str
    version: int
    day: date
    title: Text
    points: tuple[Text, ...]
    intro: Text = NO_TEXT
    agree: Text = NO_TEXT
    requests: tuple[str, ...] = ()
    seal: str = ""

    def is_asked_for(self, request: str) -> bool:
        """Tell whether a case of this request needs this consent."""
        return not self.requests or request in self.requests

    def words(self, lang: str) -> tuple[str, ...]:
        """Return everything that is agreed to, in one language: introduction, then the points."""
        said = (text.in_(lang) for text in (self.intro, *self.points))
        return tuple(words for words in said if words)


def seal_of(consent: Consent) -> str:
    """Return the version with eight signs that change with its day and any word: “2-81c2d3e4”."""
    texts = (consent.title, consent.intro, consent.agree, *consent.points)
    words = [
        {lang: " ".join(said.split()) for lang, said in text.by_lang.items()} for text in texts
    ]
    whole = json.dumps([consent.version, str(consent.day), words], sort_keys=True)
    return f"{consent.version}-{sha256(whole.encode()).hexdigest()[:8]}"


def asked_for(consents: Iterable[Consent], request: str) -> tuple[Consent, ...]:
    """Return the consents that a case of this request needs."""
    return tuple(one for one in consents if one.is_asked_for(request))


def lacking(
    consents: Iterable[Consent], request: str, agreed: Collection[str]
) -> tuple[Consent, ...]:
    """Return the consents that a case needs and that are not among the seals agreed to; one given
    to older words does not count."""
    return tuple(one for one in asked_for(consents, request) if one.seal not in agreed)

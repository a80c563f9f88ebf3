"""Lists, amounts and numbers of things are written as each language writes them."""

import pytest
from flask import Flask, g

from kb.pages.case_events import event_words
from kb.pages.formats import show_kept_money
from kb.pages.names import joined
from kb.rules.cases import Actor, MessageKind
from kb.store.conversation import Message
from tests.conftest import NOW


@pytest.mark.parametrize(
    ("lang", "names", "written"),
    [
        ("es", ["español", "inglés"], "español e inglés"),
        ("es", ["inglés", "español"], "inglés y español"),
        ("es", ["agua", "hielo"], "agua y hielo"),
        ("es", ["Linux", "iOS", "Hyper-V"], "Linux, iOS y Hyper-V"),
        ("es", ["padres", "hijos"], "padres e hijos"),
        ("en", ["Spanish", "Italian"], "Spanish and Italian"),
        ("es", ["inglés"], "inglés"),
    ],
)
def test_a_list_is_joined_as_its_language_does(
    app: Flask, lang: str, names: list[str], written: str
) -> None:
    with app.test_request_context():
        g.lang = lang
        assert joined(names) == written


@pytest.mark.parametrize(
    ("lang", "kept", "written"),
    [
        ("es", "1234.50 USD", "1.234,50\xa0US$"),
        ("en", "120.00 USD", "US$120.00"),
        ("es", "", ""),
        ("es", "a gift", "a gift"),
    ],
)
def test_a_kept_amount_is_written_as_readers_write_it(
    app: Flask, lang: str, kept: str, written: str
) -> None:
    with app.test_request_context():
        g.lang = lang
        assert show_kept_money(kept) == written


@pytest.mark.parametrize(
    ("lang", "event", "words"),
    [
        ("en", {"what": "extended", "after": "1"}, "1 more minute of a technician"),
        ("en", {"what": "extended", "after": "30"}, "30 more minutes of a technician"),
        ("es", {"what": "extended", "after": "1"}, "1 minuto más de técnico"),
        (
            "es",
            {"what": "quote", "after": "offered", "amount": "120.50 EUR"},
            "Presupuesto de 120,50\xa0€: ofrecido",
        ),
    ],
)
def test_an_event_counts_one_minute_and_writes_money(
    app: Flask, lang: str, event: dict[str, str], words: str
) -> None:
    with app.test_request_context():
        g.lang = lang
        assert event_words(_message(event), for_agent=False).startswith(words)


def _message(event: dict[str, str]) -> Message:
    return Message(1, 10000001, MessageKind.EVENT, Actor.AGENT, 1, "Irene Otero", "", event, NOW)

"""R64: a consent is its words; other words need another consent."""

import re
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from kb.rules.consent import Consent, asked_for, lacking, seal_of
from kb.rules.texts import Text


def consent(**changes: object) -> Consent:
    made = Consent(
        id="conditions",
        version=2,
        day=date(2026, 11, 1),
        title=Text({"es": "Antes", "en": "Before"}),
        points=(Text({"es": "Tengo copia", "en": "I have a backup"}),),
        intro=Text({"es": "Lea", "en": "Read"}),
    )
    made = replace(made, **changes)  # type: ignore[arg-type]
    return replace(made, seal=seal_of(made))


def test_r64_the_seal_names_the_version_and_changes_with_every_word() -> None:
    was = consent()
    assert re.fullmatch(r"2-[0-9a-f]{8}", was.seal)
    others = (
        consent(version=3),
        consent(day=date(2026, 11, 2)),
        consent(title=Text({"es": "Antes", "en": "Before you write"})),
        consent(intro=Text({"es": "Léalo", "en": "Read"})),
        consent(agree=Text({"es": "Sí", "en": "Yes"})),
        consent(points=(*was.points, Text({"es": "Más", "en": "More"}))),
        consent(points=(Text({"es": "Tengo copias", "en": "I have a backup"}),)),
    )
    assert len({was.seal, *(one.seal for one in others)}) == len(others) + 1


def test_a_line_broken_elsewhere_is_the_same_text() -> None:
    broken = Text({"es": "Tengo\n copia", "en": "I have a  backup "})
    assert consent(points=(broken,)).seal == consent().seal


def test_the_order_in_which_languages_are_written_is_no_other_text() -> None:
    """R64: who agreed is not asked again because a file was tidied."""
    turned = Text({"en": "I have a backup", "es": "Tengo copia"})
    assert consent(points=(turned,)).seal == consent().seal


def test_r64_it_is_asked_for_the_requests_it_names_or_for_all() -> None:
    everywhere, some = consent(), consent(id="remote", requests=("technical",))
    assert asked_for((everywhere, some), "technical") == (everywhere, some)
    assert asked_for((everywhere, some), "sales") == (everywhere,)


def test_r64_only_todays_words_count() -> None:
    old, new = consent(), consent(version=3)
    assert lacking((new,), "technical", ()) == (new,)
    assert lacking((new,), "technical", (old.seal,)) == (new,)
    assert lacking((new,), "technical", (old.seal, new.seal)) == ()
    assert lacking((), "technical", ()) == ()


@given(st.sets(st.sampled_from("abc")), st.sets(st.sampled_from("abc")))
def test_r64_what_lacks_is_what_is_asked_and_not_agreed_to(
    asked: set[str], agreed: set[str]
) -> None:
    consents = tuple(consent(id=one, intro=Text({"en": one})) for one in sorted(asked))
    seals = {consent(id=one, intro=Text({"en": one})).seal for one in agreed}
    assert {one.id for one in lacking(consents, "any", seals)} == asked - agreed


def test_the_words_are_the_introduction_and_the_points() -> None:
    assert consent().words("en") == ("Read", "I have a backup")
    assert consent(intro=Text()).words("es") == ("Tengo copia",)

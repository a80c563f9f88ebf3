"""Whom a note names."""

import pytest

from kb.rules.mentions import mentioned, unclear

PEOPLE = {
    1: ("Irene Otero", "irene.otero@example.com"),
    2: ("Pablo Sanz", "psanz@example.com"),
    3: ("Pablo Ruiz", "pruiz@example.com"),
}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@irene look at this", {1}),
        ("Ask @Irene.", {1}),
        ("@irene.otero, @psanz", {1, 2}),
        ("@Irene Otero knows", {1}),
        ("@Pablo Sanz knows", {2}),
        ("@pablo is two people", set()),
        ("write to irene@example.com", set()),
        ("@@irene", set()),
        ("@nobody", set()),
        ("", set()),
    ],
)
def test_who_is_named(text: str, named: set[int]) -> None:
    assert mentioned(text, PEOPLE) == named


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("@irene and @Pablo Sanz know", ()),
        ("@pablo knows, or @Nobody. Ask @pablo", ("@pablo", "@Nobody")),
        ("write to irene@example.com", ()),
        ("", ()),
    ],
)
def test_what_names_no_one_is_told(text: str, strange: tuple[str, ...]) -> None:
    assert unclear(text, PEOPLE) == strange

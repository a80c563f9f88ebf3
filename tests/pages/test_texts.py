"""Every word of the interface has its translation, with the same placeholders, only once."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent.parent
TEXTS = ROOT / "kb" / "texts"
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)([sd])")
NUMBER = {("num", "s")}  # “1 day” may be written out in words

LANGUAGES = sorted(path.name for path in TEXTS.iterdir() if path.is_dir())


def used() -> Iterator[tuple[str | tuple[str, ...], str]]:
    """Yield every text of the pages and templates, with where it stands."""
    sources = [("python", path) for path in sorted((ROOT / "kb" / "pages").rglob("*.py"))]
    sources += [
        ("jinja2.ext.babel_extract", path)
        for path in sorted((ROOT / "templates").rglob("*.[hx]*ml"))
        if path.parent.name != "dev"
    ]
    for method, path in sources:
        options = {"silent": "false"}
        for line, text, _, _ in extract_from_file(method, path, keywords=KEYWORDS, options=options):
            yield text, f"{path.relative_to(ROOT)}:{line}"


def translated(lang: str) -> Iterator[tuple[Message, str]]:
    """Yield every entry of a language's catalogues, with its file."""
    for path in sorted((TEXTS / lang).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=lang, abort_invalid=True):
                if message.id:
                    yield message, path.name


def key(text: str | tuple[str, ...] | list[str]) -> str:
    return text if isinstance(text, str) else text[0]


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.fixture(scope="module")
def texts() -> dict[str, tuple[str | tuple[str, ...], str]]:
    return {key(text): (text, where) for text, where in used()}


def test_texts_are_found_in_modules_and_templates(
    texts: dict[str, tuple[str | tuple[str, ...], str]],
) -> None:
    assert {"My cases", "Licence keys", "Continue", "Ends in %(num)s day"} <= set(texts)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_is_translated(
    lang: str, texts: dict[str, tuple[str | tuple[str, ...], str]]
) -> None:
    there = {key(message.id): message for message, _ in translated(lang)}
    missing = [f"{where}: “{name}”" for name, (_, where) in texts.items() if name not in there]
    assert not missing, "\n".join(missing)
    plural = [
        f"{where}: “{name}” has a plural here and none in the catalogue"
        for name, (text, where) in texts.items()
        if isinstance(text, tuple) != there[name].pluralizable
    ]
    assert not plural, "\n".join(plural)


def test_no_text_hides_in_another(texts: dict[str, tuple[str | tuple[str, ...], str]]) -> None:
    """A text inside an f-string is not found, so nobody would miss its translation."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted((ROOT / "kb" / "pages").rglob("*.py"))
        for whole in ast.walk(ast.parse(path.read_text()))
        if isinstance(whole, ast.JoinedStr)
        for call in ast.walk(whole)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in KEYWORDS
    ]
    assert not hidden, "\n".join(hidden)
    assert "Question %(number)s" in texts


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_translation_is_left_over(
    lang: str, texts: dict[str, tuple[str | tuple[str, ...], str]]
) -> None:
    there = {key(message.id): file for message, file in translated(lang)}
    left = [f"{file}: nothing says “{name}”" for name, file in there.items() if name not in texts]
    assert not left, "\n".join(left)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_translations_are_whole(lang: str) -> None:
    flaws = []
    for message, file in translated(lang):
        asked = {found for form in forms(message.id) for found in PLACEHOLDER.findall(form)}
        for number, form in enumerate(forms(message.string)):
            given = set(PLACEHOLDER.findall(form))
            if not form.strip():
                flaws.append(f"{file}: “{key(message.id)}” has no translation")
            elif given - asked or asked - given - (NUMBER if message.pluralizable else set()):
                flaws.append(f"{file}: “{form}” has other placeholders than “{key(message.id)}”")
            elif number and not given >= NUMBER and asked >= NUMBER:
                flaws.append(f"{file}: “{form}” does not say how many")
    assert not flaws, "\n".join(flaws)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_text_means_the_same_on_every_page(lang: str) -> None:
    seen: dict[str, tuple[tuple[str, ...], str]] = {}
    flaws = []
    for message, file in translated(lang):
        name, said = key(message.id), forms(message.string)
        first, where = seen.setdefault(name, (said, file))
        if first != said:
            flaws.append(f"“{name}” is {first} in {where} and {said} in {file}")
    assert not flaws, "\n".join(flaws)


def test_spanish_says_usted_and_stays_calm() -> None:
    loud = re.compile(r"[!¡]|\bpor favor\b|\b(tu|tus|tú|puedes|tienes|escribe|elige|haz)\b", re.I)
    flaws = [
        f"{file}: “{form}”"
        for message, file in translated("es")
        for form in forms(message.string)
        if loud.search(form)
    ]
    assert not flaws, "\n".join(flaws)

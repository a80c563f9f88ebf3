"""The form of an article that is made of a case, with what was taken out of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from wtforms import BooleanField, HiddenField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length

from kb.actions.case_story import FirstDraft
from kb.pages.fields import Form, choices, line, said
from kb.pages.frame import lang, live
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.rules.case_article import LONGEST_TITLE, PARTS, Draft
from kb.rules.confirmed_words import Cleaned, Piece, absent, clean, labels_of, settled
from kb.rules.personal_patterns import Kind

_LONGEST = 20_000
_MOST_PIECES = 400
_PLAIN = frozenset({"title", "keywords", "find_with", "error_codes"})
_TOO_LONG = _l("Write at most %(max)d characters")
_KINDS = {
    Kind.NAME: _l("Name"),
    Kind.MAIL: _l("E-mail"),
    Kind.PHONE: _l("Phone"),
    Kind.NUMBER: _l("Number"),
    Kind.KEY: _l("Licence key"),
    Kind.ADDRESS: _l("Address"),
    Kind.ACCOUNT: _l("User name"),
    Kind.SECRET: _l("Password"),
    Kind.NETWORK: _l("Network address"),
    Kind.SIGNATURE: _l("Signature"),
}


def _part(label: str, rows: int) -> TextAreaField:
    return TextAreaField(label, validators=[Length(max=_LONGEST, message=_TOO_LONG)],
                         render_kw={"rows": rows})  # fmt: skip


class ArticleForm(Form):
    """An article in its four parts; `pieces` goes along so that nothing else need be kept."""

    title = line(_l("Title"), required=_l("Write a title"), limit=LONGEST_TITLE)
    problem = TextAreaField(
        _l("Problem"),
        validators=[
            DataRequired(_l("Say what the customer sees")),
            Length(max=_LONGEST, message=_TOO_LONG),
        ],
        render_kw={"rows": 7},
    )
    environment = _part(_l("Environment"), 5)
    cause = _part(_l("Cause"), 3)
    resolution = TextAreaField(
        _l("Resolution"),
        validators=[
            DataRequired(_l("Say what solves it")),
            Length(max=_LONGEST, message=_TOO_LONG),
        ],
        render_kw={"rows": 8},
    )
    error_codes = line(_l("Error codes"), limit=300)
    products = line(_l("Products"), limit=300)
    category = SelectField(_l("Category"))
    find_with = TextAreaField(
        _l("Searches that must find it"),
        validators=[Length(max=1000, message=_TOO_LONG)],
        render_kw={"rows": 3},
    )
    keywords = line(_l("Hidden words"), limit=300)
    remove = TextAreaField(
        _l("Further words to remove"),
        validators=[Length(max=2000, message=_TOO_LONG)],
        render_kw={"rows": 2},
    )
    pieces = HiddenField(validators=[Length(max=200_000)])
    confirmed = BooleanField(
        _l("I have read it: nothing in it says who the customer is"),
        validators=[
            DataRequired(_l("Read it and confirm that it says nothing about the customer"))
        ],
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece as the page lists it."""

    place: int
    kind: str
    words: str
    label: str
    is_back: bool


def begin(first: FirstDraft) -> ArticleForm:
    """Return the form of a case's first draft."""
    draft, form = first.draft, _with_categories(ArticleForm(formdata=None))
    for name in ("title", *PARTS):
        form[name].data = getattr(draft, name)
    for name in ("error_codes", "products", "keywords"):
        form[name].data = ", ".join(getattr(draft, name))
    form.find_with.data = "\n".join(draft.find_with)
    form.pieces.data = written(first.pieces)
    return form


def sent() -> ArticleForm:
    """Return the form as it was sent."""
    return _with_categories(ArticleForm())


def take_out(form: ArticleForm, first: FirstDraft, back: frozenset[int]) -> bool:
    """Put into the form its texts without the pieces and the words that are to go; tell whether
    there was something that nobody had looked at."""
    pieces = read(said(form.pieces), first.pieces)
    texts = _texts(form)
    lines = [" ".join(row.split()) for row in said(form.remove).splitlines() if row.strip()]
    gone = {piece.words.casefold() for piece in pieces}
    missing = [row for row in lines if absent(texts, row) and row.casefold() not in gone]
    there = tuple(Piece(Kind.NAME, row) for row in lines if not absent(texts, row))
    asked = (*pieces, *(one for one in there if one not in pieces))[:_MOST_PIECES]
    done: Cleaned = clean(texts, first.lang, first.known, asked, back, _PLAIN, first.spared)
    for name, text in done.texts.items():
        form[name].data = text
    form.pieces.data = written(done.pieces[:_MOST_PIECES])
    form.remove.data = "\n".join(missing)
    if missing:
        form.remove.errors = [_("“%(words)s” is not in the text", words=missing[0])]
    return len(done.pieces) > len(pieces)


def listed(form: ArticleForm, first: FirstDraft, back: frozenset[int]) -> list[Shown]:
    """Return the pieces that the texts would have, with what stands in their place."""
    pieces = read(said(form.pieces), first.pieces)
    labels = labels_of(pieces, first.lang)
    texts = "\n".join(_texts(form).values())
    return [
        Shown(place, str(_KINDS[piece.kind]), piece.words, label, place in back)
        for place, (piece, label) in enumerate(zip(pieces, labels, strict=True))
        if label in texts or place in back
    ]


def draft_from(form: ArticleForm, owner: str) -> Draft:
    """Return the draft that the form says, and whose it is."""
    texts = settled(_texts(form))
    lines = (" ".join(row.split()) for row in texts["find_with"].splitlines())
    return Draft(
        title=" ".join(texts["title"].split()),
        problem=texts["problem"],
        environment=texts["environment"],
        cause=texts["cause"],
        resolution=texts["resolution"],
        error_codes=_commas(texts["error_codes"]),
        products=_commas(said(form.products)),
        keywords=_commas(texts["keywords"]),
        find_with=tuple(dict.fromkeys(filter(None, lines))),
        category=said(form.category),
        owner=owner,
    )


def written(pieces: Sequence[Piece]) -> str:
    """Write pieces into a field."""
    return json.dumps([[str(piece.kind), piece.words] for piece in pieces], ensure_ascii=False)


def read(text: str, otherwise: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Read what `written` gave; a field that is none of ours counts as `otherwise`."""
    try:
        found = tuple(Piece(Kind(kind), str(words)) for kind, words in json.loads(text))
    except (ValueError, TypeError):
        return otherwise
    return found[:_MOST_PIECES] if all(piece.words.strip() for piece in found) else otherwise


def _texts(form: ArticleForm) -> dict[str, str]:
    names = ("title", *PARTS, "error_codes", "keywords", "find_with")
    return {name: said(form[name]).replace("\r\n", "\n") for name in names}


def _commas(text: str) -> tuple[str, ...]:
    words = (" ".join(word.split()) for word in text.split(","))
    return tuple(dict.fromkeys(filter(None, words)))


def _with_categories(form: ArticleForm) -> ArticleForm:
    """Offer the site's categories, or those that its articles stand in."""
    site = live().site
    names = {id_: name.in_(lang()) for id_, name in site.site.categories.items()}
    used = {one.category for shelf in site.articles.values() for one in shelf.values()}
    form.category.choices = choices(
        (names or {one: one for one in sorted(used or {"general"})}).items()
    )
    return form

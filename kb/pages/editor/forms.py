"""The forms of the editor: a new article, and the keys and text of one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from kb.content.front_matter import Value, clean_line
from kb.content.new_files import LONGEST_TITLE
from kb.pages.editor.words import audience_name, status_name
from kb.pages.fields import Form, choices, line, said
from kb.pages.names import type_name
from kb.pages.texts import lazy_gettext as _l
from kb.rules.articles import ArticleType, Audience, Status

LONGEST_TEXT = 300_000
LONGEST_FIELD = 4_000
LONGEST_SUBJECT = 150
LISTS = ("products", "error_codes", "keywords")
WORDS = ("title", "summary", "type", "audience", "status")
DATES = ("updated", "review_by")
_USUAL = {"type": ArticleType.REFERENCE, "audience": Audience.PUBLIC, "status": Status.PUBLISHED}
_TOO_LONG = _l("Write at most %(max)d characters")


class SourceField(TextAreaField):
    """Text that is taken as it was typed, its indents and blank lines too."""

    source = ""

    def process_data(self, value: Any) -> None:
        """Take the text that the file has."""
        self.source = value or ""
        super().process_data(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the text that was sent, with plain line ends."""
        super().process_formdata(valuelist)
        if valuelist:
            self.source = str(valuelist[0]).replace("\r\n", "\n").replace("\r", "\n")

    def _value(self) -> str:
        return self.source


def _lines(label: Any, **options: Any) -> TextAreaField:
    return TextAreaField(
        label, validators=[Length(max=LONGEST_FIELD, message=_TOO_LONG)], **options
    )


class NewForm(Form):
    """What is needed before a new article can be written."""

    title = line(_l("Title"), required=_l("Write a title"), limit=LONGEST_TITLE)
    type = SelectField(_l("Kind"))
    category = SelectField(_l("Category"))
    language = SelectField(_l("Language"))
    find_with = _lines(_l("What people search for"))


class EditForm(Form):
    """One article file; in `whole` mode `body` is all of it, keys too."""

    title = line(_l("Title"), limit=LONGEST_TITLE)
    summary = TextAreaField(_l("Summary"), validators=[Length(max=400, message=_TOO_LONG)])
    type = SelectField(_l("Kind"), validate_choice=False)
    audience = SelectField(_l("Audience"), validate_choice=False)
    status = SelectField(_l("Status"), validate_choice=False)
    products = _lines(_l("Products"))
    error_codes = _lines(_l("Error codes"))
    keywords = _lines(_l("Keywords"))
    find_with = _lines(_l("What people search for"))
    updated = DateField(_l("Updated"), validators=[Optional()])
    review_by = DateField(_l("Review by"), validators=[Optional()])
    body = SourceField(
        _l("Text"),
        validators=[
            Length(max=LONGEST_TEXT, message=_l("The text is longer than %(max)d characters"))
        ],
    )
    pictures = MultipleFileField(_l("Add pictures"))
    alt = StringField(_l("What the picture shows"), validators=[Length(max=300, message=_TOO_LONG)])
    subject = StringField(
        _l("What you changed"),
        validators=[
            InputRequired(_l("Say in a few words what you changed")),
            Length(max=LONGEST_SUBJECT, message=_TOO_LONG),
        ],
    )
    state = HiddenField()
    whole = HiddenField()

    def offer(self, shown: Mapping[str, str]) -> None:
        """Fill the choices; a value that the file has and nobody knows is one of them."""
        named = {
            "type": [(str(one), type_name(one)) for one in ArticleType],
            "audience": [(str(one), audience_name(one)) for one in Audience],
            "status": [(str(one), status_name(one)) for one in Status],
        }
        for name, pairs in named.items():
            value = shown.get(name, "")
            known = {one for one, _ in pairs}
            self[name].choices = choices(
                [*pairs, *([(value, value)] if value not in known else [])]
            )

    def typed(self) -> dict[str, str]:
        """Return what the fields of keys say, in the form of `shown_keys`."""
        told = {name: clean_line(said(self[name])) for name in WORDS}
        told |= {name: "\n".join(_rows(said(self[name]))) for name in (*LISTS, "find_with")}
        return told | {name: str(self[name].data or "") for name in DATES}


def shown_keys(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the keys of a file as the fields show them."""
    told = {name: clean_line(str(data.get(name) or "")) for name in WORDS}
    for name, usual in _USUAL.items():
        told[name] = told[name] or str(usual)
    for name in LISTS:
        told[name] = "\n".join(clean_line(str(one)) for one in _listed(data.get(name)))
    told["find_with"] = "\n".join(
        clean_line(_search(one)) for one in _listed(data.get("find_with"))
    )
    for name in DATES:
        value = data.get(name)
        told[name] = str(value) if value is not None and hasattr(value, "isoformat") else ""
    return told


def changed_keys(
    data: Mapping[str, Any], typed: Mapping[str, str], dates: Mapping[str, Any]
) -> dict[str, Value]:
    """Return the keys whose field says something else than the file, with their new values."""
    shown = shown_keys(data)
    changes: dict[str, Value] = {}
    for name in (name for name in typed if typed[name] != shown.get(name, "")):
        if name in LISTS:
            changes[name] = typed[name].split("\n") if typed[name] else ()
        elif name == "find_with":
            changes[name] = _searches(typed[name], _listed(data.get(name)))
        elif name in DATES:
            changes[name] = dates.get(name) or ""
        else:
            changes[name] = typed[name]
    return changes


def other_keys(data: Mapping[str, Any]) -> list[str]:
    """Return the keys of a file that have no field here."""
    return [name for name in data if name not in {*WORDS, *LISTS, *DATES, "find_with"}]


def _searches(typed: str, before: Sequence[Any]) -> list[Mapping[str, Any]]:
    known = {clean_line(_search(one)): one for one in before if isinstance(one, Mapping)}
    rows = typed.split("\n") if typed else []
    return [known.get(row, {"q": row, "within": 3}) for row in rows]


def _search(one: Any) -> str:
    return str(one.get("q") or "") if isinstance(one, Mapping) else str(one)


def _listed(value: Any) -> Sequence[Any]:
    if value is None or value == "":
        return ()
    return value if isinstance(value, list) else [value]


def _rows(text: str) -> Iterable[str]:
    return filter(None, (clean_line(row) for row in text.replace("\r", "\n").split("\n")))

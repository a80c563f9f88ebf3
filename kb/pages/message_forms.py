"""What is written into a case by a form: words with their files, each form once (R43)."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wtforms import Field, HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from kb.pages import attached
from kb.pages.fields import Form, said
from kb.pages.texts import lazy_gettext as _l
from kb.store.attachments import NewAttachment

LONGEST = 20_000  # characters of a message


def drawn_once(*, least: int = -1, most: int = 64) -> HiddenField:
    """The number of a form, drawn when it is shown: sent twice, it counts once. `least` 1 or more
    refuses a form that was sent without one."""
    checks = [Length(min=least, max=most)]
    return HiddenField(default=lambda: secrets.token_urlsafe(16), validators=checks)


def words_field(label: Any, missing: Any, **options: Any) -> TextAreaField:
    """The words of a message; `missing` is the sentence shown when there are none."""
    checks = [
        DataRequired(missing),
        Length(max=LONGEST, message=_l("Write at most %(max)d characters")),
    ]
    return TextAreaField(label, validators=checks, **options)


class MessageForm(Form):
    """A message with files; each kind of it brings its own `body`."""

    body: TextAreaField
    files = attached.FilesField(_l("Attachments"))
    submission_id = drawn_once()

    def __iter__(self) -> Iterator[Field]:
        """The words first, as the page has them: so their mistake is told first too."""
        return iter(sorted(super().__iter__(), key=lambda field: field.name != "body"))


@dataclass(frozen=True, slots=True)
class Written:
    """A sound message, its files stored; `once` is what the actions take of it beside its words."""

    body: str
    files: tuple[NewAttachment, ...]
    submission_id: str

    @property
    def once(self) -> dict[str, Any]:
        return {"submission_id": self.submission_id or None, "files": self.files}


def written(form: MessageForm, number: int | None = None) -> Written | None:
    """Return what was sent; None where the form has to come back, which then says why. Its files
    are taken either way, so that they need not be chosen again."""
    sound = form.validate()
    files = attached.take_files(form.files, said(form.submission_id), number)
    if not sound or files is None:
        return None
    return Written(said(form.body), files, said(form.submission_id))

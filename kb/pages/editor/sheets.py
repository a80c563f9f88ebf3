"""What the editor shows: the sheet that a form is about, its source, and how that looks now."""

import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from flask import current_app, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from kb.actions.article_check import ReadingBusy, check_source
from kb.actions.article_edits import Sheet, files_beside
from kb.content.article_text import split_article
from kb.content.front_matter import composed, split_source
from kb.content.git_commits import CommitTrouble
from kb.content.media import MediaFile
from kb.content.problems import ContentError, Level, Problem
from kb.pages.editor.forms import EditForm, changed_keys
from kb.pages.editor.pictures import KeptPicture
from kb.pages.frame import live, wiring
from kb.rules.articles import Article

_TAG = re.compile(r'<\w+(?: [\w:-]+="[^"]*")+>')
_OWN = re.compile(r' (id="|href="#)')


@dataclass(frozen=True, slots=True)
class SeenPicture(MediaFile):
    """A picture that is not live, with the address at which agents see it."""

    address: str = ""

    @property
    def url(self) -> str:
        return self.address


@dataclass(frozen=True, slots=True)
class Mistake:
    """A problem with the line it has in the text that is being edited; 0 for the keys."""

    problem: Problem
    line: int

    @property
    def is_error(self) -> bool:
        return self.problem.level is Level.ERROR


@dataclass(frozen=True, slots=True)
class Preview:
    """How a source would look, and its mistakes; `busy`: nobody had time to look."""

    article: Article | None
    html: str
    mistakes: Sequence[Mistake]
    busy: bool = False

    @property
    def errors(self) -> int:
        return sum(one.is_error for one in self.mistakes)

    @property
    def warnings(self) -> int:
        return len(self.mistakes) - self.errors


def state_of(sheet: Sheet, begun: str = "") -> str:
    """Sign a sheet, so that a form can bring it back; `begun` is the source of a new file."""
    signed = _signer().dumps([*astuple(sheet), begun])
    return signed.decode() if isinstance(signed, bytes) else signed


def read_state(state: str) -> tuple[Sheet, str] | None:
    """Return the sheet that a form brings and the source of a new file; None for a forged one."""
    try:
        *sheet, begun = _signer().loads(state)
        return Sheet(*sheet), str(begun)
    except (BadSignature, ValueError, TypeError):
        return None


def source_typed(sheet: Sheet, before: bytes, form: EditForm) -> bytes:
    """Return the file as the form has it: unchanged keys and comments as they were. Raises
    ContentError where the keys cannot be changed one by one."""
    body = form.body.source
    if form.whole.data:
        return body.encode("utf-8", "replace")
    data = split_source(sheet.path, before).data
    dates = {"updated": form.updated.data, "review_by": form.review_by.data}
    return composed(sheet.path, before, changed_keys(data, form.typed(), dates), body)


def previewed_source(
    sheet: Sheet, raw: bytes, pictures: Sequence[KeptPicture], *, whole: bool = False
) -> Preview:
    """Render a source and check it, pictures that are not saved yet in their places."""
    settings, media = wiring().settings, _media(sheet, pictures)
    try:
        seen = check_source(live().site, settings.site, sheet.path, raw, media, media)
    except ReadingBusy:
        return Preview(None, "", (), busy=True)
    above = 0 if whole else _lines_above(sheet.path, raw)
    own = [one for one in seen.problems if one.path == sheet.path]
    mistakes = [Mistake(one, max(0, one.line - above)) for one in own]
    return Preview(seen.article, set_apart(seen.html), mistakes)


def set_apart(html: str) -> str:
    """Return a rendered text whose ids cannot be those of the page around it."""
    return _TAG.sub(lambda match: _OWN.sub(r" \1in-", match[0]), html)


def _media(sheet: Sheet, pictures: Sequence[KeptPicture]) -> dict[str, MediaFile]:
    """Every picture beside the article that is not live: on the branch, or just sent."""
    media: dict[str, MediaFile] = {}
    try:
        beside = files_beside(wiring().settings, sheet)
    except CommitTrouble:
        beside = ()
    for path in beside:
        name = path.rpartition("/")[2]
        url = url_for("editor.beside", id=sheet.number, name=name, branch=sheet.branch)
        media[path] = SeenPicture(path, "", name, address=url)
    for one in pictures:
        path = f"{sheet.folder}/{one.name}"
        media[path] = SeenPicture(path, "", one.name, address=one.url)
    return media


def _lines_above(path: str, raw: bytes) -> int:
    """How many lines of the file stand above the text that the editor shows."""
    try:
        head, body, first_line = split_article(path, raw)
    except ContentError:
        return 0
    del head
    return first_line - 1 + (len(body) - len(body.lstrip("\n")))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="article-sheet")

"""The page of a sheet: the form with all that was typed, beside it how that looks."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from kb.actions.article_edits import Moved, Sheet, source_beside, source_of
from kb.content.front_matter import split_source
from kb.content.git_commits import CommitTrouble
from kb.content.problems import ContentError
from kb.pages.editor import sheets
from kb.pages.editor.forms import EditForm, other_keys, shown_keys
from kb.pages.editor.pictures import KeptPicture
from kb.pages.frame import live, render, wiring
from kb.pages.names import language_name
from kb.rules.history import differences

_MOST_COMPARED = 400_000  # characters of both texts together


def begun_from(sheet: Sheet, begun: str) -> bytes:
    """The file that the form began from."""
    found = source_of(wiring().settings, sheet) if sheet.seen else None
    return begun.encode() if found is None else found


def sheet_url(number: int, code: str, branch: str = "") -> str:
    """Return the address of an article's sheet in one of its languages."""
    query = {"lang": code} | ({"branch": branch} if branch else {})
    return f"{url_for('editor.edit', id=number)}?{urlencode(query)}"


def sheet_page(
    sheet: Sheet,
    begun: str,
    form: EditForm,
    pictures: tuple[KeptPicture, ...] = (),
    seen: sheets.Preview | None = None,
    moved: Moved | None = None,
    mine: bytes = b"",
) -> str:
    """The sheet with everything that was typed, and how it looks; whatever git says."""
    data: Mapping[str, Any] = {}
    try:
        before = begun_from(sheet, begun)
        data = split_source(sheet.path, before).data
    except CommitTrouble:
        seen = seen or sheets.Preview(None, "", (), busy=True)
    except ContentError:
        pass  # the form shows all of the file
    form.offer(shown_keys(data))
    if seen is None:
        seen = sheets.previewed_source(sheet, before, pictures, whole=bool(form.whole.data))
    form.state.data = sheets.state_of(sheet, begun)
    return render(
        "editor/edit.html",
        section="desk",
        form=form,
        sheet=sheet,
        seen=seen,
        pictures=pictures,
        others=other_keys(data),
        languages=[
            (code, language_name(code), sheet_url(sheet.number, code, sheet.branch))
            for code in live().site.site.languages
        ],
        beside=_beside(sheet),
        **_compared(moved, mine),
    )


def _compared(moved: Moved | None, mine: bytes) -> dict[str, Any]:
    """What somebody else saved meanwhile, and what differs from it."""
    theirs = moved.theirs.decode("utf-8", "replace") if moved else ""
    ours = mine.decode("utf-8", "replace")
    short = len(theirs) + len(ours) <= _MOST_COMPARED
    passages = differences(theirs, ours) if moved and short else ()
    return {"moved": moved, "theirs": theirs, "passages": passages}


def _beside(sheet: Sheet) -> list[tuple[str, str, str]]:
    """The same article in the other languages: code, name and text to read beside."""
    found = []
    for code in live().site.site.languages:
        if code == sheet.lang:
            continue
        try:
            raw = source_beside(wiring().settings, sheet, code)
        except CommitTrouble:
            raw = None
        if raw is not None:
            found.append((code, language_name(code), raw.decode("utf-8-sig", "replace")))
    return found

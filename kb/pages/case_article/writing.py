"""Writing the article of a case: its form, a look at it, and its commit."""

from dataclasses import dataclass

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions.article_check import CheckedArticle, ReadingBusy, check_source
from kb.actions.case_articles import Made, draft_of_case, make_draft, path_of
from kb.actions.case_steps import Who
from kb.actions.case_story import FirstDraft, first_draft
from kb.actions.visits import lookups_of
from kb.content.git_commits import CommitTrouble
from kb.pages.case_article.blueprint import blueprint
from kb.pages.case_article.existing import existing_page
from kb.pages.case_article.forms import ArticleForm, begin, draft_from, listed, sent, take_out
from kb.pages.commit_words import trouble_words
from kb.pages.frame import live, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.visitors import agent_required
from kb.rules.case_article import Draft, source_of
from kb.rules.cases import Actor


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a view works on: the case's first draft, the form, and which pieces are put back."""

    number: int
    first: FirstDraft
    form: ArticleForm
    back: frozenset[int]

    @property
    def draft(self) -> Draft:
        return draft_from(self.form, current_user.email)


@blueprint.get("")
@agent_required
def article(number: int) -> str:
    """Show the draft that the case has, or a form with what the case tells."""
    found = draft_of_case(wiring().db, number)
    if found is not None:
        return existing_page(found)
    first = _first(number)
    return _form_page(Sheet(number, first, begin(first), frozenset()))


@blueprint.post("")
@agent_required
def write(number: int) -> str | Response:
    """Take the form: clean it again, show how it looks, or have it committed."""
    first = _first(number)
    if draft_of_case(wiring().db, number) is not None:
        return redirect(url_for("case_article.article", number=number))
    form, deed = sent(), request.form.get("do", "")
    back = frozenset(int(one) for one in request.form.getlist("back") if _is_place(one))
    sheet = Sheet(number, first, form, back)
    is_new = take_out(form, first, back)
    if deed not in ("look", "commit"):
        return _form_page(sheet)
    missing = list(form.remove.errors)
    sound = form.validate() and not missing
    form.remove.errors = [*form.remove.errors, *missing]
    if is_new:
        more = _("More was found that may say who somebody is. Read it again and confirm it")
        form.confirmed.errors = [more]
        form.confirmed.data = False
    if not sound or is_new:
        return _form_page(sheet)
    return _look_page(sheet) if deed == "look" else _committed(sheet)


def _committed(sheet: Sheet) -> str | Response:
    me = Who(Actor.AGENT, current_user.id)
    here = wiring()
    try:
        made = make_draft(
            here.db, here.settings, me, sheet.number, sheet.draft, sheet.first.lang, now()
        )
    except CommitTrouble as trouble:
        return _look_page(sheet, trouble_words(trouble))
    if not isinstance(made, Made):
        abort(404)
    flash(_("The draft is on the branch %(branch)s.", branch=made.draft.branch))
    return redirect(url_for("case_article.article", number=sheet.number))


def _form_page(sheet: Sheet) -> str:
    return render(
        "case_article/write.html",
        section="desk",
        number=sheet.number,
        form=sheet.form,
        pieces=listed(sheet.form, sheet.first, sheet.back),
        article_lang=sheet.first.lang,
        searches=lookups_of(wiring().db, sheet.number),
    )


def _look_page(sheet: Sheet, trouble: str = "") -> str:
    """The article as readers would see it; where git refused, why nothing was committed."""
    draft, code = sheet.draft, sheet.first.lang
    raw = source_of(draft, code, now().date()).encode()
    try:
        seen = check_source(live().site, wiring().settings.site, path_of(draft, code), raw)
    except ReadingBusy:
        seen = CheckedArticle(None, "", ())
        trouble = trouble or _(
            "Too many texts are being looked at just now. Try again in a moment."
        )
    return render(
        "case_article/look.html",
        section="desk",
        number=sheet.number,
        form=sheet.form,
        back=sorted(sheet.back),
        seen=seen,
        article_lang=code,
        trouble=trouble,
        source=raw.decode(),
    )


def _first(number: int) -> FirstDraft:
    return first_draft(wiring().db, live().site, number) or abort(404)


def _is_place(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 5

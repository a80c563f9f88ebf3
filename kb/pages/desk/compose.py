"""Ready answers and articles put into a reply that is being written, and a reply that becomes a
note or the other way round; nothing typed is lost."""

from flask import request, url_for

from kb.actions.cases import CaseView
from kb.pages import attached
from kb.pages.canned_answers import ready_answer
from kb.pages.desk.case import NoteForm, ReplyForm, case_page, found
from kb.pages.desk.routes import blueprint
from kb.pages.frame import live, wiring
from kb.pages.visitors import agent_required
from kb.rules.articles import Article, sendable
from kb.rules.whole_numbers import whole


@blueprint.post("/cases/<int(max=9999999999):number>/compose")
@agent_required
def compose(number: int) -> str:
    """Put what was chosen behind what was typed, look for articles, or take the words over to the
    other tab; nothing is sent yet."""
    view = found(number)
    form = NoteForm() if request.form.get("do") == "note" else ReplyForm()
    form.validate()
    form.body.errors = []  # nothing is sent, so nothing is missing yet
    attached.take_files(form.files, form.submission_id.data or "", number)
    canned = request.form.get("do") == "canned"
    chosen = ready_answer(view, request.form.get("canned", "")) if canned else _article(view)
    if chosen:
        typed = (form.body.data or "").rstrip()
        form.body.data = f"{typed}\n\n{chosen}" if typed else chosen
    return case_page(view, form, find=request.form.get("find", "").strip()[:200])


def _article(view: CaseView) -> str:
    """An article with its address, in the language of the case; nothing for what is not for
    customers' eyes."""
    wanted = whole(request.form.get("insert", ""), 15)
    article = live().site.articles.get(view.case.lang, {}).get(wanted or 0)
    return f"{article.title}\n{article_link(article)}" if article and sendable(article) else ""


def article_link(article: Article) -> str:
    """Return the whole address of an article."""
    path = url_for("articles.article", lang=article.lang, id=article.id, slug=article.slug)
    return wiring().settings.base_url.rstrip("/") + path

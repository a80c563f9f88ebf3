"""Writing: a new article, one that is there, how it looks while it is typed, and saving it."""

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions.article_edits import (
    Moved,
    Saved,
    Sheet,
    begin_sheet,
    open_sheet,
    save_sheet,
    source_beside,
)
from kb.content.front_matter import clean_line, split_source
from kb.content.git_commits import Author, CommitTrouble, Trouble
from kb.content.markdown.slugs import slug
from kb.content.new_files import NewArticle, new_article_text
from kb.content.problems import ContentError
from kb.pages.commit_words import trouble_words
from kb.pages.editor import sheets
from kb.pages.editor.blueprint import blueprint
from kb.pages.editor.forms import DATES, EditForm, NewForm, shown_keys
from kb.pages.editor.pictures import (
    MOST_PICTURES,
    KeptPicture,
    content_of,
    kept_pictures,
    take_picture,
)
from kb.pages.editor.sheet_page import begun_from, sheet_page, sheet_url
from kb.pages.fields import choices, said
from kb.pages.frame import lang, live, now, render, wiring
from kb.pages.names import language_name, type_name
from kb.pages.texts import gettext as _
from kb.pages.visitors import agent_required
from kb.rules.articles import ArticleType
from kb.store import audit


@blueprint.route("/new", methods=["GET", "POST"])
@agent_required
def new() -> str | Response:
    """Ask what a new article is about and lead to its sheet; nothing is committed yet."""
    form = NewForm()
    site = live().site.site
    form.type.choices = choices((one, type_name(one)) for one in ArticleType)
    form.category.choices = choices(_categories())
    form.language.choices = choices((one, language_name(one)) for one in site.languages)
    if request.method == "GET":
        form.title.data = request.args.get("title", "")[:200]
        form.find_with.data = "\n".join(request.args.getlist("find"))[:1000]
        form.type.data = str(ArticleType.PROBLEM)
        form.language.data = request.args.get("lang") or lang()
    elif form.validate():
        try:
            return redirect(_begun(form))
        except CommitTrouble as trouble:
            form.form_errors.append(trouble_words(trouble))
    return render("editor/new.html", section="desk", form=form)


def _categories() -> list[tuple[str, str]]:
    """The categories of the site by their names, or those that its articles stand in."""
    site = live().site
    if site.site.categories:
        return [(one, words.in_(lang())) for one, words in site.site.categories.items()]
    used = {one.category for shelf in site.articles.values() for one in shelf.values()}
    return [(one, one) for one in sorted(used) or ["general"]]


def _begun(form: NewForm) -> str:
    """The address of a new article's sheet; its state holds all that is known of it."""
    title, kind = clean_line(said(form.title)), ArticleType(said(form.type))
    words = [clean_line(row) for row in said(form.find_with).splitlines() if clean_line(row)]
    here = wiring()
    name = slug(title) or str(kind)
    sheet = begin_sheet(
        here.db, here.settings, said(form.category), name, said(form.language), now()
    )
    sold = live().site.policy.products
    about = tuple(one for one in request.args.getlist("product") if one in sold)
    asked = NewArticle(title, kind, products=about, find_with=tuple(words))
    begun = new_article_text(title, asked, sheet.lang, now().date())
    return url_for("editor.edit", id=sheet.number, state=sheets.state_of(sheet, begun))


@blueprint.route("/<int:id>/edit", methods=["GET", "POST"])
@agent_required
def edit(id: int) -> str | Response:
    """Show an article's sheet, how it looks, or save it."""
    try:
        if request.method == "POST":
            return _sent(id)
        return _opened(id)
    except CommitTrouble as trouble:
        if trouble.trouble is Trouble.BAD_BRANCH:
            abort(404)
        return render("editor/trouble.html", section="desk", words=trouble_words(trouble))


@blueprint.post("/check")
@agent_required
def check() -> str:
    """Answer with how the sent form looks now, for the page that is being typed on."""
    state = sheets.read_state(request.form.get("state", ""))
    if state is None:
        abort(404)
    sheet, begun = state
    form = EditForm()
    try:
        before = begun_from(sheet, begun)
        raw = sheets.source_typed(sheet, before, form)
    except CommitTrouble as trouble:
        return render("editor/unseen.html", words=trouble_words(trouble))
    except ContentError as error:
        return render("editor/unseen.html", words=str(error.problems[0].what))
    pictures = kept_pictures(request.form.getlist("kept"))
    seen = sheets.previewed_source(sheet, raw, pictures, whole=bool(form.whole.data))
    return render("editor/preview.html", seen=seen, sheet=sheet)


def _opened(id: int) -> str | Response:
    state = sheets.read_state(request.args.get("state", ""))
    if state is not None and state[0].number == id:
        sheet, begun = state
    else:
        code = request.args.get("lang") or lang()
        if code not in live().site.site.languages:
            abort(404)
        found = open_sheet(wiring().settings, id, code, request.args.get("branch", ""))
        if found is None:
            abort(404)
        sheet, begun = found, "" if found.seen else _translation(found)
    return sheet_page(sheet, begun, _filled(sheet, begun))


def _filled(sheet: Sheet, begun: str) -> EditForm:
    """The form as the file has it."""
    raw = begun_from(sheet, begun)
    form = EditForm(formdata=None)
    form.whole.data = "1" if request.args.get("whole") else ""
    try:
        source = split_source(sheet.path, raw)
    except ContentError:
        form.whole.data = "1"  # keys that have no fields: all of the file as it is
    if form.whole.data:
        form.body.process_data(raw.decode("utf-8-sig", "replace").replace("\r\n", "\n"))
    else:
        shown = shown_keys(source.data)
        for name, value in shown.items():
            dated = name in DATES and value
            form[name].data = source.data.get(name) if dated else value or None
        form.body.process_data(source.body.lstrip("\n"))
    form.subject.data = _subject(sheet, form)
    return form


def _subject(sheet: Sheet, form: EditForm) -> str:
    title = said(form.title)[:80]
    if not sheet.seen:
        return _("New: %(title)s", title=title) if title else _("A translation")
    return _("Article %(id)s: %(title)s", id=sheet.number, title=title)


def _sent(id: int) -> str | Response:
    form = EditForm()
    state = sheets.read_state(said(form.state))
    if state is None or state[0].number != id:
        abort(404)
    sheet, begun = state
    saves = request.form.get("do") == "save"
    valid = form.validate() if saves else form.body.validate(form)
    pictures = _pictures(form)
    refused = list(form.pictures.errors)
    try:
        before = begun_from(sheet, begun)
        raw = sheets.source_typed(sheet, before, form)
    except ContentError as error:
        form.body.errors = [*form.body.errors, str(error.problems[0].what)]
        return sheet_page(sheet, begun, form, pictures)
    except CommitTrouble as trouble:
        form.form_errors.append(trouble_words(trouble))
        return sheet_page(sheet, begun, form, pictures)
    seen = sheets.previewed_source(sheet, raw, pictures, whole=bool(form.whole.data))
    if saves and valid and not refused:
        if seen.article is None and not seen.busy:
            form.body.errors = [_no_article(seen)]
        else:
            return _saved(sheet, begun, form, raw, pictures, seen)
    return sheet_page(sheet, begun, form, pictures, seen)


def _no_article(seen: sheets.Preview) -> str:
    first = seen.mistakes[0].problem if seen.mistakes else None
    told = f"{first.what}; {first.mend}" if first else ""
    return _("This is no article yet, so it was not saved: %(told)s", told=told)


def _saved(
    sheet: Sheet,
    begun: str,
    form: EditForm,
    raw: bytes,
    pictures: tuple[KeptPicture, ...],
    seen: sheets.Preview,
) -> str | Response:
    if raw == begun_from(sheet, begun) and sheet.seen:
        form.form_errors.append(_("Nothing has changed, so there is nothing to save."))
        return sheet_page(sheet, begun, form, pictures, seen)
    words = raw.decode("utf-8", "replace")
    images = {one.name: content_of(one) for one in pictures if one.name in words}
    who = Author(f"{current_user.first_name} {current_user.last_name}", current_user.email)
    message = clean_line(said(form.subject))
    try:
        done = save_sheet(wiring().settings, sheet, raw, images, who, message, now())
    except CommitTrouble as trouble:
        form.form_errors.append(trouble_words(trouble))
        return sheet_page(sheet, begun, form, pictures, seen)
    if isinstance(done, Moved):
        return sheet_page(done.sheet, begun, form, pictures, seen, moved=done, mine=raw)
    return _told(sheet, done)


def _told(sheet: Sheet, done: Saved) -> Response:
    if not done.again:
        with wiring().db.write() as conn:
            what = f"branch:{sheet.branch}"[:80]
            audit.record(conn, current_user.id, "article.edited", what, now())
    if done.said:
        flash(_("Saved on %(branch)s. The remote refused it: %(said)s", branch=sheet.branch,
                said=done.said), "warn")  # fmt: skip
    elif done.pushed:
        flash(_("Saved on %(branch)s and pushed.", branch=sheet.branch))
    else:
        flash(_("Saved on %(branch)s.", branch=sheet.branch))
    return redirect(sheet_url(sheet.number, sheet.lang, sheet.branch))


def _pictures(form: EditForm) -> tuple[KeptPicture, ...]:
    """The pictures of the form: those taken before, and those chosen now, which are put at the end
    of the text."""
    kept = list(kept_pictures(request.form.getlist("kept")))
    wrong = []
    alt = clean_line(said(form.alt)).replace("[", "(").replace("]", ")")
    for sent in form.pictures.data or ():
        if not sent or not sent.filename:
            continue
        if len(kept) >= MOST_PICTURES:
            wrong.append(_("A save takes %(num)s pictures.", num=MOST_PICTURES))
            break
        taken = take_picture(sent)
        if isinstance(taken, str):
            wrong.append(taken)
            continue
        kept.append(taken)
        form.body.source = f"{form.body.source.rstrip()}\n\n![{alt}]({taken.name})\n".lstrip("\n")
    form.pictures.errors = wrong
    return tuple(dict.fromkeys(kept))


def _translation(sheet: Sheet) -> str:
    """The source of a translation that is not there: the keys of another language, no words."""
    for code in live().site.site.languages:
        raw = source_beside(wiring().settings, sheet, code)
        if raw is None:
            continue
        try:
            data = split_source(sheet.path, raw).data
        except ContentError:
            continue
        kept = {name: str(data[name]) for name in ("type", "audience", "status") if data.get(name)}
        front = "".join(f"{name}: {clean_line(value)}\n" for name, value in kept.items())
        return f'---\ntitle: ""\nsummary: ""\n{front}---\n\n'
    return '---\ntitle: ""\n---\n\n'

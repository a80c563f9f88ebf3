"""A case at the desk: everything about it, and the agent's work on it (R48, R49)."""

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import HiddenField

from kb.actions import cases as actions
from kb.actions.case_giving import give
from kb.actions.case_promise import calendar_of
from kb.actions.cases import Answer, CaseView
from kb.actions.cover import covered_product
from kb.actions.presence import others_at
from kb.pages import attached
from kb.pages import case_events as events
from kb.pages import case_words as words
from kb.pages.cover_words import hours, support_line
from kb.pages.desk.acting import me as me
from kb.pages.desk.article_panel import article_panel
from kb.pages.desk.colleagues import colleagues
from kb.pages.desk.customer_panel import customer_panel
from kb.pages.desk.forms import MergeForm, TermsForm, terms_form
from kb.pages.desk.help_panel import help_panel
from kb.pages.desk.meanwhile import ASSIGNEE, STATE, led_away, merged_by
from kb.pages.desk.routes import blueprint
from kb.pages.desk.targets import promise, target
from kb.pages.desk.ties_panel import ties_panel
from kb.pages.desk.views import DEFAULT, groups, views
from kb.pages.fields import Form
from kb.pages.frame import letters, live, now, render, wiring
from kb.pages.message_forms import MessageForm, words_field
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.pages.visitors import agent_required
from kb.rules.cases import FINISHED, Actor, CaseState, Deed, choices, may, may_reply
from kb.rules.milestones import MilestoneKind
from kb.rules.whole_numbers import whole
from kb.store.cases import Case

_EARLIER = 5  # cases of the same customer that are shown


class ReplyForm(MessageForm):
    """What the customer reads; sent twice it counts once."""

    body = words_field(_l("Reply"), _l("Write the reply"), render_kw={"rows": 7})
    seen = HiddenField()  # the newest message of the page it was written on


class NoteForm(MessageForm):
    """What only agents read."""

    body = words_field(_l("Internal note"), _l("Write the note"), render_kw={"rows": 7})
    seen = HiddenField()


@blueprint.get("/cases/<int(max=9999999999):number>")
@agent_required
def case(number: int) -> str:
    """Show a case with its notes, the composer and the panel."""
    view = found(number)
    note = request.args.get("compose") == "note" or not _may_answer(view.case)
    return case_page(view, NoteForm(formdata=None) if note else ReplyForm(formdata=None))


@blueprint.get("/cases/<int(max=9999999999):number>/files/<int(max=9999999999):id_>/<name>")
@agent_required
def file(number: int, id_: int, name: str) -> Response:
    """Send a file of this case, one of an internal note too."""
    return attached.download(actions.attachment_for_agent(wiring().db, number, id_), name)


@blueprint.post("/cases/<int(max=9999999999):number>/state")
@agent_required
def state(number: int) -> Response:
    """Bring the case to another state; one it cannot reach from here changes nothing."""
    view = found(number)
    to = request.form.get("to", "")
    if to not in set(CaseState):
        abort(400)
    if away := led_away(view, STATE, answered=to in FINISHED):
        return away
    answer = actions.set_state(
        wiring().db, live().site.policy, letters(), me(), number, CaseState(to), now()
    )
    if answer is Answer.NOT_ALLOWED and (away := led_away(found(number), STATE)):
        return away
    if answer is Answer.NOT_ALLOWED:
        names = {"now": words.state_name(view.case.state), "to": words.state_name(to)}
        flash(_("The case is “%(now)s” and cannot become “%(to)s”.", **names), "warning")
    else:
        flash(_("State: %(state)s.", state=words.state_name(to)))
    return back(number)


@blueprint.post("/cases/<int(max=9999999999):number>/assign")
@agent_required
def assign(number: int) -> Response:
    """Take the case, give it to a colleague, or back to the queue."""
    if away := led_away(found(number), ASSIGNEE):
        return away
    to = request.form.get("to", "")
    names = {"me": current_user.row.name, "nobody": "", **dict(colleagues())}
    if to not in names:
        flash(_("Choose a colleague; the case stays with whoever has it."), "warning")
        return back(number)
    wanted = {"me": current_user.id, "nobody": None}.get(to, whole(to, 15))
    give(wiring().db, letters(), me(), number, wanted, now())
    if wanted == current_user.id:
        flash(_("The case is yours."))
    elif wanted is None:
        flash(_("The case is back in the queue."))
    else:
        flash(_("The case is given to %(name)s.", name=names[to]))
    return back(number)


def newest(view: CaseView) -> str:
    """Return the number of the last line of a case's story, which a page says it has shown."""
    return str(max((one.id for one in view.messages), default=0))


def back(number: int) -> Response:
    """Lead back to the case."""
    return redirect(url_for("desk.case", number=number))


def found(number: int) -> CaseView:
    """Return any case; 404 for none."""
    view = actions.case_for_agent(wiring().db, number)
    if view is None:
        abort(404)
    return view


def case_page(
    view: CaseView,
    form: ReplyForm | NoteForm | None = None,
    terms: TermsForm | None = None,
    merge: MergeForm | None = None,
    sent: Form | None = None,
    find: str = "",
) -> str:
    """Draw a case; a form that came back brings its mistakes."""
    form = form or ReplyForm(formdata=None)
    form.seen.data = form.seen.data or newest(view)
    case = view.case
    policy = live().site.policy
    asset = case.asset_id and covered_product(
        wiring().db, policy, case.user_id, case.asset_id, now()
    )
    others = actions.cases_of(wiring().db, case.user_id)
    promised_on = calendar_of(policy, case)
    current = "mine" if case.assignee_id == current_user.id else DEFAULT
    return render(
        "desk/case.html",
        section="desk",
        groups=groups(current),
        here=views()[current].name,
        list_url=url_for("desk.queue", view=current),
        view=view,
        case=case,
        form=form,
        came_back=next((one for one in (terms, merge, sent) if one and one.errors), None),
        newest=newest(view),
        merged_by=merged_by(view),
        is_note=isinstance(form, NoteForm),
        terms=terms or (terms_form(case) if _may(Deed.SET_TERMS, case) else None),
        merge=merge or (MergeForm(formdata=None) if _may(Deed.MERGE, case) else None),
        solved_by=words.solved_words(case.solved_by),
        may_answer=_may_answer(case),
        states=choices(case.state, Actor.AGENT),
        colleagues=[one for one in colleagues() if one[0] != str(case.assignee_id)],
        state_name=words.state_name,
        story=events.story(view.messages),
        event_words=events.event_words,
        files_of=attached.listed(view.files, "desk"),
        file_limits=attached.file_limits(),
        due=_due(view),
        promises=_promises(view),
        calendar=hours(promised_on.id) if promised_on else "",
        plan=policy.plans.get(case.plan or ""),
        request_type=policy.requests.get(case.request),
        channel=words.channel_name(case.channel),
        product=words.product_words(case.product, case.version, brand=False),
        severity=words.severity_words(case.severity),
        why=words.why_words(case),
        details=words.detail_words(case),
        covered=asset or None,
        support=support_line(asset) if asset else "",
        **help_panel(case, sent),
        **customer_panel(case),
        **ties_panel(view, sent, find),
        **article_panel(case),
        others_here=others_at(wiring().db, current_user.id, case.number, now()),
        earlier=[one for one in others if one.number != case.number][:_EARLIER],
        more_earlier=len(others) > _EARLIER + 1,
    )


def _may_answer(case: Case) -> bool:
    return may_reply(case.state, Actor.AGENT, case.resolved_at, now())


def _may(deed: Deed, case: Case) -> bool:
    return may(deed, case.state, Actor.AGENT)


def _due(view: CaseView) -> tuple[str, str]:
    case = view.case
    owed = min(
        (one.due_at for one in view.milestones if one.due_at and not one.met_at), default=None
    )
    return target(case.state, owed, customer_spoke_last=case.customer_spoke_last, now=now())


def _promises(view: CaseView) -> list[tuple[str, str, str]]:
    """Every promise of the case, of each kind the last: what, how it stands, and its ring."""
    last = {one.kind: one for one in view.milestones}
    return [(words.milestone_name(kind), *promise(last.get(kind), now())) for kind in MilestoneKind]

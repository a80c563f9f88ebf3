"""Previews of branches for reviewers: asked for, built aside, refreshed and cleared away."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kb.actions.compile_site import compile_site
from kb.actions.sync_site import errors_of, seed_cache
from kb.content.git_remote import GitTrouble, SiteRepository, is_branch
from kb.content.preview_files import PreviewFiles
from kb.content.problems import ContentError
from kb.rules.articles import Audience
from kb.rules.previews import (
    MOST_PREVIEWS,
    USUAL_DAYS,
    Preview,
    PreviewState,
    expiry,
    token_of,
)
from kb.settings import Settings

_MOST_PROBLEMS = 40


class PreviewRefusal(StrEnum):
    """Why there is no preview: no such name of a branch, or too many previews."""

    BAD_BRANCH = "bad-branch"
    TOO_MANY = "too-many"


@dataclass(frozen=True, slots=True)
class Listed:
    """A preview with the address it is read at."""

    preview: Preview
    url: str


def ask_preview(
    settings: Settings, branch: str, now: datetime, days: int = USUAL_DAYS
) -> Preview | PreviewRefusal:
    """Ask for a preview of a branch; one that there is already lives on and is built anew."""
    files = PreviewFiles(settings.var)
    if not is_branch(branch):
        return PreviewRefusal.BAD_BRANCH
    living = [one for one in files.all() if not one.is_over(now)]
    found = next((one for one in living if one.branch == branch), None)
    if found is None:
        if len(living) >= MOST_PREVIEWS:
            return PreviewRefusal.TOO_MANY
        found = Preview(files.new_id(), branch, now, now)
    asked = replace(found, expires_at=expiry(days, now), state=PreviewState.WAITING)
    files.save(asked)
    return asked


def ask_again(settings: Settings, branch: str, now: datetime) -> bool:
    """Have the preview of a branch that was pushed built anew; tell whether there is one."""
    files = PreviewFiles(settings.var)
    found = next(
        (one for one in files.all() if one.branch == branch and not one.is_over(now)), None
    )
    if found is not None and found.state is not PreviewState.WAITING:
        files.save(replace(found, state=PreviewState.WAITING))
    return found is not None


def build_preview(settings: Settings, preview: Preview) -> Preview:
    """Fetch the branch, or take it from here, and compile it in a folder of its own; the live site,
    its work tree and its index are left alone. With mistakes the last sound state of the preview
    stays to be seen."""
    files = PreviewFiles(settings.var)
    folder = files.path(preview.id)
    commit = preview.commit
    problems: tuple[str, ...] = ()
    try:
        repository = SiteRepository(settings.site)
        commit = repository.newest(settings.sync_remote, preview.branch)
        repository.lay_aside(commit, folder, links=False)
        seed_cache(settings.var, folder)
        aside = replace(settings, site=folder / "tree", var=folder)
        compile_site(aside, drafts=Audience.CUSTOMERS)
    except GitTrouble as trouble:
        problems = (str(trouble),)
    except ContentError as error:
        problems = errors_of(error)[:_MOST_PROBLEMS]
    state = PreviewState.BROKEN if problems else PreviewState.READY
    built = replace(preview, state=state, commit=commit, problems=problems)
    if files.get(preview.id) is not None:  # nobody ended it meanwhile
        files.save(built)
    return built


def tend_previews(settings: Settings, now: datetime) -> int:
    """Remove previews that are over and build those that wait; return how many were built."""
    files = PreviewFiles(settings.var)
    files.clear_away()
    built = 0
    for preview in files.all():
        if preview.is_over(now):
            files.remove(preview.id)
        elif preview.state is PreviewState.WAITING:
            build_preview(settings, preview)
            built += 1
    return built


def previews(settings: Settings, now: datetime) -> tuple[Listed, ...]:
    """Return the living previews with their addresses, the newest first."""
    found = PreviewFiles(settings.var).all()
    return tuple(Listed(one, preview_url(settings, one)) for one in found if not one.is_over(now))


def end_preview(settings: Settings, id: str) -> bool:
    """End a preview now; tell whether there was one."""
    files = PreviewFiles(settings.var)
    known = {one.id for one in files.all()}
    if id in known:
        files.remove(id)
    return id in known


def preview_url(settings: Settings, preview: Preview) -> str:
    """Return the address of a preview; whoever has it may read it until it is over."""
    return f"{settings.base_url}/preview/{token_of(settings.secret_key, preview.id)}/"

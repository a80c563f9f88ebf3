"""What the editor says: names of audiences and states, and why something was not saved."""

from kb.content.git_commits import CommitTrouble, Trouble
from kb.content.pictures import MOST_BYTES, MOST_PIXELS, PictureFlaw
from kb.pages.formats import show_size
from kb.pages.texts import gettext as _
from kb.rules.articles import Audience, Status


def audience_name(audience: Audience) -> str:
    """Name who may read an article."""
    return {
        Audience.PUBLIC: _("Everybody"),
        Audience.CUSTOMERS: _("Customers who are signed in"),
        Audience.INTERNAL: _("Agents only"),
    }[Audience(audience)]


def status_name(status: Status) -> str:
    """Name how far an article is."""
    return {
        Status.DRAFT: _("Draft"),
        Status.PUBLISHED: _("Published"),
        Status.ARCHIVED: _("Archived"),
    }[Status(status)]


def trouble_words(trouble: CommitTrouble) -> str:
    """Say why nothing was committed and what helps."""
    kind = trouble.trouble
    told = {
        Trouble.NO_GIT: _(
            "The command git is not installed on this server, so nothing can be saved."
        ),
        Trouble.NO_REPOSITORY: _(
            "The files of this site lie in no git repository. The operator names one with "
            "KB_CONTENT_REPO."
        ),
        Trouble.NO_COMMIT: _("The repository of this site has no commit yet; make the first one."),
        Trouble.BAD_BRANCH: _("Git cannot have a branch of this name here."),
        Trouble.BAD_PATH: _(
            "This file cannot be written: its path leads through a link, or has a name that is not "
            "allowed."
        ),
        Trouble.MOVED: _("Somebody else saved at the same moment. Try again."),
        Trouble.BUSY: _("Another process holds the repository just now. Try again in a moment."),
    }
    words = told.get(kind, _("Git did not save it."))
    return f"{words} ({trouble.said})" if trouble.said else words


def flaw_words(name: str, flaw: PictureFlaw) -> str:
    """Say why a picture is not taken."""
    told = {
        PictureFlaw.EMPTY: _("“%(name)s” is empty."),
        PictureFlaw.KIND: _("“%(name)s” is no sound picture; send a PNG, JPEG, GIF or WebP."),
        PictureFlaw.TOO_LARGE: _("“%(name)s” is larger than %(size)s."),
        PictureFlaw.TOO_MANY_PIXELS: _(
            "“%(name)s” has more than %(millions)s million pixels; save it smaller."
        ),
    }
    sizes = {"size": show_size(MOST_BYTES), "millions": MOST_PIXELS // 1_000_000}
    return told[flaw] % {"name": name, **sizes}

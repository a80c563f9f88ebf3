"""Why nothing was committed to the content's repository, and what helps."""

from kb.content.git_commits import CommitTrouble, Trouble
from kb.pages.texts import gettext as _


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

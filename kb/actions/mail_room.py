"""What sorting mail works with: the live site's policy and letters, and a mail as understood."""

from dataclasses import dataclass, field

from kb.actions.mail_files import MailFiles
from kb.actions.mail_standing import Standing
from kb.mail import Letters, letters_for
from kb.mail.incoming import ReadMail
from kb.rules.contact import Wish
from kb.rules.policy import Policy
from kb.rules.site import Site
from kb.settings import Settings
from kb.store.file_store import FileStore
from kb.store.mail_in import MailIn
from kb.store.users import User


@dataclass(frozen=True, slots=True)
class Mailroom:
    """What sorting mail needs: the live policy, the writer of letters, the place of files, the
    site's languages, and the name of the server whose findings about senders count."""

    policy: Policy
    letters: Letters
    files: FileStore
    languages: tuple[str, ...]
    authserv: str = ""


def mailroom(settings: Settings, site: Site, policy: Policy, files: FileStore) -> Mailroom:
    """Put together what sorting mail needs, from the live site."""
    letters = letters_for(settings, site)
    return Mailroom(policy, letters, files, site.languages, settings.mail_authserv)


@dataclass(frozen=True, slots=True)
class Understood:
    """A mail with all that was found out about it; `place` is how its sender stands to the case
    that it names."""

    mail: MailIn
    read: ReadMail
    files: MailFiles
    user: User | None
    wish: Wish | None
    place: Standing = field(default_factory=Standing)

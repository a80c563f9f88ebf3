"""What the editor says: names of audiences and states, and why a picture is not taken."""

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

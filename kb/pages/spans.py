"""Lengths of time in words."""

from datetime import timedelta

from kb.pages.texts import gettext as _

_NO_BREAK = "\N{NO-BREAK SPACE}"


def span(time: timedelta) -> str:
    """Write a time as two units at most, on one line: “18 min”, “2 h 10 min”, “3 d 4 h”."""
    return _words(time).replace(" ", _NO_BREAK)


def _words(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return _("%(days)s d %(hours)s h", days=days, hours=hours)
    if hours:
        return _("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
    return _("%(minutes)s min", minutes=minutes)


def countdown(time: timedelta) -> str:
    """Write what is left as a clock does: “42:10”, “1:05:00”; the script beside goes on so."""
    seconds = int(time.total_seconds())
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"

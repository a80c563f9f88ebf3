"""Tags by which agents group cases."""

import re

LONGEST = 40  # characters
_PARTS = re.compile(r"[^\w+#.]+")


def tag_of(text: str) -> str | None:
    """Return a tag as it is kept, “restore slow” as “restore-slow”; None for no tag at all or one
    that is too long."""
    found = _PARTS.sub("-", text.casefold()).strip("-._")
    return found if found and len(found) <= LONGEST else None

"""Parts of addresses that need a rule of their own."""

from werkzeug.routing import BaseConverter


class LanguageConverter(BaseConverter):
    """A language code; whether the site speaks it is asked later."""

    regex = r"[a-z]{2,3}"
    part_isolating = True

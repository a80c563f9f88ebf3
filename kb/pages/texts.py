"""The words of the interface: English in the code, other languages from `kb/texts/`."""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import g
from flask_babel import Domain
from flask_babel import gettext as _gettext
from flask_babel import lazy_gettext as _lazy_gettext
from flask_babel import ngettext as _ngettext

_TEXTS = Path(__file__).parent.parent / "texts"


class CatalogueDomain(Domain):  # type: ignore[misc]  # flask_babel is untyped
    """Translations read straight from the `.po` files, so there is no build step to forget."""

    def get_translations(self) -> Translations:
        """Return the catalogue of the language of this request."""
        return catalogue(g.get("lang", "en"))


@cache
def catalogue(lang: str) -> Translations:
    """Merge `kb/texts/<lang>/*.po` into one catalogue; without files the English stays."""
    merged = Catalog(locale=lang)
    for path in sorted((_TEXTS / lang).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=lang):
                if message.id:
                    merged.add(message.id, message.string, context=message.context)
    compiled = BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return Translations(compiled)


def gettext(text: str, **values: Any) -> str:
    """Return a text of the interface in the language of this request."""
    return str(_gettext(text, **values))


def ngettext(one: str, many: str, number: int, **values: Any) -> str:
    """Return the form of a text that fits a number, which is `%(num)s` in it."""
    return str(_ngettext(one, many, number, **values))


def lazy_gettext(text: str) -> Any:
    """Return a text that is looked up when it is shown; for labels made before any request."""
    return _lazy_gettext(text)

"""The words of the interface: English in the code, other languages from `kb/texts/`."""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import g
from flask_babel import Domain

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

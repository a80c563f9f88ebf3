"""The words of the interface: English in the code, other languages from `kb/texts/`."""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, g
from flask_babel import Babel, Domain
from flask_babel import lazy_gettext as _lazy_gettext
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

_TEXTS = Path(__file__).parent.parent / "texts"


class CatalogueDomain(Domain):  # type: ignore[misc]  # flask_babel is untyped
    """Translations read straight from the `.po` files, so there is no build step to forget."""

    def get_translations(self) -> Translations:
        """Return the catalogue of the language of this request."""
        return _spoken()


def install(app: Flask, babel: Babel) -> None:
    """Let the library and the templates find our texts. A page has some thirty, so templates ask
    the catalogue itself: by way of the library they take several times as long."""
    babel.domain_instance = CatalogueDomain()
    app.jinja_env.globals.update(gettext=_shown, _=_shown)


@pass_eval_context
def _shown(place: EvalContext, text: str, **values: Any) -> str:
    """Return a text in a template, where values that are put into it must not become markup."""
    found: str = _spoken().ugettext(text)
    if place.autoescape:
        found = Markup(found)  # noqa: S704 # our own texts
    return found % values if "%" in found else found


def _spoken() -> Translations:
    """The catalogue of this request; outside of any the English of the code."""
    try:
        return catalogue(g.get("lang", "en"))
    except RuntimeError:
        return catalogue("en")


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
    found = _spoken().ugettext(text)
    return str(found % values if values else found)


def ngettext(one: str, many: str, number: int, **values: Any) -> str:
    """Return the form of a text that fits a number, which is `%(num)s` in it."""
    return str(_spoken().ungettext(one, many, number) % {"num": number, **values})


def lazy_gettext(text: str) -> Any:
    """Return a text that is looked up when it is shown; for labels made before any request."""
    return _lazy_gettext(text)

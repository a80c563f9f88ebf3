"""The few words that rendering itself adds to an author's text, by language."""

from collections.abc import Mapping

_ENGLISH = {
    "note": "Note",
    "tip": "Tip",
    "warning": "Warning",
    "danger": "Danger",
    "only": "Only for",
    "and": "and",
    "back": "Back to the text",
    "table": "Table",
}
_SPANISH = {
    "note": "Nota",
    "tip": "Consejo",
    "warning": "Advertencia",
    "danger": "Peligro",
    "only": "Solo para",
    "and": "y",
    "back": "Volver al texto",
    "table": "Tabla",
}
_WORDS: Mapping[str, Mapping[str, str]] = {"en": _ENGLISH, "es": _SPANISH}

ADMONITIONS: Mapping[str, str] = {
    "note": "note",
    "info": "note",
    "abstract": "note",
    "tip": "tip",
    "hint": "tip",
    "success": "tip",
    "example": "note",
    "warning": "warning",
    "caution": "warning",
    "attention": "warning",
    "important": "warning",
    "danger": "danger",
    "error": "danger",
}
"""Every admonition kind that is understood, and the one of four that it is drawn as."""

ANCHORS: Mapping[str, str] = {
    "problem": "problem",
    "problema": "problem",
    "environment": "environment",
    "entorno": "environment",
    "cause": "cause",
    "causa": "cause",
    "resolution": "resolution",
    "resolucion": "resolution",
}
"""The KCS parts by the slug of their heading: one anchor in all languages."""

KCS_PARTS = ("problem", "environment", "cause", "resolution")


def word(lang: str, name: str) -> str:
    """Return one of the words that rendering adds, in `lang` or else in English."""
    return _WORDS.get(lang, _ENGLISH)[name]

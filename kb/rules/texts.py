"""Texts that exist in several languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or name in the languages of a site, the default language first."""

    by_lang: Mapping[str, str] = field(default_factory=dict)

    def in_(self, lang: str) -> str:
        """Return the text in `lang`, else in the first language there is, else ''."""
        if lang in self.by_lang:
            return self.by_lang[lang]
        return next(iter(self.by_lang.values()), "")

    def __bool__(self) -> bool:
        return bool(self.by_lang)


NO_TEXT = Text()


def nested(title: str, lang: str) -> str:
    """Write a title so that it can stand in quotation marks of a language: those that it has
    itself become the inner ones, as “the message ‘No space’”, «el mensaje “Sin espacio”»."""
    outer, inner = ("«»", "“”") if lang == "es" else ("“”", "‘’")
    return title.translate(str.maketrans(outer, inner))

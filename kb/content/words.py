"""Texts in content files: `{es: …, en: …}`, or a plain text on a site of one language."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, RootModel, model_validator

from kb.content.problems import Problem
from kb.content.validate import did_you_mean
from kb.content.yaml_source import Loc, YamlSource
from kb.rules.texts import NO_TEXT, Text

_PLAIN = ""  # stands for the language of a text that does not name one


class Words(RootModel[dict[str, str]]):
    """One text by language; NO_WORDS when the key is not there."""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        if isinstance(data, str | int) and not isinstance(data, bool):
            return {_PLAIN: str(data)}
        if data is None or data == {}:
            raise ValueError("this text is empty; write it, or remove the key")
        return data

    def text(self, languages: tuple[str, ...]) -> Text:
        """Return the text, in the order of the site's languages."""
        if not self.root:
            return NO_TEXT
        by_lang = {languages[0] if lang == _PLAIN else lang: self.root[lang] for lang in self.root}
        return Text({lang: by_lang[lang].strip() for lang in languages if lang in by_lang})


NO_WORDS = Words.model_construct(root={})  # the key is not there


def check_words(
    form: BaseModel, source: YamlSource, at: Loc, languages: tuple[str, ...]
) -> tuple[Problem, ...]:
    """Check that every text of a form is there in every language of the site, and in no other."""
    problems = []
    for loc, words in _all_words(form, at):
        for what, mend, lang in _flaws(words, languages):
            line = source.line_of((*loc, lang))
            problems.append(Problem(source.path, line, f"“{loc[-1]}” {what}", mend))
    return tuple(problems)


def _flaws(words: Words, languages: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    if not words.root:
        return
    written = {languages[0] if lang == _PLAIN else lang for lang in words.root}
    for lang in languages:
        if lang not in written:
            yield f"has no text in “{lang}”", f"add {lang}:", lang
    for lang in sorted(written.difference(languages)):
        mend = f"{did_you_mean(lang, languages)}, or add it to languages in site.yaml"
        yield f"has a text in “{lang}”, which the site has not", mend, lang
    for lang, text in words.root.items():
        if not text.strip():
            yield "is empty", "write the text", lang


def _all_words(value: object, at: Loc) -> Iterator[tuple[Loc, Words]]:
    if isinstance(value, Words):
        yield at, value
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from _all_words(getattr(value, name), (*at, field.alias or name))
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from _all_words(part, (*at, index))
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _all_words(part, (*at, str(key)))

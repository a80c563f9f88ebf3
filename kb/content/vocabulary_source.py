"""`search/synonyms.<lang>.yaml`: the words that a site's customers use for the same things."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from kb.content.problems import ContentError, Problem
from kb.content.validate import Form, did_you_mean, validate
from kb.content.yaml_source import YamlSource, read_yaml_file
from kb.rules.products import Product
from kb.rules.vocabulary import Vocabulary

FOLDER = "search"
MOST_WORDS = 5

Phrase = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]


class _Synonyms(Form):
    """The keys of a synonyms file; see docs/search.md."""

    same: tuple[Annotated[tuple[Phrase, ...], Field(min_length=1)], ...] = ()
    products: dict[str, tuple[Phrase, ...]] = Field(default_factory=dict)


def load_vocabularies(
    root: Path, languages: tuple[str, ...], products: Mapping[str, Product], brand: str
) -> tuple[dict[str, Vocabulary], list[Problem]]:
    """Return the words of each language, products' names from the policy among them, and every
    mistake in the files."""
    read: dict[str, _Synonyms] = {}
    problems: list[Problem] = []
    for path in sorted(root.glob(f"{FOLDER}/*")):
        lang, found = _language_of(path, languages)
        problems += found
        if lang:
            form, found = _read(root, f"{FOLDER}/{path.name}", products)
            problems += found
            read[lang] = form or _Synonyms()
    return {
        lang: _vocabulary(read.get(lang, _Synonyms()), products, brand) for lang in languages
    }, problems


def _language_of(path: Path, languages: tuple[str, ...]) -> tuple[str, list[Problem]]:
    name = path.name
    if name.startswith(".") or name.endswith(("~", ".md")):
        return "", []
    for lang in languages:
        if name == f"synonyms.{lang}.yaml":
            return lang, []
    files = [f"synonyms.{lang}.yaml" for lang in languages]
    what = "this file is not read: it is no synonyms file of a language of this site"
    return "", [Problem(f"{FOLDER}/{name}", 1, what, did_you_mean(name, files))]


def _read(
    root: Path, path: str, products: Mapping[str, Product]
) -> tuple[_Synonyms | None, list[Problem]]:
    try:
        source = read_yaml_file(root, path)
    except ContentError as error:
        return None, list(error.problems)
    form, problems = validate(_Synonyms, source)
    return form, [*problems, *(_check(form, source, products) if form else ())]


def _check(
    form: _Synonyms, source: YamlSource, products: Mapping[str, Product]
) -> Iterator[Problem]:
    for number, group in enumerate(form.same):
        line = source.line_of(("same", number))
        distinct = {phrase.casefold() for phrase in group}
        if len(distinct) < 2:
            mend = "add another word for the same, or remove the line"
            yield Problem(source.path, line, "a group of one word says nothing", mend)
        elif len(distinct) < len(group):
            yield Problem(source.path, line, "a word stands twice in this group", "keep one")
        for place, phrase in enumerate(group):
            if len(phrase.split()) > MOST_WORDS:
                at = source.line_of(("same", number, place))
                what = f"“{phrase}” has more than {MOST_WORDS} words"
                yield Problem(source.path, at, what, "write the words that matter")
    for line_name in form.products:
        if line_name not in products:
            at = source.line_of(("products", line_name))
            what = f"there is no product “{line_name}”"
            yield Problem(source.path, at, what, did_you_mean(line_name, products))


def _vocabulary(form: _Synonyms, products: Mapping[str, Product], brand: str) -> Vocabulary:
    return Vocabulary(
        same=form.same,
        products={
            line: tuple(dict.fromkeys((*_names(product, brand), *form.products.get(line, ()))))
            for line, product in products.items()
        },
        brand=brand,
        versions={line: product.versions for line, product in products.items()},
    )


def _names(product: Product, brand: str) -> tuple[str, ...]:
    """A product's name with and without the brand in front of it."""
    return product.name, product.name.removeprefix(brand).strip() or product.name

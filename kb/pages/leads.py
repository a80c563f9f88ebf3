"""Ways on from words that led nowhere: fitting trees, articles, near codes, other spellings."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import request

from kb.pages.frame import lang, live, may_read
from kb.pages.searching import audiences
from kb.rules.articles import Article
from kb.rules.near_codes import is_code, near_codes
from kb.rules.site import Start
from kb.rules.trees import Input, InputKind, Tree
from kb.search.groups import TREE
from kb.search.query import Query, Results

MOST_ARTICLES = 3
LONGEST_ADDRESS = 200
_WORD = re.compile(r"[^\W_]+(?:\.\d+)*")
_ENDING = re.compile(r"\.(?:x?html?|php|aspx?|jsp|pdf)$", re.IGNORECASE)
_SAYS_NOTHING = frozenset({"kb", "search", "index", "troubleshoot", "products", "category"})


@dataclass(frozen=True, slots=True)
class Leads:
    """What to offer: the trees that fit, else the `starts` everybody is asked; articles."""

    trees: tuple[Tree, ...] = ()
    starts: tuple[Start, ...] = ()
    articles: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True)
class Nearly:
    """What nearly is what was typed: a text that finds something, by language and how many;
    codes with the article that tells them."""

    texts: tuple[tuple[str, str, int], ...] = ()
    codes: tuple[tuple[str, Article], ...] = ()


def leads_of_words(text: str, products: Iterable[str] = ()) -> Leads:
    """Return the decision trees for words that found nothing, in the visitor's language."""
    trees = fitting_trees(text, tuple(products))
    return Leads(trees=trees, starts=() if trees else _starts())


def leads_of_address() -> Leads:
    """Return trees and articles for the words of an address that does not exist."""
    words = words_of_address(request.path, request.view_args)
    if not words:
        return Leads(starts=_starts())
    trees = fitting_trees(words)
    return Leads(trees, () if trees else _starts(), _articles(words))


def words_of_address(path: str, known: dict[str, object] | None) -> str:
    """Return the words of an address: of its texts where the site knows its shape (`known`),
    else of all of it; without language, file ending and what every address has."""
    texts = [v for v in known.values() if isinstance(v, str)] if known is not None else [path]
    words = _WORD.findall(_ENDING.sub("", " ".join(texts)[:LONGEST_ADDRESS]))
    languages = live().site.site.languages
    return " ".join(
        word
        for word in words
        if word not in languages and word.lower() not in _SAYS_NOTHING and not _is_count(word)
    )


def fitting_trees(text: str, products: tuple[str, ...] = ()) -> tuple[Tree, ...]:
    """Return the tree that fits words best, in whichever language they are; for an error code
    one that asks for the code; else one for the products."""
    found = _best(text, types=(TREE,))
    if found and found.hits:
        return tuple(_trees([found.hits[0].id]))
    if any(is_code(word) for word in _WORD.findall(text)):
        asking = (tree for tree in _in_order() if _asks_code(tree))
        return tuple(next(([tree] for tree in asking if _serves(tree, products)), ()))
    if products:
        return tuple(next(([tree] for tree in _in_order() if _serves(tree, products)), ()))
    return ()


def nearly(query: Query) -> Nearly:
    """Return what else a query that found nothing may have meant: other spellings, here and in
    the other languages, and codes a slip away."""
    bare = replace(query, products=(), types=(), versions=(), offset=0, limit=1, snippets=False)
    found = []
    for code in (query.lang, *(c for c in live().site.site.languages if c != query.lang)):
        results = live().index.search(replace(bare, lang=code, verbatim=False))
        if results.total and results.suggestion:
            found.append((results.suggestion, code, results.total))
    return Nearly(tuple(found), tuple(_near_codes(query)))


def _near_codes(query: Query) -> Iterable[tuple[str, Article]]:
    typed = next((word for word in re.split(r"\s+", query.text[:300]) if is_code(word)), None)
    if typed is None:
        return
    shelf = live().site.articles.get(query.lang, {})
    known = {code: a for a in shelf.values() if may_read(a) for code in a.error_codes}
    for code in near_codes(typed[:60], known):
        yield code, known[code]


def _best(text: str, types: tuple[str, ...] = (), limit: int = 1) -> Results | None:
    """The results in the language that these words are of: the one with the higher score. Words
    that say nothing, as “my”, find everything that there is, at no score: that is no lead."""
    query = Query(text, lang(), types=types, audiences=audiences(), limit=limit, snippets=False)
    languages = sorted(live().site.site.languages, key=lambda code: code != lang())
    found = [live().index.search(replace(query, lang=code)) for code in languages]
    told = (r for r in found if r.hits and r.hits[0].score > 0)
    return max(told, key=lambda r: r.hits[0].score, default=None)


def _articles(words: str) -> tuple[Article, ...]:
    """The articles for these words, in the visitor's language where they have it."""
    found = _best(words, limit=MOST_ARTICLES)
    if found is None:
        return ()
    shelves = live().site.articles
    articles = []
    for number in (int(hit.id) for hit in found.hits):
        here = (shelves[code].get(number) for code in (lang(), found.query.lang))
        articles += [article for article in here if article and may_read(article)][:1]
    return tuple(articles)


def _trees(ids: Iterable[str]) -> Iterable[Tree]:
    trees = live().site.trees
    return (trees[id_][lang()] for id_ in ids if lang() in trees.get(id_, {}))


def _in_order() -> Iterable[Tree]:
    """All trees, those of the home page first."""
    site = live().site
    return _trees(dict.fromkeys([start.tree for start in site.site.starts] + sorted(site.trees)))


def _starts() -> tuple[Start, ...]:
    return tuple(start for start in live().site.site.starts if start.tree in live().site.trees)


def _asks_code(tree: Tree) -> bool:
    nodes = tree.nodes.values()
    return any(isinstance(n, Input) and n.input is InputKind.ERROR_CODE for n in nodes)


def _serves(tree: Tree, products: tuple[str, ...]) -> bool:
    lines = {name.partition("@")[0] for name in products}
    return not lines or any(range_.line in lines for range_ in tree.products)


def _is_count(word: str) -> bool:
    """Short numbers, of pages mostly, say nothing; codes do."""
    return word.isdigit() and not is_code(word)

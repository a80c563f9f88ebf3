"""A whole site from its files: everything read, everything checked, all mistakes at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from kb.content.article_checks import Surroundings, check_articles, named_files
from kb.content.article_file import Card
from kb.content.articles_source import Found, Progress, Shelf, load_articles
from kb.content.check_rules import weighed
from kb.content.kept import Entry, Kept, fingerprint
from kb.content.left_out import demo_mistakes, ends_and_licences
from kb.content.media import KINDS, MediaFile, read_media
from kb.content.moved import check_moved
from kb.content.problems import ContentError, Level, Problem, of_rule
from kb.content.search_tests_source import load_search_tests
from kb.content.shelf_checks import check_images, check_shelf, is_supported
from kb.content.site_source import FILE, SiteSource, load_site_file, place_problem
from kb.content.vocabulary_source import load_vocabularies
from kb.content.yaml_source import Loc
from kb.rules.articles import Article, Audience
from kb.rules.policy import Policy, Way
from kb.rules.search_tests import Wanted
from kb.rules.site import Site
from kb.rules.trees import Tree
from kb.rules.vocabulary import Vocabulary

FORMAT = 1
"""Raise it when the files of a compiled site change their form."""


@dataclass(frozen=True, slots=True)
class Source:
    """A site that may be compiled; `problems` are warnings only, `read` counts files rendered."""

    site: Site
    policy: Policy
    trees: Mapping[str, Mapping[str, Tree]]
    entries: Mapping[str, Entry]
    media: Mapping[str, MediaFile]
    revision: str
    problems: tuple[Problem, ...] = ()
    read: int = 0
    vocabularies: Mapping[str, Vocabulary] = field(default_factory=dict)
    search_tests: tuple[Wanted, ...] = ()
    history: Path | None = None
    """The file of `git_history.py`, where git knows something."""
    moved: Mapping[str, int] = field(default_factory=dict)
    drafts: Audience | None = None
    """Who finds drafts by search; None: nobody."""

    def supported(self, article: Article) -> bool:
        """Tell whether an article is about a version that is in support (R27)."""
        return is_supported(article, self.policy.products)


@dataclass(frozen=True, slots=True)
class Survey:
    """A site as it was read: every problem, and the source where none of them is an error."""

    named: SiteSource
    cards: Mapping[str, Card]
    problems: tuple[Problem, ...]
    source: Source | None


def load_site(root: Path, kept: Kept, progress: Progress | None = None) -> Source:
    """Read and check the site at `root`; raises ContentError with every mistake there is."""
    survey = survey_site(root, kept, progress)
    if survey.source is None:
        raise ContentError(survey.problems)
    return survey.source


def survey_site(root: Path, kept: Kept, progress: Progress | None = None) -> Survey:
    """Read and check the site at `root`; raises ContentError only where site.yaml gives none."""
    named = load_site_file(root)
    site = named.site
    shelf = load_articles(root, site.languages, kept, progress)
    problems = [*of_rule("site-file", named.problems), *shelf.problems]
    trees, found = kept.parts.trees(root, site)
    problems += of_rule("tree", found)
    policy, wrong = kept.parts.policy(root, site)
    problems += of_rule("policy", wrong)
    cards = {path: entry.card for path, entry in shelf.entries.items()}
    if policy is None:
        return Survey(named, cards, _settled(problems, named), None)
    problems += _of_articles(site, policy, trees, shelf, cards)
    problems += of_rule("site-file", demo_mistakes(root, site.languages, policy, set(trees)))
    problems += _elsewhere(root, named, policy, trees, cards_of(shelf))
    words, unclear = load_vocabularies(root, site.languages, policy.products, site.brand)
    problems += of_rule("search-file", unclear)
    tested, unclear = load_search_tests(root, site.languages, cards.values(), trees)
    problems += of_rule("search-file", unclear)
    media = _media(root, shelf, kept)
    sizes = {path: found.stat.size for path, found in shelf.files.items()}
    problems += check_images(media.values(), sizes)
    told = _settled(problems, named)
    if any(problem.level is Level.ERROR for problem in told):
        return Survey(named, cards, told, None)
    media |= _pictures(root, trees)
    source = Source(
        site=site,
        policy=policy,
        trees=trees,
        entries=shelf.entries,
        media=media,
        revision=_revision(root, shelf, media),
        problems=told,
        read=shelf.read,
        vocabularies=words,
        search_tests=tested,
    )
    return Survey(named, cards, told, source)


def _of_articles(
    site: Site,
    policy: Policy,
    trees: Mapping[str, Mapping[str, Tree]],
    shelf: Shelf,
    cards: Mapping[str, Card],
) -> Iterator[Problem]:
    """What is wrong with articles beyond each by itself."""
    known, files = policy.products, shelf.files
    around = Surroundings(site, known, frozenset(trees), files, cards, shelf.folded)
    yield from check_articles(around)
    yield from check_moved(cards)
    yield from check_shelf(cards, files, known)


def _settled(problems: list[Problem], named: SiteSource) -> tuple[Problem, ...]:
    """Every problem once, in order, with the level that the site gives its rule."""
    return tuple(sorted(dict.fromkeys(weighed(problems, named.levels))))


def _elsewhere(
    root: Path,
    named: SiteSource,
    policy: Policy,
    trees: dict[str, dict[str, Tree]],
    articles: Mapping[int, Mapping[str, Article]],
) -> Iterator[Problem]:
    """What trees, policy and site.yaml say about each other and about articles."""
    site = named.site
    tree_flaws, licence_flaws = ends_and_licences(root, site, policy, trees, articles)
    yield from of_rule("tree", tree_flaws)
    yield from of_rule("policy", licence_flaws)
    yield from of_rule("policy", _dead_ends(site, policy))
    places = _places(named, articles, set(trees), set(policy.products))
    yield from of_rule("site-file", places)


def _dead_ends(site: Site, policy: Policy) -> Iterator[Problem]:
    """Refusals whose one way forward is a forum that the site does not have."""
    for rule in policy.rules if not site.forum_url else ():
        if rule.refuse and set(rule.refuse.instead) == {Way.FORUM} and not rule.offers:
            what = f"the rule “{rule.id}” leads to the forum alone, and the site has none"
            mend = "write forum_url: here, or another way into instead: of the rule"
            yield Problem(FILE, 1, what, mend)


def cards_of(shelf: Shelf) -> dict[int, dict[str, Article]]:
    """Return the articles by id and language."""
    by_id: dict[int, dict[str, Article]] = {}
    for entry in shelf.entries.values():
        by_id.setdefault(entry.card.article.id, {})[entry.card.article.lang] = entry.card.article
    return by_id


def _places(
    named: SiteSource,
    articles: Mapping[int, Mapping[str, Article]],
    trees: set[str],
    lines: set[str],
) -> Iterator[Problem]:
    """The places that site.yaml names."""
    site, source = named.site, named.source
    for number, id_ in enumerate(site.common_problems):
        if id_ not in articles:
            line = source.line_of(("common_problems", number))
            yield Problem(FILE, line, f"there is no article {id_}", "correct the number")
    for number, start in enumerate(site.starts):
        if start.tree not in trees:
            line = source.line_of(("starts", number, "tree"))
            what = f"there is no tree “{start.tree}”"
            yield Problem(FILE, line, what, f"write troubleshooter/{start.tree}.yaml")
    places: list[tuple[Loc, str]] = [
        (("tiles", n, "place"), tile.url) for n, tile in enumerate(site.tiles)
    ]
    for name, links in (("menu", site.menu), ("footer", site.footer)):
        places += [((name, n, "place"), link.url) for n, link in enumerate(links)]
    if site.agreements:
        places.append((("agreements",), site.agreements))
    places += [(("guides", name), place) for name, place in site.guides.items()]
    for loc, place in places:
        told = place_problem(place, set(articles), trees, lines)
        if told:
            what, _, mend = told.partition("; ")
            yield Problem(FILE, source.line_of(loc), what, mend)


def _media(root: Path, shelf: Shelf, kept: Kept) -> dict[str, MediaFile]:
    """Hash the files that articles show, those that did not change from the store."""
    wanted = {path for entry in shelf.entries.values() for path in named_files(entry.card)}
    media, fresh = {}, False
    for path in sorted(wanted & shelf.files.keys()):
        if not path.lower().endswith(tuple(KINDS)):
            continue
        found: Found = shelf.files[path]
        known = kept.media.get(path)
        if known is None or not known[0].same_file(found.stat):
            try:
                known = (found.stat, read_media(root, path))
            except FileNotFoundError:
                continue  # gone since it was found; the next look tells
            kept.media[path], fresh = known, True
        media[path] = known[1]
    if fresh:
        kept.keep_media(media)
    return media


def _pictures(root: Path, trees: Mapping[str, Mapping[str, Tree]]) -> dict[str, MediaFile]:
    """Hash the few pictures that trees show."""
    shown = {path for by_lang in trees.values() for t in by_lang.values() for path in t.images}
    return {path: read_media(root, path) for path in sorted(shown)}


def _revision(root: Path, shelf: Shelf, media: Mapping[str, MediaFile]) -> str:
    """Hash everything a compiled site is made from."""
    digest = blake2b(f"{FORMAT} {fingerprint()}\n".encode(), digest_size=8)
    for path in sorted(shelf.entries):
        digest.update(f"{path} {shelf.entries[path].hash}\n".encode())
    for path in sorted(media):
        digest.update(f"{path} {media[path].hash}\n".encode())
    folders = ("policy", "troubleshooter", "search")
    others = [root / FILE, *(file for name in folders for file in root.glob(f"{name}/**/*"))]
    for file in sorted(path for path in others if path.is_file()):
        digest.update(f"{file.relative_to(root)}\n".encode() + file.read_bytes())
    return digest.hexdigest()

"""However a site was edited, compiled again and again, it is the one compiled from nothing."""

from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.actions.compile_site import Compiled, compile_site, kept_of
from kb.actions.live_site import LiveSite
from kb.content.kept import Kept
from kb.content.problems import ContentError
from kb.search.query import Query
from kb.settings import Settings, read_settings
from tests.content.sites import PRODUCTS, SmallSite, front

NUMBERS = st.integers(1, 5)
WORDS = st.sampled_from(("backup", "vault", "quota", "E000101F4"))
EDIT = st.one_of(
    st.tuples(st.just("text"), NUMBERS, WORDS),
    st.tuples(st.just("link"), NUMBERS, NUMBERS),
    st.tuples(st.just("anchor"), NUMBERS, NUMBERS),
    st.tuples(st.just("heading"), NUMBERS, WORDS),
    st.tuples(st.just("draft"), NUMBERS, st.none()),
    st.tuples(st.just("remove"), NUMBERS, st.none()),
    st.tuples(st.just("picture"), NUMBERS, WORDS),
    st.tuples(st.just("version"), NUMBERS, st.none()),
    st.tuples(st.just("policy"), NUMBERS, WORDS),
    st.tuples(st.just("tree"), NUMBERS, WORDS),
    st.tuples(st.just("lamp"), NUMBERS, st.booleans()),
)
HISTORY = st.lists(st.tuples(EDIT, st.booleans()), min_size=1, max_size=4)
TREE = """\
title: Sobre {word}
start: one
nodes:
  one:
    ask: ¿Funciona {word}?
    help: "![Luz](lamp.png)"
    options:
      - {{id: a, label: Sí, go: done}}
      - {{id: b, label: No, go: read, other: true}}
  done: {{end: solved}}
  read: {{end: article, article: {number}, else: done}}
"""
ENGLISH_TREE = """\
title: About it
nodes: {one: {ask: Does it work?, help: "![Lamp](lamp.png)", options: {a: "Yes", b: "No"}}}
"""


def edit(site: SmallSite, kind: str, number: int, what: object) -> None:
    """Change one article, or take it away."""
    folder = f"articles/setup/{number}-a"
    texts = {
        "text": front("", f"Dice {what} y {what}.\n"),
        "link": front("", f"Vea [[{what}]].\n"),
        "anchor": front("", f"Vea [esto](article:{what}#vault).\n"),
        "heading": front("", f"## {what}\n\nTexto.\n"),
        "draft": front("status: draft\n"),
        "picture": front("", "![Foto](a.png)\n"),
        "version": front("products: [server@11]\n"),
    }
    if kind == "picture":
        site.write(f"{folder}/a.png", f"{what}")
    if kind == "policy":
        about = PRODUCTS.replace("Acme Server", f"Acme {what}")
        site.write("policy/products.yaml", about if number > 2 else about.replace("11.5, 11", "9"))
    elif kind == "tree":
        site.write("troubleshooter/lamp.yaml", TREE.format(word=what, number=number))
        site.write("troubleshooter/lamp.en.yaml", ENGLISH_TREE)
    elif kind == "lamp" and what:
        site.write("troubleshooter/lamp.png", f"{number}")
    elif kind == "lamp":
        (site.root / "troubleshooter/lamp.png").unlink(missing_ok=True)
    elif kind == "remove":
        rmtree(site.root / folder, ignore_errors=True)
    else:
        site.article(number, "a", es=texts[kind])


def outcome(settings: Settings, kept: Kept | None = None) -> Compiled | tuple[str, ...]:
    """Compile: what was made, or every mistake."""
    try:
        return compile_site(settings, kept=kept)
    except ContentError as error:
        return tuple(str(problem) for problem in error.problems)


def shown(settings: Settings) -> object:
    """All pages, and what a search finds, in what order and how it is shown."""
    live = LiveSite(settings.var).current()
    pages = {
        (lang, id_): (article, live.site.page(lang, id_).html, live.site.text(lang, id_))
        for lang, shelf in live.site.articles.items()
        for id_, article in shelf.items()
    }
    found = {
        (text, lang): sorted(
            (hit.id, round(hit.score, 3), hit.snippet)
            for hit in live.index.search(Query(text, lang)).hits
        )
        for text in ("backup vault", "quota", "e000101f4", "texto", '"dice backup"')
        for lang in ("es", "en")
    }
    media = {path.name: path.read_bytes() for path in (live.site.folder / "media").iterdir()}
    parts = live.site.policy, live.site.trees, live.site.site, media
    return live.site.revision, pages, found, dict(live.site.documents), parts


@settings(max_examples=8, deadline=None)
@given(HISTORY)
def test_any_history_of_edits_gives_the_site_from_nothing(
    history: list[tuple[tuple[str, int, object], bool]],
) -> None:
    with TemporaryDirectory() as name:
        site = SmallSite(Path(name) / "site")
        for number in (1, 2, 3):
            site.article(number, "a")
        for kind in ("lamp", "tree"):
            edit(site, kind, 1, "vault")
        grown = read_settings({"KB_VAR": f"{name}/grown"}, site.root)
        compile_site(grown)
        kept = kept_of(grown)
        for step, (change, by_another) in enumerate(history):
            edit(site, *change)
            # now by the process that holds the store, now by one that opens it anew
            made = outcome(grown, None if by_another else kept)
            fresh = read_settings({"KB_VAR": f"{name}/fresh{step}"}, site.root)
            wanted = outcome(fresh)
            if isinstance(wanted, Compiled):
                assert isinstance(made, Compiled)
                assert (made.revision, made.warnings) == (wanted.revision, wanted.warnings)
                assert shown(grown) == shown(fresh)
            else:
                assert made == wanted


def test_a_store_that_another_process_wrote_is_read_again(tmp_path: Path) -> None:
    site = SmallSite(tmp_path / "site")
    site.article(1, "a")
    here = read_settings({"KB_VAR": str(tmp_path / "var")}, site.root)
    kept = kept_of(here)
    assert compile_site(here, kept=kept).read == 2
    edit(site, "text", 1, "vault")
    assert compile_site(here).read == 1
    assert compile_site(here, kept=kept).read == 0

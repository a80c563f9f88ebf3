"""A case's story becomes a draft: its customer's words, where it was, why, and what helped."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import yaml

from kb.content.article_file import Place, read_article
from kb.rules.articles import Audience, Status
from kb.rules.case_article import Draft, Story, draft_of, failed_searches, source_of
from kb.rules.visits import Step, StepKind

AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)


def story(**changes: Any) -> Story:
    told: dict[str, Any] = {
        "title": "La copia se detiene",
        "lang": "es",
        "said": "Buenos días:\n\nLa copia se detiene con E000101F4.\n\nUn saludo,\n‹nombre 1›",
        "answers": ("Hola, ‹nombre 1›:\n\n1. Cierre el programa.\n2. Repita la copia.\n\nSaludos",),
        "system": (("Equipo", "Windows Server 2022\n8 GB"), ("Serie", "‹número 1›"), ("Vacío", "")),
        "product": "backup-server",
        "version": "12",
        "product_name": "Norvault Backup Server 12",
    }
    return Story(**{**told, **changes})


def search(query: str, results: int = 0, article: int = 0) -> Step:
    return Step("", StepKind.SEARCHED, AT, "es", query, results, article)


def test_the_parts_of_a_draft_come_from_the_case() -> None:
    draft = draft_of(story())
    assert draft.title == "La copia se detiene"
    assert draft.problem == "La copia se detiene con E000101F4."
    assert draft.environment == (
        "- Producto: Norvault Backup Server 12\n- Equipo: Windows Server 2022; 8 GB"
    )
    assert draft.resolution == "1. Cierre el programa.\n2. Repita la copia."
    assert (draft.error_codes, draft.products) == (("E000101F4",), ("backup-server@12",))
    assert draft.cause == ""


@pytest.mark.parametrize(
    ("answers", "resolution"),
    [
        ((), ""),
        (("Reinicie el servicio.\nTarda un minuto.",), "1. Reinicie el servicio. Tarda un minuto."),
        (("¿Qué versión tiene?", "Instale la 12.4."), "1. Instale la 12.4."),
        (("Abra.\n\nCierre.",), "1. Abra.\n2. Cierre."),
        (
            ("Haga esto:\n- abra\n- cierre\n\nDespués, repita.\n1) Fin",),
            "Haga esto:\n\n1. abra\n2. cierre\n\nDespués, repita.\n\n1. Fin",
        ),
        (("# No es un título",), r"1. \# No es un título"),
        (("Good morning Ana,\n\nDo it.\n\nKind regards,\n‹name 1›",), "1. Do it."),
    ],
    ids=["none", "paragraph", "questions", "paragraphs", "list", "markdown", "framed"],
)
def test_the_answers_become_steps(answers: tuple[str, ...], resolution: str) -> None:
    assert draft_of(story(answers=answers)).resolution == resolution


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        ("Falla porque el disco está lleno. Vacíelo.", "Falla porque el disco está lleno."),
        ("Do this. It is due to *old* drivers!", r"It is due to \*old\* drivers!"),
        ("Haga esto.", ""),
        ("- El fallo se debe a un antivirus", "El fallo se debe a un antivirus"),
    ],
)
def test_a_sentence_that_names_a_cause_is_the_cause(answer: str, cause: str) -> None:
    assert draft_of(story(answers=(answer,))).cause == cause


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("error 1603 y 0x8007000E, luego LS-204", ("1603", "0x8007000E", "LS-204")),
        ("KB5034441, versión 12.4.1 y Windows 11", ()),
        ("E000101F4 E000101F4", ("E000101F4",)),
        ("código 12.5 y error 2:30", ()),
    ],
)
def test_error_codes_are_found_in_all_words(text: str, codes: tuple[str, ...]) -> None:
    assert draft_of(story(said="", more=(text,))).error_codes == codes


def test_searches_that_failed_find_the_article() -> None:
    steps = (search("copia parada", 4), search("disco", 3, 1042), search("copia  colgada"),
             search("copia colgada"), search("de ‹nombre 1›"), search("  "))  # fmt: skip
    assert failed_searches(steps) == ("copia colgada", "copia parada")
    draft = draft_of(story(looked_for=steps))
    assert draft.find_with == ("copia colgada", "copia parada")
    assert draft.keywords == ("colgada", "parada")


def test_a_story_without_product_form_or_words_is_a_draft_too() -> None:
    bare = Story(title="RE: Fwd:  It   fails", lang="pt", said="", product="x", product_name="X")
    draft = draft_of(bare)
    assert (draft.title, draft.products, draft.environment) == (
        "It fails",
        ("x",),
        "- Product: X",
    )
    assert draft_of(replace(bare, product="", product_name="")).products == ()


def test_all_words_of_a_story_can_be_changed_in_their_places() -> None:
    told = story(more=("otra cosa",), looked_for=(search("copia"),))
    upper = {name: text.upper() for name, text in told.texts().items()}
    changed = told.with_texts(upper)
    assert changed.texts() == upper
    assert changed.system[0][0] == "Equipo"
    assert told.with_texts(told.texts()) == told


@pytest.mark.parametrize("lang", ["es", "en", "pt"])
def test_the_file_is_an_article_with_its_four_parts(lang: str) -> None:
    draft = Draft(
        title='A "title": with --- signs\n---\nstatus: published',
        problem="It stops.",
        environment="- x",
        cause="y",
        resolution="1. z",
        error_codes=("E1", "a, b]"),
        products=("backup-server@12",),
        keywords=("hang",),
        find_with=('q" }', "two"),
        owner="irene@example.com",
    )
    source = source_of(draft, lang, DAY)
    place = Place("articles/backup/7-x/en.md", 7, "x", "en", "backup")
    read = read_article(place, source.encode())
    assert read.card is not None
    assert read.problems == ()
    article = read.card.article
    assert article.title == 'A "title": with --- signs\n---\nstatus: published'
    assert (article.status, article.audience) == (Status.DRAFT, Audience.PUBLIC)
    assert article.error_codes == ("E1", "a, b]")
    assert [one.q for one in article.find_with] == ['q" }', "two"]
    assert (article.owner, article.review_by) == ("irene@example.com", date(2027, 11, 23))


def test_an_empty_part_says_what_is_to_be_written_there() -> None:
    source = source_of(Draft("T", "a", "", "", ""), "es", DAY)
    assert "## Causa\n\nEscriba aquí la causa.\n" in source
    assert "1. Escriba aquí el primer paso." in source


def test_an_empty_draft_has_no_empty_keys() -> None:
    source = source_of(Draft("T", "a", "b", "c", "d"), "en", DAY)
    head = yaml.safe_load(source.split("---")[1])
    assert set(head) == {"title", "type", "audience", "status", "updated", "review_by"}

"""The bundle of `kb export bundle`, opened from disk: search, trees, both languages."""

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, expect

from kb.actions.live_site import LiveSite
from kb.bundled import STATIC
from kb.rules.tree_data import tree_data
from kb.rules.tree_products import Chosen, choices
from kb.rules.trees import Condition, Input, InputKind, Question, Route, Tree, is_asked
from kb.rules.typed import Bad, read
from kb.rules.walk import Position, walk
from kb.settings import Settings
from tests.browser.actor import RULES
from tests.browser.server import ROOT

pytestmark = pytest.mark.browser

ODD = (
    "", "  ", "abc", "3", "007", "1.500", "1,5", "12.50", "0", "-1", "999999999999",
    "1234567890123",
    "v12", "Version 11.5", "versión 12.0", "12.1.1.1.1", "12.", "ver.11", "2026-11-03", "3/11/2026",
    "31.12.2025", "2026-02-30", "29/02/2024", "0000-01-01", "E000101F4", "error e-0001 here",
    "código EOOO1O1F4", "E0001\u00a0x", "x" * 300 + "12", "ñ12", "1 000", "5 ", "0x8007000E",
    "e 000101f4", "E-000101F4", "E 0001 01F4", "000101F4", "0xE000101F4", "error 16 03",
    "2026-11-23", "2026-11-23 22:10:01 [ERR] task 12: code E000101F4 (0x70)",
    "Server 2016, E0FFFFFF", "0x",
)  # fmt: skip


@pytest.fixture(scope="module")
def bundle(vendor_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The vendor's bundle, packed by the command and unpacked."""
    folder = tmp_path_factory.mktemp("bundle")
    env = {**os.environ, "KB_VAR": str(vendor_settings.var), "PYTHONWARNINGS": "ignore"}
    env.pop("KB_BASE_URL", None)
    words = ["export", "bundle", str(folder / "help.zip")]
    done = subprocess.run(
        [sys.executable, "-m", "kb", "--site", str(ROOT), *words],
        env=env, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(folder / "help.zip") as archive:
        archive.extractall(folder)
    return folder / "help"


@pytest.fixture(params=["es", "en"])
def reader(browser: Browser, bundle: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A person without a network, on a phone, whose browser speaks one of the languages."""
    context = browser.new_context(
        locale=request.param, offline=True, viewport={"width": 360, "height": 800}
    )
    page = context.new_page()
    failed: list[str] = []
    page.on("requestfailed", lambda one: failed.append(one.url) if not _left(one) else None)
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.on("console", lambda told: failed.append(told.text) if told.type == "error" else None)
    page.goto((bundle / "index.html").as_uri(), wait_until="commit")
    expect(page).to_have_url(re.compile(rf"/{request.param}/index\.html$"))
    yield page
    assert not failed
    context.close()


def _left(request: Request) -> bool:
    """A file that was not read to its end because the reader went on to another page."""
    return "ABORTED" in (request.failure or "")


def looks(page: Page) -> None:
    """No accessibility fault, no scrolling sideways, on a page that has come whole."""
    page.wait_for_load_state()
    faults = Axe().run(page, options={**RULES, "preload": False}).response["violations"]
    assert not faults, [(one["id"], one["nodes"][0]["html"][:160]) for one in faults]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


JOURNEY: Mapping[str, Mapping[str, Any]] = {
    "es": {"search": "E000101F4", "tree": "Mi copia falla",
           "slip": "no se restuara la copia", "hit": "restaur"},
    "en": {"search": "E000101F4", "tree": "My backup fails",
           "slip": "cannot retsore the disk", "hit": "restor"},
}  # fmt: skip


def test_search_and_a_tree_work_from_disk(reader: Page) -> None:
    """R62: find solutions, and be led, with no network at all."""
    lang = reader.evaluate("document.documentElement.lang")
    words = JOURNEY[lang]
    looks(reader)
    box = reader.locator("form[role=search] input").first
    box.fill(words["search"])
    box.press("Enter")
    first = reader.locator('#hits h2 a[href*="/kb/"]').first
    expect(reader.locator("#hits li").first).to_contain_text("E000101F4")
    looks(reader)
    reader.locator("form[role=search] input").first.fill(words["slip"])
    expect(first).to_contain_text(re.compile(words["hit"], re.IGNORECASE))
    first.click()
    expect(reader.locator("article h1")).to_contain_text(re.compile(words["hit"], re.IGNORECASE))
    looks(reader)

    reader.locator("header nav a").first.click()
    reader.get_by_role("link", name=re.compile(words["tree"])).first.click()
    asked = reader.locator("#tree section:visible h2")
    looks(reader)
    begun = asked.inner_text()
    reader.locator("#tree section:visible [data-answer]:visible").first.click()
    expect(asked).not_to_have_text(begun)
    expect(reader.locator("#trail .ans")).to_have_count(1)
    expect(asked).to_be_focused()
    looks(reader)
    there = asked.inner_text()
    reader.go_back()
    expect(asked).to_have_text(begun)
    reader.go_forward()
    expect(asked).to_have_text(there)
    reader.reload()
    expect(asked).to_have_text(there)
    reader.locator("#trail .ans a").first.click()
    expect(asked).to_have_text(begun)
    expect(reader.locator("#tree a.chosen")).to_have_count(1)


def test_a_typed_answer_is_read_and_a_bad_one_told(browser: Browser, bundle: Path) -> None:
    page = browser.new_page()
    page.goto((bundle / "en" / "troubleshoot" / "backup-fails.html").as_uri())
    page.locator("[data-answer=no-start]").first.click()
    field = page.locator("#tree section:visible input")
    field.fill("twelve")
    field.press("Enter")
    expect(page.locator("#tree section:visible .err")).to_contain_text("figures")
    expect(field).to_be_focused()
    field.fill("version 12.1")
    field.press("Enter")
    expect(page.locator("#trail .ans").nth(1)).to_contain_text("12.1")
    page.close()


# --- the same rules as Python's ------------------------------------------------------------------


def test_every_step_of_every_shipped_tree_leads_where_python_leads(
    browser: Browser, vendor_settings: Settings
) -> None:
    """A walk goes on from the place it stands at, which its key names, whatever led there: where
    each answer at each place leads alike, all paths do. Each place is come to from the start."""
    site = LiveSite(vendor_settings.var).current().site
    versions = {line: one.versions for line, one in site.policy.products.items()}
    trees = {name: texts["en"] for name, texts in site.trees.items()}
    page = browser.new_page()
    page.add_script_tag(path=STATIC / "walk.js")
    steps = ends = 0
    for tree in trees.values():
        offered = choices(tree, trees, versions) if tree.by_product else ()
        data = json.loads(json.dumps(tree_data(tree, trees, offered)))
        for chosen in (None, *offered):
            found = list(_steps(tree, trees, chosen))
            js = page.evaluate(
                "([data, all, product]) => all.map((answers) => {"
                " const at = waypost.walk(data, answers, product);"
                " return [at.key, at.problem ?? null, at.outcome ?? null,"
                "  at.trail.map((one) => [one.key, one.value])]; })",
                [data, [answers for answers, _ in found], str(chosen) if chosen else ""],
            )
            for (answers, position), told in zip(found, js, strict=True):
                assert told == _told(position), (tree.id, str(chosen), answers)
                ends += not is_asked(position.node)
            steps += len(found)
    page.close()
    assert steps > 5_000
    assert ends > 1_000


def _told(position: Position) -> list[object]:
    problem, outcome = position.problem, position.outcome
    trail = [[one.key, one.value] for one in position.trail]
    return [position.key, problem and str(problem), outcome and str(outcome), trail]


def _steps(
    tree: Tree, trees: Mapping[str, Tree], chosen: Chosen | None
) -> Iterator[tuple[dict[str, str], Position]]:
    """Every answer at every place, with the answers that lead there."""
    waiting: list[dict[str, str]] = [{}]
    seen: set[str] = set()
    for answers in waiting:
        position = walk(tree, trees, answers, product=chosen)
        yield answers, position
        if position.key in seen or position.problem or position.outcome:
            continue
        seen.add(position.key)
        for typed in _answers(position):
            after = walk(tree, trees, {**answers, position.key: typed}, product=chosen)
            if after.key in seen or after.key == position.key:
                yield {**answers, position.key: typed}, after
            else:
                waiting.append({**answers, position.key: typed})


def _answers(position: Position) -> list[str]:
    node = position.node
    match node:
        case Question():
            return [*(option.id for option in node.options), "", "no-such"]
        case Input():
            bounds = [value for route in node.routes for value in _values(route)]
            return [*bounds, "", "odd", "12", "E0001"]
        case _ if is_asked(node):
            return ["yes", "no", "perhaps"]
        case _:
            return []


def _values(route: Route) -> list[str]:
    test = route.condition
    return [*test.values, *filter(None, (test.at_least, test.below))] if test else []


def test_typed_answers_are_read_as_python_reads_them(browser: Browser) -> None:
    codes = ("E000101F4", "0x8007000E", "0x70")
    nodes = [
        Input(
            "i",
            "?",
            kind,
            (Route("y", Condition(codes)), Route("x"))
            if kind is InputKind.ERROR_CODE
            else (Route("x"),),
            optional=optional,
            whole=whole,
            lowest=low,
            highest=high,
        )
        for kind, optional, whole, (low, high) in product(
            InputKind, (False, True), (False, True), ((None, None), ("2", "12"))
        )
        if (not whole or kind is InputKind.NUMBER)
        and not (low and kind in (InputKind.ERROR_CODE, InputKind.DATE))
    ]
    page = browser.new_page()
    page.add_script_tag(path=STATIC / "walk.js")
    for node in nodes:
        told = {"input": str(node.input), "optional": node.optional, "whole": node.whole,
                "lowest": node.lowest, "highest": node.highest,
                "routes": [{"values": codes}, {}]}  # fmt: skip
        js = page.evaluate(
            "([node, all]) => all.map((one) => waypost.typed.read(node, one))", [told, list(ODD)]
        )
        for typed, found in zip(ODD, js, strict=True):
            value = read(node, typed)
            expected = {"problem": str(value)} if isinstance(value, Bad) else value
            assert found == expected, (node.input, typed)
    page.close()

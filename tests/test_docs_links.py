"""The guides lead to each other: each link and each place in a page is there, and the README leads
to every page."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "static/README.md"]


def links(text: str) -> list[str]:
    """The links of a page to other files and places, outside of code."""
    plain = re.sub(r"^```.*?^```|`[^`\n]*`", "", text, flags=re.S | re.M)
    found = re.findall(r"\]\(([^)\s]+)\)", plain)
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def places(text: str) -> set[str]:
    """The anchors of a page's headings."""
    found: list[str] = []
    plain = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    for heading in re.findall(r"^#+ +(.+?) *$", plain, re.M):
        anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        again = sum(re.sub(r"-[0-9]+$", "", one) == anchor for one in found)
        found.append(f"{anchor}-{again}" if again else anchor)
    return set(found)


def dead(page: Path, text: str) -> list[str]:
    """The links that lead nowhere."""
    wrong = []
    for link in links(text):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        there = text if target == page else ""
        if target.suffix == ".md" and target.is_file() and not there:
            there = target.read_text(encoding="utf-8")
        if not target.exists() or (anchor and anchor not in places(there)):
            wrong.append(link)
    return wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_guide_leads_somewhere(page: Path) -> None:
    assert dead(page, page.read_text(encoding="utf-8")) == []


def test_a_link_that_leads_nowhere_is_found() -> None:
    text = "# A page\n\n[a](nowhere.md) [b](#a-page) [c](#nobody) [d](docs/api.md#no-such-place)\n"
    assert dead(ROOT / "README.md", text) == ["nowhere.md", "#nobody", "docs/api.md#no-such-place"]
    assert places("# One `two`\n## One two\n") == {"one-two", "one-two-1"}


def test_the_readme_leads_to_every_guide() -> None:
    seen, ahead = set(), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        found = (link.partition("#")[0] for link in links(page.read_text(encoding="utf-8")))
        ahead += [(page.parent / path).resolve() for path in found if path]
    assert not set((ROOT / "docs").glob("*.md")) - seen

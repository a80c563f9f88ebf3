"""site.yaml: name, languages, look, home page; every mistake with its line."""

from pathlib import Path

import pytest

from kb.content.problems import ContentError
from kb.content.site_source import load_site_file, place_problem
from tests.content.sites import SITE, SmallSite

ROOT = Path(__file__).parents[2]


def problems(tmp_path: Path, text: str) -> list[str]:
    site = SmallSite(tmp_path / "site", text)
    site.article(7)
    return site.problems()


def test_the_vendor_site_says_all_of_its_home_page() -> None:
    named = load_site_file(ROOT)
    site = named.site
    assert named.problems == ()
    assert site.languages == ("es", "en")
    assert site.name.in_("en") == "Norvault Support"
    assert len(site.tiles) == 6  # R62
    assert len(site.common_problems) == 5
    assert site.starts[0].tree == "backup-fails"
    assert site.disclaimer_faq.in_("es")  # R63
    assert site.agreements == "article:1160"  # R63


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        pytest.param("nmae: x\n", "site.yaml:4: “nmae” is not a key known here", id="unknown key"),
        pytest.param(
            'accent: {light: "#ffc933", dark: "#82cdd6"}\n',
            "site.yaml:4: the light accent #ffc933 has a contrast of 1.5 on #ffffff; choose",
            id="light accent too pale",
        ),
        pytest.param(
            'accent: {light: "#0b5a68", dark: "#0b5a68"}\n',
            "site.yaml:4: the dark accent #0b5a68 has a contrast of 2.3 on #101716; choose",
            id="dark accent too dark",
        ),
        pytest.param('accent: {light: red, dark: "#82cdd6"}\n', "cannot be “red”", id="colour"),
        pytest.param(
            "tagline: {es: Hola}\n", "site.yaml:4: “tagline” has no text in “en”", id="text"
        ),
        pytest.param(
            "tagline: {es: a, en: b, fr: c}\n", "has a text in “fr”", id="language too many"
        ),
        pytest.param(
            "logo: logo.svg\n", "site.yaml:4: there is no file static/logo.svg", id="logo"
        ),
        pytest.param("common_problems: [8]\n", "site.yaml:4: there is no article 8", id="article"),
        pytest.param(
            "starts:\n  - {label: {es: a, en: b}, tree: nope}\n",
            "site.yaml:5: there is no tree “nope”; write troubleshooter/nope.yaml",
            id="tree",
        ),
        pytest.param(
            "footer:\n  - {name: {es: a, en: b}, place: page:hom}\n",
            "site.yaml:5: there is no page “hom”; did you mean “home”?",
            id="page",
        ),
        pytest.param(
            "tiles:\n  - {name: {es: a, en: b}, line: {es: a, en: b}, icon: x, place: downloads}\n",
            "site.yaml:5: “downloads” is no place; write page:…",
            id="no place",
        ),
        pytest.param(
            "tiles:\n  - name: {es: a, en: b}\n    line: {es: a, en: b}\n    icon: downlaod\n"
            "    place: page:downloads\n",
            "site.yaml:7: there is no icon “downlaod”; did you mean “download”?",
            id="icon",
        ),
        pytest.param("agreements: article:9\n", "site.yaml:4: there is no article “9”", id="place"),
        pytest.param(
            "search_examples: {fr: [a]}\n", "“fr” is not a language of this site", id="fr"
        ),
        pytest.param("support_email: me\n", "site.yaml:4: “me” is no e-mail address", id="mail"),
    ],
)
def test_each_mistake_names_its_line(tmp_path: Path, more: str, problem: str) -> None:
    found = problems(tmp_path, SITE + more)
    assert any(problem in line for line in found), found


def test_a_language_that_the_pages_do_not_have_is_told(tmp_path: Path) -> None:
    found = problems(tmp_path, "name: {es: A, fr: B}\nbrand: A\nlanguages: [es, fr]\n")
    assert any("site.yaml:3: the pages are not written in “fr”" in line for line in found)


def test_no_site_yaml_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"site.yaml:1: this file is missing"):
        load_site_file(tmp_path)


@pytest.mark.parametrize(
    ("place", "sound"),
    [
        ("page:downloads", True),
        ("article:7", True),
        ("tree:t", True),
        ("product:p", True),
        ("/es/kb/", True),
        ("https://forum.example/", True),
        ("mailto:a@example.com", True),
        ("//evil.example", False),
        ("javascript:alert(1)", False),
        ("article:8", False),
        ("", False),
    ],
)
def test_places(place: str, sound: bool) -> None:
    assert (place_problem(place, {7}, {"t"}, {"p"}) is None) is sound

"""`kb check` for other programs: annotations, SARIF, JUnit."""

import json
import subprocess
from xml.etree import ElementTree

import pytest

from tests.cli.checks import png
from tests.commands import kb
from tests.content.sites import SmallSite, front


@pytest.fixture
def broken(site: SmallSite) -> SmallSite:
    """An error and a warning in a site below the top of its repository, in a file with an odd
    name of its own."""
    site.spanish(front("keywords: ['100%: a,b']\n", "[[9]] **x\n"))
    site.write("articles/setup/1-one/foto ñ.png", png(1, 1))
    subprocess.run(["git", "init", "-q", str(site.root.parent)], check=True)
    return site


def test_github_annotations_name_files_from_the_top(broken: SmallSite) -> None:
    lines = kb(broken, "check", "--format", "github").stdout.strip().split("\n")
    assert (
        "::error file=site/articles/setup/1-one/es.md,line=6,title=dead-link::"
        "there is no article 9 to link to; known: 1"
    ) in lines
    assert any(
        line.startswith("::warning file=site/articles/setup/1-one/foto ñ.png") for line in lines
    )


def test_sarif_names_files_from_the_top(broken: SmallSite) -> None:
    """The rest of its form: test_sarif.py."""
    log = json.loads(kb(broken, "check", "--format", "sarif").stdout)
    assert len(log["runs"][0]["results"]) == 3
    for result in log["runs"][0]["results"]:
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"].startswith("site/articles/")


def test_junit_is_well_formed_and_counts(broken: SmallSite) -> None:
    root = ElementTree.fromstring(kb(broken, "check", "--format", "junit").stdout)  # noqa: S314
    (suite,) = root
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    assert [
        case.find("failure").get("type") for case in suite if case.find("failure") is not None
    ] == ["dead-link"]  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["json", "sarif", "junit", "github"])
def test_each_format_tells_a_sound_site_and_one_without_site_yaml_keys(
    site: SmallSite, name: str
) -> None:
    assert kb(site, "check", "--format", name).exit_code == 0
    site.write("site.yaml", "languages: [es]\n")
    result = kb(site, "check", "--format", name)
    assert result.exit_code == 1
    assert "“name” is missing" in result.stdout

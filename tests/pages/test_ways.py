"""Refusals lead on: to the requests that the policy names, and to what can be bought."""

import re
import shutil
from pathlib import Path

import pytest

from kb.actions.compile_site import check_site
from kb.content.policy_source import load_policy
from kb.content.problems import ContentError
from kb.rules.policy import Way
from kb.settings import read_settings
from tests.pages.test_contact import FULL, options, wish
from tests.requirements.vendor import ROOT
from tests.visitor import Visitor

STARTER = ROOT / "examples" / "starter"


def test_customer_service_is_the_request_that_the_policy_names(visitor: Visitor) -> None:
    query = {**wish(visitor.as_customer("lapsed")), "request": "registration"}
    page = visitor.get("/en/contact/options", **{**query, "topic": "new-serial"})
    assert "Having a new serial number generated is not free" in page.text
    assert "request=customer-service" in page.link("Customer service")


def test_an_offer_is_bought_for_the_registered_product(visitor: Visitor) -> None:
    visitor.as_customer("lapsed")
    options(visitor)
    assert visitor.page is not None
    assert "/my/products/" in visitor.page.link("Pay per incident")


def test_the_starter_site_has_a_request_for_each_way_it_offers() -> None:
    policy, problems = load_policy(STARTER, ("es", "en"))
    assert policy is not None, problems
    ways = {way for rule in policy.rules if rule.refuse for way in rule.refuse.instead}
    assert Way.CUSTOMER_SERVICE in ways
    found = policy.request_by(Way.CUSTOMER_SERVICE)
    assert found is not None
    assert not found.needs_product


@pytest.mark.parametrize(
    ("forum", "sound"), [("forum_url: https://forum.example/", True), ("", False)]
)
def test_a_forum_that_is_not_there_is_no_way_forward(
    forum: str, sound: bool, tmp_path: Path
) -> None:
    root = tmp_path / "site"
    shutil.copytree(STARTER, root)
    site = root / "site.yaml"
    lines = [one for one in site.read_text().splitlines() if not one.startswith("forum_url")]
    site.write_text("\n".join([*lines, forum, ""]))
    rules = root / "policy" / "entitlements.yaml"
    old = "refuse: {instead: [knowledge-base, troubleshooter, customer-service]}"
    assert old in rules.read_text()
    rules.write_text(rules.read_text().replace(old, "refuse: {instead: [forum]}"))
    env = {"KB_VAR": str(tmp_path / "var"), "KB_SECRET_KEY": "test " * 8}
    settings = read_settings({**env, "KB_BASE_URL": "http://localhost"}, root)
    if sound:
        check_site(settings)
        return
    with pytest.raises(ContentError) as told:
        check_site(settings)
    assert "leads to the forum alone, and the site has none; write forum_url: here" in str(
        told.value
    )


def test_R10_a_newer_version_is_free_while_the_plan_runs(visitor: Visitor) -> None:
    """R10, R27: who has an old version and a plan that runs is led to their free upgrade, not
    into a case with sales about buying one."""
    visitor.as_customer("old-version")
    page = options(visitor)
    assert "the new version is free" in page.text
    address = page.link("Get the free upgrade")
    assert address.endswith("#update")
    assert "Get the free upgrade" in visitor.get(address.partition("#")[0]).html


def test_R10_without_a_plan_the_newer_version_is_asked_of_sales(visitor: Visitor) -> None:
    visitor.as_customer("premier")
    found = re.search(
        r'value="asset-([0-9]+)"[^>]*><span><b>Norvault Backup Advanced', _own(visitor)
    )
    assert found
    page = visitor.get("/en/contact/options", **FULL, asset=found[1], topic="backup")
    assert "the new version is free" not in page.text
    assert "request=pre-sales" in page.link("Upgrade to a supported version")


def test_R37_products_with_support_come_before_those_whose_support_has_ended(
    visitor: Visitor,
) -> None:
    html = _own(visitor.as_customer("premier"))
    assert html.index("Norvault Backup Server 12") < html.index("Norvault Backup Advanced Server 9")


def _own(visitor: Visitor) -> str:
    return visitor.get("/en/contact/", **FULL).html


@pytest.mark.parametrize(
    ("topic", "tree", "first"),
    [
        pytest.param(
            "boot", "The machine does not boot after a restore", "Windows does not boot", id="boot"
        ),
        pytest.param(
            "notifications",
            "I get no notifications",
            "E-mail notifications do not arrive",
            id="notifications",
        ),
        pytest.param("validation", "", "“The backup is damaged”", id="no tree about it"),
    ],
)
def test_what_may_solve_it_is_about_the_topic(
    topic: str, tree: str, first: str, visitor: Visitor
) -> None:
    """The tree that may end at it, and three articles about what was chosen, not the first three
    there are about the product."""
    page = options(visitor.as_customer("lapsed"), topic)
    told = page.text.partition("This may solve it")[2] or page.text.partition("Before you write")[2]
    expected = f"Troubleshooter: {tree}" if tree else ""
    assert told.strip().startswith(expected)
    assert told.strip().removeprefix(expected).strip().startswith(first)


def test_who_comes_from_a_tree_is_not_sent_into_one(visitor: Visitor) -> None:
    """Whoever has walked a tree has tried what it says."""
    visitor.as_customer("lapsed")
    asset = re.findall(r'value="asset-(\d+)"', _own(visitor))[0]
    asked = {**FULL, "asset": asset, "topic": "boot"}
    walk = "no-boot-after-restore~"
    for given, told in (({}, True), ({"walk": walk}, False)):
        page = visitor.get("/en/contact/options", **asked, **given)
        assert ("Troubleshooter: The machine" in page.text) is told

"""R52–R61 on the shipped site: each test reads like its row and fails without it."""

import re

from kb.actions.live_site import LiveSite
from kb.rules.licence_machines import HostGroup, Machines
from kb.rules.licensing import LicensingRules, Reason, compare, tally
from kb.rules.trees import ArticleEnd
from kb.settings import Settings
from tests.requirements.vendor import vendor
from tests.visitor import Visitor

BOTH = ("es", "en")


def rules() -> LicensingRules:
    found = vendor().licensing
    assert found is not None
    return found


def needed(edition: str = "", **counts: int) -> int:
    """Licences for kinds of machines: `servers=3`."""
    machines = Machines(counts={name.replace("_", "-"): n for name, n in counts.items()})
    return tally(rules(), machines, edition).total


def on_host(edition: str, virtual: int, hosts: int = 1, *, too: bool = False) -> dict[str, int]:
    """Licences by product for hosts with so many virtual machines each."""
    machines = Machines(hosts=(HostGroup(hosts, virtual),), hosts_too=too)
    found = tally(rules(), machines, edition).by_product()
    return {product: number for (product, _), number in found.items()}


def guide_says(settings: Settings, lang: str, article: int) -> str:
    """What the ends of the licensing guide that lead to an article say."""
    tree = LiveSite(settings.var).current().site.trees["licensing-guide"][lang]
    ends = [n for n in tree.nodes.values() if isinstance(n, ArticleEnd) and n.article == article]
    assert ends, f"the guide never leads to article {article}"
    return " ".join(f"{end.title} {re.sub('<[^>]+>', '', end.help)}" for end in ends)


def assert_stated(text: str, *facts: str) -> None:
    for fact in facts:
        assert re.search(fact, text, re.I), f"“{fact}” is not in: {text[:1500]}"


def test_r52_one_licence_for_each_operating_system() -> None:
    virtual_and_physical = Machines(counts={"servers": 1}, hosts=(HostGroup(1, 2),))
    assert tally(rules(), virtual_and_physical, "each-machine").total == 3, "2 virtual + 1 physical"
    assert needed(servers=2 + 1) == 3, "the same, each with an agent inside"
    assert needed(servers=1 + 2) == 3, "one local and two remote servers"
    dual_boot = Machines(counts={"servers": 1}, more_systems={"servers": 1})
    assert tally(rules(), dual_boot).total == 2, "dual boot"


def test_r53_advanced_server_covers_a_host_and_up_to_4() -> None:
    assert on_host("advanced", 4, too=True) == {"backup-advanced-server": 1}
    assert on_host("advanced", 5) == {"backup-advanced-server": 2}
    assert on_host("advanced", 4, hosts=2) == {"backup-advanced-server": 2}


def test_r53_virtual_edition_covers_99_in_older_versions_and_all_in_the_current() -> None:
    assert on_host("virtual-older", 99, too=True) == {"backup-virtual": 1}
    assert on_host("virtual-older", 100) == {"backup-virtual": 2}
    assert on_host("virtual", 100_000, too=True) == {"backup-virtual": 1}
    current = vendor().products["backup-virtual"].generations[0]
    hosts = rules().hosts
    assert hosts is not None
    unlimited, older = hosts.edition("virtual"), hosts.edition("virtual-older")
    assert unlimited is not None
    assert older is not None
    assert unlimited.versions == current
    assert set(older.versions).isdisjoint(current)
    for edition in (unlimited, older):
        assert_stated(edition.note.in_("en"), "agentless", "ESX/ESXi", "Hyper-V")
        assert_stated(edition.note.in_("es"), "sin agente", "ESX/ESXi", "Hyper-V")


def test_r53_every_other_edition_is_one_for_each_virtual_machine() -> None:
    assert on_host("each-machine", 6) == {"backup-server": 6}
    assert on_host("each-machine", 6, too=True) == {"backup-server": 7}


def test_r53_the_editions_are_compared() -> None:
    found = compare(rules(), Machines(hosts=(HostGroup(1, 6),), hosts_too=True))
    assert [one.total for one in found] == [7, 2, 1, 1]


def test_r54_rescue_media_need_a_licence_for_each_machine() -> None:
    assert needed(rescue_servers=5) == 5
    assert needed(rescue_workstations=1, workstations=3) == 4


def test_r55_one_for_each_machine_deployed_to_and_each_agent_the_deployed_one_is_reused() -> None:
    assert tally(rules(), Machines(deployed=20)).total == 20
    assert tally(rules(), Machines(agents_elsewhere=5)).total == 5
    both = tally(rules(), Machines(deployed=20, agents_there=20, agents_elsewhere=5))
    assert both.by_product() == {("deploy", ()): 25}
    reused = next(line for line in both.lines if line.reason is Reason.AGENTS_THERE)
    assert reused.licences == 0


def test_r56_add_ons_have_licences_of_their_own() -> None:
    machines = Machines(counts={"servers": 4, "deduplication": 4, "restore-anywhere": 2})
    assert tally(rules(), machines).by_product() == {
        ("backup-server", ()): 4,
        ("deduplication", ()): 4,
        ("restore-anywhere", ()): 2,
    }
    add_ons = rules().add_ons
    assert add_ons is not None
    assert all(vendor().products[kind.product].addon for kind in add_ons.machines)


def test_r56_agents_and_bootable_components_are_licensed(visitor: Visitor) -> None:
    for lang, bootable in (("en", "bootable components"), ("es", "componentes de arranque")):
        page = visitor.get(f"/{lang}/kb/1107-x")
        assert_stated(page.text, "Windows", "Linux", "ESX", "Hyper-V", bootable)


def assert_both(
    visitor: Visitor,
    settings: Settings,
    article: int,
    *,
    es: tuple[str, ...],
    en: tuple[str, ...],
    guide_es: tuple[str, ...],
    guide_en: tuple[str, ...],
) -> None:
    """The article and the licensing guide state these facts in both languages."""
    assert_stated(visitor.get(f"/es/kb/{article}-x").text, *es)
    assert_stated(visitor.get(f"/en/kb/{article}-x").text, *en)
    assert_stated(guide_says(settings, "es", article), *guide_es)
    assert_stated(guide_says(settings, "en", article), *guide_en)


def test_r57_home_products_in_a_business_are_allowed_and_not_recommended(
    visitor: Visitor, settings: Settings
) -> None:
    assert_both(
        visitor,
        settings,
        1108,
        es=(
            "no prohíbe",
            "no se lo recomendamos",
            "centralizada",
            "instantáneas de volumen",
            "cintas",
        ),
        en=(
            "does not forbid",
            "do not recommend",
            "central",
            "volume shadow copy",
            "tape",
        ),
        guide_es=(
            "permitido",
            "no se lo recomendamos",
            "centralizada",
            "instantáneas",
            "cintas",
        ),
        guide_en=(
            "allowed",
            "recommend",
            "central",
            "volume snapshots",
            "tape",
        ),
    )


def test_r58_a_licence_moves_once_the_old_machine_is_retired_and_documented(
    visitor: Visitor, settings: Settings
) -> None:
    assert_both(
        visitor,
        settings,
        1102,
        es=(
            "el equipo original se ha retirado",
            "documentación que demuestra",
        ),
        en=(
            "taken out of service",
            "documentation showing",
        ),
        guide_es=(
            "retirado",
            "documento",
        ),
        guide_en=(
            "retired",
            "document",
        ),
    )


def test_r59_one_archive_copy(visitor: Visitor, settings: Settings) -> None:
    assert_both(
        visitor,
        settings,
        1109,
        es=("una sola copia del software con fines de archivo",),
        en=("one single copy of the software for archiving",),
        guide_es=("una sola copia de archivo",),
        guide_en=("one archive copy",),
    )


def test_r60_a_swap_goes_through_support_and_may_cost_a_fee(
    visitor: Visitor, settings: Settings
) -> None:
    assert_both(
        visitor,
        settings,
        1110,
        es=(
            "otro producto u otro idioma",
            "servicio de soporte",
            "cargo",
        ),
        en=(
            "another product or another language",
            "through support",
            "fee",
        ),
        guide_es=(
            "soporte",
            "cargo",
        ),
        guide_en=(
            "support",
            "fee",
        ),
    )


def test_r61_only_the_oldest_trials_are_uninstalled_first(
    visitor: Visitor, settings: Settings
) -> None:
    assert_both(
        visitor,
        settings,
        1111,
        es=(
            "solo las generaciones más antiguas",
            "introduzca la clave completa",
        ),
        en=(
            "only the oldest generations",
            "enter the full key in the trial",
        ),
        guide_es=(
            "más antiguas",
            "la clave completa",
        ),
        guide_en=(
            "oldest generations",
            "the full key",
        ),
    )


def test_every_rule_of_the_calculator_leads_to_the_article_that_states_it(
    visitor: Visitor,
) -> None:
    numbers = {"systems": 1103, "hosts": 1104, "rescue": 1105, "deployment": 1106, "add_ons": 1107}
    assert {str(name): part.article for name, part in rules().sections()} == numbers
    for lang in BOTH:
        page = visitor.get(f"/{lang}/licences/calculator")
        for article in numbers.values():
            assert any(f"/{lang}/kb/{article}-" in url for _, url in page.links), article

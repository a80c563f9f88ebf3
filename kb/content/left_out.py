"""The parts that a site may leave out: policy, trees, demo.

What reads and proves them is loaded only where they are: it takes longer to load than it takes to
compile one changed article.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from kb.content.problems import Problem
from kb.rules.articles import Article
from kb.rules.policy import Policy
from kb.rules.site import Site
from kb.rules.trees import Tree

NO_POLICY = Policy(sha256(b"").hexdigest()[:12], {}, {}, {}, {}, {}, {}, {}, ())

Trees = dict[str, dict[str, Tree]]


def policy_of(root: Path, languages: tuple[str, ...]) -> tuple[Policy | None, tuple[Problem, ...]]:
    """Read the policy of a site as `load_policy` does; one without the folder has an empty one."""
    if not (root / "policy").is_dir():
        return NO_POLICY, ()
    from kb.content.policy_source import load_policy

    return load_policy(root, languages)


def trees_of(root: Path, languages: Sequence[str]) -> tuple[Trees, list[Problem]]:
    """Read the trees of a site as `load_trees` does; one without the folder has none."""
    if not (root / "troubleshooter").is_dir():
        return {}, []
    from kb.content.trees_source import load_trees

    return load_trees(root, languages)


def demo_mistakes(
    root: Path, languages: tuple[str, ...], policy: Policy, trees: Collection[str]
) -> tuple[Problem, ...]:
    """Check the demo against the rest of the site, where there is one."""
    if not (root / "demo.yaml").is_file():
        return ()
    from kb.content.demo_source import demo_problems

    return demo_problems(root, languages, policy, trees)


def ends_and_licences(
    root: Path,
    site: Site,
    policy: Policy,
    trees: Trees,
    articles: Mapping[int, Mapping[str, Article]],
) -> tuple[Iterable[Problem], Iterable[Problem]]:
    """Check what trees, and what the licence calculator, name beyond themselves."""
    if not trees and policy.licensing is None:
        return (), ()
    from kb.content.licensing_check import check_licensing
    from kb.content.trees_check import check_trees
    from kb.content.trees_known import known_to_trees

    known = known_to_trees(site.languages, policy, articles)
    readable = {number: article.languages for number, article in known.articles.items()}
    wanted = site.languages if site.translations_required else ()
    licences = check_licensing(root, policy.licensing, readable, set(trees), wanted)
    return check_trees(root, trees, known), licences

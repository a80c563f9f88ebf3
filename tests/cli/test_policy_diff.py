"""`kb policy diff`: whose situation changes between two revisions, or what is still uncommitted."""

import json
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb.cli.policy import policy_group
from kb.store import Database, migrate
from tests.actions.people import customer, own
from tests.content.small_policy import SMALL, site

SITE = """\
name: {es: Sitio, en: Site}
brand: Site
languages: [es, en]
"""
GIT = ("git", "-c", "user.name=x", "-c", "user.email=x@example.com")


@pytest.fixture(autouse=True)
def _own_var(monkeypatch, tmp_path):
    monkeypatch.setenv("KB_VAR", str(tmp_path / "var"))


def git(root: Path, *words: str) -> None:
    subprocess.run([*GIT, "-C", str(root), *words], check=True, capture_output=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A site in a folder of a repository, with one commit; its plan has e-mail."""
    folder = tmp_path / "repository" / "support"
    folder.mkdir(parents=True)
    site(folder)
    (folder / "site.yaml").write_text(SITE)
    git(tmp_path / "repository", "init", "-q")
    git(tmp_path / "repository", "add", ".")
    git(tmp_path / "repository", "commit", "-qm", "first")
    git(tmp_path / "repository", "tag", "first")
    return folder


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / "policy" / f"{name}.yaml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def run(root: Path, *words: str) -> Result:
    return CliRunner().invoke(policy_group, ["diff", *words], obj=root)


def test_nothing_has_changed(root):
    done = run(root, "HEAD")
    assert done.exit_code == 0, done.output
    assert done.stdout == "HEAD → the working tree\nNobody's situation changes.\n"


def test_an_edit_that_is_not_committed_is_told_before_it_is_live(root):
    edit(root, "entitlements", "request: technical, plan_state", "topic: slow, plan_state")
    told = run(root, "HEAD").stdout
    assert "situations change" in told
    assert "topic: other" in told
    assert "    before  email on their plan  [plan]\n    after   no; knowledge-base" in told


def test_two_revisions_are_compared_whatever_stands_in_the_folder(root):
    edit(root, "plans", "within: 1h 30m", "within: 2h")
    git(root, "commit", "-qam", "slower")
    edit(root, "plans", "price: 120 USD", "price: cheap")
    told = run(root, "first", "HEAD").stdout
    assert "plans standard, targets A: 1h 30m (Pronto) → 2h (Pronto)" in told
    done = run(root, "first")
    assert done.exit_code == 1
    assert "policy/plans.yaml:6: “cheap” is no price; write it like 20.00 USD" in done.stderr


def test_two_folders_are_compared(root, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    site(other, offers=SMALL["offers"].replace("kind: renewal", "kind: subscription"))
    (other / "site.yaml").write_text(SITE)
    told = run(root, str(root), str(other)).stdout
    assert "offers renewal, kind: renewal → subscription" in told


def test_mistakes_of_an_old_revision_name_it(root):
    edit(root, "offers", "kind: renewal", "kind: renew")
    git(root, "commit", "-qam", "broken")
    edit(root, "offers", "kind: renew", "kind: renewal")
    done = run(root, "HEAD")
    assert done.exit_code == 1
    expected = "HEAD:policy/offers.yaml:2: “kind” cannot be “renew”; did you mean “renewal”?"
    assert expected in done.stderr


@pytest.mark.parametrize("name", ["no-such", "first:policy", "--upload-pack=x", "first^{tree}"])
def test_a_revision_that_is_not_there_is_told(name, root):
    done = run(root, "--", name)
    assert done.exit_code == 1
    assert f"there is no revision or folder “{name}”" in done.stderr


def test_a_folder_in_no_repository_and_a_revision_without_the_site(root, tmp_path):
    alone = tmp_path / "alone"
    alone.mkdir()
    site(alone)
    (alone / "site.yaml").write_text(SITE)
    assert "this site is in no git repository" in run(alone, "HEAD").stderr
    git(alone, "init", "-q")
    git(alone, "commit", "-qm", "empty", "--allow-empty")
    assert "the revision “HEAD” has no site.yaml" in run(alone, "HEAD").stderr


def test_a_link_in_a_revision_is_not_followed(root, tmp_path):
    secret = tmp_path / "secret.yaml"
    secret.write_text("- id: secret\n")
    path = root / "policy" / "offers.yaml"
    path.unlink()
    path.symlink_to(secret)
    git(root, "commit", "-qam", "a link")
    done = run(root, "HEAD", "first")
    assert done.exit_code == 1
    assert "HEAD:policy/offers.yaml:1: this is no plain file" in done.stderr


def test_what_a_program_reads(root):
    edit(root, "entitlements", "request: technical, plan_state", "topic: slow, plan_state")
    edit(root, "channels", "en: Write", "en: Tell us")
    told = json.loads(run(root, "HEAD", "--format", "json").stdout)
    (change, *_) = told["changes"]
    assert set(change["when"]) <= {"request", "topic", "edition", "product", "version", "plan"} | {
        "registered",
        "days_since_purchase",
        "credit",
    }
    assert change["before"] == {"outcome": "email on their plan", "rules": ["plan"]}
    assert sum(one["situations"] for one in told["changes"]) == told["situations"]
    assert {"part": "channels", "id": "email", "field": "pitch en"}.items() <= told["terms"][
        0
    ].items()


def test_what_a_browser_shows_is_escaped(root):
    edit(root, "channels", "en: Write", "en: <b>Write</b>")
    page = run(root, "HEAD", "--format", "html").stdout
    assert "&lt;b&gt;Write&lt;/b&gt;" in page
    assert page.count('<th scope="col">') == 4


def test_registered_products_are_counted(root, tmp_path, policy_of_site):
    url = f"sqlite:///{tmp_path / 'var' / 'waypost.db'}"
    (tmp_path / "var").mkdir()
    migrate(url)
    with closing(Database(url)) as db:
        policy = policy_of_site(root)
        ana = customer(db)
        for letter in "AB":
            key = letter * 25
            own(db, policy, ana, key, product="server", plan="standard")
    edit(root, "entitlements", "request: technical, plan_state", "topic: slow, plan_state")
    edit(root, "plans", "within: 1h 30m", "within: 2h")
    done = run(root, "HEAD", "--assets")
    assert "2 of 2 registered products touched." in done.stdout
    assert "(held by 2 products)" in done.stdout
    told = json.loads(run(root, "HEAD", "--assets", "--format", "json").stdout)
    assert told["products"] == {"all": 2, "touched": 2}
    assert max(one["products"] for one in told["changes"]) == 2
    assert "<td>2</td>" in run(root, "HEAD", "--assets", "--format", "html").stdout


@pytest.fixture
def policy_of_site():
    from kb.content.policy_source import load_policy

    def load(root: Path):
        policy, problems = load_policy(root, ("es", "en"))
        assert policy is not None, problems
        return policy

    return load

"""What a site leaves out is as if it were empty, and what would read it is not loaded."""

import subprocess
import sys
from pathlib import Path

from kb.content.left_out import NO_POLICY, ends_and_licences, policy_of, trees_of
from kb.content.policy_source import load_policy
from kb.content.site_source import load_site_file
from kb.content.trees_source import load_trees

LANGUAGES = ("es", "en")
SITE = "name: {es: Ayuda, en: Help}\nbrand: Acme\nlanguages: [es, en]\n"

READ = """
import sys
from pathlib import Path
from kb.content.kept import Kept
from kb.content.load import load_site
load_site(Path(sys.argv[1]), Kept(Path(sys.argv[2])))
print(*(name for name in sys.modules if name.startswith("kb.content.")))
"""


def test_a_part_that_is_left_out_is_as_if_it_were_empty(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text(SITE)
    site = load_site_file(tmp_path).site
    assert policy_of(tmp_path, LANGUAGES) == (NO_POLICY, ()) == load_policy(tmp_path, LANGUAGES)
    assert trees_of(tmp_path, LANGUAGES) == ({}, []) == load_trees(tmp_path, LANGUAGES)
    assert ends_and_licences(tmp_path, site, NO_POLICY, {}, {}) == ((), ())
    for folder in ("policy", "troubleshooter"):
        (tmp_path / folder).mkdir()
    assert policy_of(tmp_path, LANGUAGES) == (NO_POLICY, ())
    assert trees_of(tmp_path, LANGUAGES) == ({}, [])


def test_a_site_of_articles_alone_loads_no_forms_of_policy_trees_or_demo(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "articles/setup/1-one").mkdir(parents=True)
    (site / "site.yaml").write_text(SITE + "translations: optional\n")
    (site / "articles/setup/1-one/en.md").write_text("---\ntitle: One\n---\n\nText.\n")
    words = [sys.executable, "-c", READ, str(site), str(tmp_path / "kept")]
    loaded = set(subprocess.run(words, capture_output=True, text=True, check=True).stdout.split())
    assert "kb.content.article_file" in loaded
    unused = ("policy_source", "policy_forms", "licensing_forms", "demo_source", "tree_forms")
    assert not loaded & {f"kb.content.{name}" for name in unused}

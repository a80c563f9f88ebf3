"""“Take this help with you”: where site.yaml offers it, made by the worker and `kb index`."""

import io
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb.actions.offline_duty import OfflineDuty
from kb.app import create_app
from kb.cli import main
from kb.content.bundles import Bundles
from kb.settings import Settings, read_settings
from tests.content.sites import SITE, SmallSite
from tests.visitor import Visitor


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    """A small site that may be taken along."""
    made = SmallSite(tmp_path / "site", f"{SITE}offline: yes\n")
    made.article(1)
    return made


def settings_of(site: SmallSite) -> Settings:
    env = {"KB_VAR": str(site.root.parent / "var"), "KB_SECRET_KEY": "test " * 8}
    return read_settings(env, site.root)


def kb(site: SmallSite, *words: str) -> Result:
    env = {"KB_VAR": str(site.root.parent / "var"), "KB_BASE_URL": None}
    return CliRunner().invoke(main, ["--site", str(site.root), *words], env=env)


def names(raw: bytes) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return set(archive.namelist())


def test_index_packs_each_language_and_the_pages_offer_it(site: SmallSite) -> None:
    """R25: the knowledge base is open to everyone, without a network too."""
    assert kb(site, "index").exit_code == 0
    visitor = Visitor(create_app(settings_of(site)))
    for lang, words in (("es", "Llevarse esta ayuda"), ("en", "Take this help with you")):
        for page in (f"/{lang}/", f"/{lang}/downloads"):
            link = visitor.get(page).link(words)
            assert link == f"/{lang}/offline.zip"
        answer = visitor.client.get(f"/{lang}/offline.zip")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"] == f"attachment; filename=acme-{lang}.zip"
        found = names(answer.data)
        answer.close()
        assert f"{lang}/index.html" in found
        assert f"{lang}/{lang}/kb/1-one.html" in found
        assert not any(f"/{other}/" in name for other in {"es", "en"} - {lang} for name in found)
    before = Bundles(settings_of(site).var).path("en").stat().st_mtime_ns
    assert kb(site, "index").exit_code == 0
    assert Bundles(settings_of(site).var).path("en").stat().st_mtime_ns == before


def test_a_bundle_that_is_not_made_yet_is_told(site: SmallSite) -> None:
    kb(site, "index")
    for path in Bundles(settings_of(site).var).folder.glob("*.zip"):
        path.unlink()
    visitor = Visitor(create_app(settings_of(site)))
    assert "Take this help with you" in visitor.get("/en/").text
    page = visitor.get("/en/offline.zip", expect=503)
    assert "The file is being packed" in page.text


def test_a_site_that_does_not_offer_it_has_none(tmp_path: Path) -> None:
    site = SmallSite(tmp_path / "site")
    site.article(1)
    kb(site, "index")
    assert not Bundles(settings_of(site).var).folder.exists()
    visitor = Visitor(create_app(settings_of(site)))
    assert "Take this help with you" not in visitor.get("/en/").text
    visitor.get("/en/offline.zip", expect=404)


def test_the_worker_makes_them_for_another_revision_and_tries_a_failed_one_once(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    kb(site, "index")
    bundles = Bundles(settings_of(site).var)
    (bundles.folder / "made.json").write_text("[")  # damaged: as if there were none
    duty = OfflineDuty(settings_of(site))
    duty.run()
    duty.finish()
    assert bundles.revision
    (bundles.folder / "made.json").unlink()
    duty.run()
    duty.finish()
    assert bundles.revision == "", "the same revision is not made again and again"


def test_a_bundle_is_the_same_byte_for_byte(site: SmallSite, tmp_path: Path) -> None:
    kb(site, "index")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        assert kb(site, "export", "bundle", str(tmp_path / name / "help.zip")).exit_code == 0
    raw = (tmp_path / "one" / "help.zip").read_bytes()
    assert raw == (tmp_path / "two" / "help.zip").read_bytes()
    assert {"help/index.html", "help/es/search.html", "help/en/kb/1-one.html"} <= names(raw)
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == ["help.zip"]


def test_a_bundle_needs_a_name(site: SmallSite) -> None:
    result = kb(site, "export", "bundle")
    assert result.exit_code == 2
    assert "name FILE.zip, or write --offered" in result.output

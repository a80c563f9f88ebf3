"""A solved case beside a real content repository, for tests of making articles of cases."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kb.actions.article_duty import note_published
from kb.actions.case_articles import Made, make_draft
from kb.actions.case_steps import Answer
from kb.actions.compile_site import compile_site
from kb.actions.live_site import LiveSite
from kb.content.compiled import CompiledSite
from kb.rules.case_article import Draft, source_of
from kb.settings import Settings, read_settings
from kb.store.article_drafts import ArticleDraft
from tests.actions.case_stories import Story
from tests.actions.people import NOW
from tests.content.sites import SITE
from tests.repositories import Repository

DRAFT = Draft("La copia se detiene", "Se detiene.", "- x", "y", "1. z", category="setup")
PUBLISHED = source_of(DRAFT, "es", NOW.date()).replace("status: draft", "status: published")
BRANCH_END = "la-copia-se-detiene"


@dataclass
class Scene:
    """A case, the repository of the site, and a clone of it that is served."""

    case: Story
    remote: Repository
    clone: Path
    settings: Settings

    @classmethod
    def made(cls, case: Story, folder: Path) -> "Scene":
        remote = Repository(folder / "remote", SITE + "translations: optional\n")
        remote.article(1041)
        remote.commit("first")
        clone = remote.clone(folder / "clone")
        env = {"KB_VAR": str(folder / "var"), "KB_BASE_URL": "https://help.example.com"}
        settings = replace(read_settings(env, clone), database_url=str(case.db.url))
        return cls(case, remote, clone, settings)

    @property
    def branch(self) -> str:
        return f"draft/{self.case.number}-{BRANCH_END}"

    def make(self, draft: Draft = DRAFT, **changes: Any) -> Made | Answer:
        asked = {"who": self.case.irene, "number": self.case.number, "lang": "es", "now": NOW}
        return make_draft(self.case.db, self.settings, draft=draft, **{**asked, **changes})

    def sound(self) -> ArticleDraft:
        """Make the draft, which goes well."""
        done = self.make()
        assert isinstance(done, Made)
        return done.draft

    def live(self) -> CompiledSite:
        """Compile what lies in the clone."""
        compile_site(self.settings)
        return LiveSite(self.settings.var).current().site

    def publish(self, path: str, text: str) -> CompiledSite:
        """Put an article into the clone, and go live with it."""
        target = self.clone / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        return self.live()

    def look(self, site: CompiledSite) -> int:
        """What the worker does."""
        return note_published(self.case.db, site, self.case.letters, NOW)

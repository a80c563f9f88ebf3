"""A site with articles that not everybody may read, for tests that nothing of them shows."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent

ARTICLE = """\
---
title: "{word} makes the backup stop in the {place}"
summary: "The {place} quota of {word} is used up; the backup stops with {code}."
type: alert
alert: {{from: 2026-11-01, until: 2027-11-01}}
products: [home]
audience: {audience}
status: published
error_codes: [{code}]
keywords: [{word}nik]
find_with: []
updated: 2026-11-03
review_by: 2027-06-01
owner: storage-team
related: []
---

Only a few may know that {word} and {word}ery fill the {place}. The backup stops.
"""
HIDDEN = {
    "customers": {"id": 9101, "word": "blorptastic", "place": "grumpfvault", "code": "E00ABC123"},
    "internal": {"id": 9102, "word": "zarquonite", "place": "quibblestore", "code": "E00DEF456"},
}
"""By audience, an article whose words no other has."""


def make(folder: Path, hidden: tuple[str, ...]) -> Path:
    """Copy the vendor's site into a folder and add the articles for these audiences."""
    for name in ("articles", "policy", "troubleshooter"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "site.yaml", folder)
    if (ROOT / "search").is_dir():
        shutil.copytree(ROOT / "search", folder / "search")
    for audience in hidden:
        words = HIDDEN[audience]
        home = folder / "articles" / "backup" / f"{words['id']}-{words['word']}-{words['place']}"
        home.mkdir()
        for lang in ("es", "en"):
            text = ARTICLE.format(audience=audience, **words)
            (home / f"{lang}.md").write_text(text, encoding="utf-8")
    return folder

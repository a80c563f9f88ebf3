"""New articles, alerts and trees: named, numbered and filled in, so that the author only writes.

What is made passes `kb check`. Nothing that is there is ever written over.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from kb.content.articles_source import FOLDER
from kb.content.markdown.slugs import slug
from kb.content.new_texts import NEW_TEXTS
from kb.content.problems import ContentError, Problem
from kb.content.tree_files import NEW_TREE_TEXTS, new_tree
from kb.content.validate import did_you_mean
from kb.rules.articles import ArticleType
from kb.rules.policy import Policy
from kb.rules.site import Site

LONGEST_TITLE = 200
LONGEST_TREE_TITLE = 120
ALERT_DAYS = 14
REVIEW_DAYS = 365
_NUMBERED = re.compile(r"([1-9][0-9]{0,8})-")
_WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HEADINGS = {
    "es": ("Problema", "Entorno", "Causa", "Resolución"),
    "en": ("Problem", "Environment", "Cause", "Resolution"),
}


@dataclass(frozen=True, slots=True)
class NewArticle:
    """What an author says of an article that is to be made."""

    title: str
    type: ArticleType = ArticleType.HOW_TO
    category: str = ""
    products: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    find_with: tuple[str, ...] = ()


def write_article(
    root: Path, site: Site, policy: Policy, asked: NewArticle, today: date
) -> tuple[Path, ...]:
    """Write the files of a new article as a draft and return them; raises ContentError."""
    title = " ".join(asked.title.split())
    category = _category(site, asked)
    _check(asked, title, category, site, policy)
    name = slug(title) or str(asked.type)
    number = next_id(root)
    while True:
        folder = root / FOLDER / category / f"{number}-{name}"
        try:
            folder.mkdir(parents=True)
            break
        except FileExistsError:  # somebody else was as quick
            number += 1
    written = []
    for lang in asked.languages or (site.default_language,):
        path = folder / f"{lang}.md"
        _write(path, new_article_text(title, asked, lang, today))
        written.append(path)
    return tuple(written)


def write_tree(root: Path, site: Site, policy: Policy, title: str) -> tuple[Path, ...]:
    """Write a new tree, with its texts in every language of the site: a tree is sound with all of
    them only, also where articles may lack one; raises ContentError."""
    words = " ".join(title.split())
    if not words or len(words) > LONGEST_TREE_TITLE:
        raise _wrong_title(words, LONGEST_TREE_TITLE)
    name = slug(words)
    if not name:
        raise _mistake(f"“{words}” has no letters for a file's name", "write some")
    path = root / "troubleshooter" / f"{name}.yaml"
    others = site.languages[1:]
    paths = (path, *(path.with_name(f"{name}.{lang}.yaml") for lang in others))
    for one in paths:
        if one.exists():
            raise _mistake(f"{one.relative_to(root)} is there already", "choose another title")
    request = next(iter(policy.requests), "")
    path.parent.mkdir(exist_ok=True)
    _write(path, new_tree(words, site.default_language, request))
    for one, lang in zip(paths[1:], others, strict=True):
        _write(one, NEW_TREE_TEXTS[lang].replace("TITLE", json.dumps(words, ensure_ascii=False)))
    return paths


def next_id(root: Path) -> int:
    """Return the number after the highest that any article folder has; 1000 on a new site."""
    found = [
        int(match[1])
        for path in (root / FOLDER).rglob("*")
        if path.is_dir() and (match := _NUMBERED.match(path.name))
    ]
    return max(found, default=999) + 1


def _category(site: Site, asked: NewArticle) -> str:
    if asked.category:
        return asked.category
    if asked.type is ArticleType.ALERT and "alerts" in site.categories:
        return "alerts"
    return next(iter(site.categories), "general")


def _wrong_title(title: str, longest: int = LONGEST_TITLE) -> ContentError:
    what = f"a title has 1 to {longest} signs, not {len(title)}"
    return _mistake(what, "shorten it" if title else "write one")


def _check(asked: NewArticle, title: str, category: str, site: Site, policy: Policy) -> None:
    if not title or len(title) > LONGEST_TITLE:
        raise _wrong_title(title)
    if site.categories and category not in site.categories:
        mend = did_you_mean(category, site.categories)
        raise _mistake(f"the category “{category}” is not in site.yaml", mend)
    if not _WORD.fullmatch(category):
        mend = "use lower-case letters, digits and dashes"
        raise _mistake(f"“{category}” cannot be a category", mend)
    for product in asked.products:
        line = product.partition("@")[0]
        if line not in policy.products:
            raise _mistake(f"there is no product “{line}”", did_you_mean(line, policy.products))
    for lang in asked.languages:
        if lang not in site.languages:
            mend = did_you_mean(lang, site.languages)
            raise _mistake(f"“{lang}” is not a language of this site", mend)


def new_article_text(title: str, asked: NewArticle, lang: str, today: date) -> str:
    """Return the source of a new article, a draft; its title is one line."""
    keys: Mapping[str, object] = {
        "title": json.dumps(title, ensure_ascii=False),
        "summary": '""',
        "type": asked.type,
        "products": f"[{', '.join(asked.products)}]",
        "status": "draft",
        "updated": today.isoformat(),
        "review_by": (today + timedelta(days=REVIEW_DAYS)).isoformat(),
    }
    front = "".join(f"{key}: {value}\n" for key, value in keys.items())
    if asked.find_with:
        lines = (
            f"  - {{q: {json.dumps(q, ensure_ascii=False)}, within: 3}}" for q in asked.find_with
        )
        front += "find_with:\n" + "".join(f"{line}\n" for line in lines)
    if asked.type is ArticleType.ALERT:
        until = today + timedelta(days=ALERT_DAYS)
        front += f"alert: {{from: {today.isoformat()}, until: {until.isoformat()}}}\n"
    return f"---\n{front}---\n\n{_body(asked.type, lang)}"


def _body(kind: ArticleType, lang: str) -> str:
    seen, where, why, step, text = NEW_TEXTS[lang]
    if kind is not ArticleType.PROBLEM:
        return f"1. {step}\n" if kind is ArticleType.HOW_TO else f"{text}\n"
    parts = zip(_HEADINGS[lang], (seen, f"- {where}", why, f"1. {step}"), strict=True)
    return "\n".join(f"## {heading}\n\n{words}\n" for heading, words in parts)


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise _mistake(f"{path} is there already", "choose another title") from None
    except OSError as error:
        reason = (error.strerror or "it failed").lower()
        raise _mistake(f"{path} cannot be written: {reason}", "check the folder's rights") from None


def _mistake(what: str, mend: str) -> ContentError:
    return ContentError([Problem("kb new", 0, what, mend)])

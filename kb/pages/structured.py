"""An article as schema.org says it: FAQPage, HowTo or TechArticle, and where it stands.

It stands in the page as a block of data, which no browser runs, so the policy against inline
scripts does not concern it; a “<” in it is written so that it cannot end the block."""

import re
from typing import Any

from flask import json, url_for
from markupsafe import Markup

from kb.content.markdown import plain_text
from kb.pages.frame import article_url, lang, live, wiring
from kb.pages.texts import gettext as _
from kb.rules.articles import Article, ArticleType

MOST_STEPS = 50
_STEPS = re.compile(r'<ol class="steps">')
_LIST = re.compile(r"<(/?)(?:ol|ul)\b[^>]*>")
_ITEM = re.compile(r"<(/?)li\b[^>]*>")
_ITEM_BEGINS = re.compile(r"<li\b[^>]*>")
_HEADING = re.compile(r'<h2 id="([^"]*)"[^>]*>(.*?)</h2>', re.DOTALL)


def structured(article: Article, html: str, image: str) -> Markup:
    """Return the data block's content for an article whose page shows `html`."""
    graph = [_about(article, html, image), _crumbs(article)]
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 # nothing in it can end the block


def _about(article: Article, html: str, image: str) -> dict[str, Any]:
    made = {
        "@type": "TechArticle",
        "headline": article.title[:110],
        "name": article.title,
        "description": article.summary,
        "inLanguage": article.lang,
        "url": wiring().settings.base_url + article_url(article),
        "isAccessibleForFree": True,
        "keywords": ", ".join((*article.error_codes, *article.keywords)),
        "dateModified": article.updated.isoformat() if article.updated else "",
        "image": image,
        "publisher": {"@type": "Organization", "name": _company()},
        "about": [{"@type": "SoftwareApplication", "name": name} for name in _products(article)],
    }
    if article.type is ArticleType.FAQ:
        made |= {"@type": "FAQPage", "mainEntity": _questions(article, html)}
    elif article.type is ArticleType.HOW_TO and (steps := steps_of(html)):
        made |= {"@type": "HowTo", "step": [_step(n, text) for n, text in enumerate(steps, 1)]}
    return {name: value for name, value in made.items() if value not in ("", [])}


def _questions(article: Article, html: str) -> list[dict[str, Any]]:
    """The headings that are questions, each with what stands below it; else the title."""
    pieces = _HEADING.split(html)
    found = [
        (plain_text(heading), plain_text(below))
        for heading, below in zip(pieces[2::3], pieces[3::3], strict=True)
    ]
    asked = [(question, text) for question, text in found if question.endswith("?")]
    if not asked:
        asked = [(article.title, plain_text(html))]
    return [
        {
            "@type": "Question",
            "name": question,
            "acceptedAnswer": {"@type": "Answer", "text": text},
        }
        for question, text in asked
        if text
    ]


def _step(number: int, text: str) -> dict[str, Any]:
    return {"@type": "HowToStep", "position": number, "text": text}


def steps_of(html: str) -> list[str]:
    """Return the words of each step of the first numbered list, lists within a step included."""
    start = _STEPS.search(html)
    if start is None:
        return []
    body = html[start.end() : _end(_LIST, html, start.end())]
    steps: list[str] = []
    at = 0
    while (item := _ITEM_BEGINS.search(body, at)) and len(steps) < MOST_STEPS:
        at = _end(_ITEM, body, item.end())
        steps.append(plain_text(body[item.end() : at]).replace("\n", " "))
    return [step for step in steps if step]


def _end(tag: re.Pattern[str], html: str, at: int) -> int:
    """Where the element that was opened before `at` is closed."""
    depth = 1
    for found in tag.finditer(html, at):
        depth += -1 if found[1] else 1
        if depth == 0:
            return found.start()
    return len(html)


def _crumbs(article: Article) -> dict[str, Any]:
    base, site = wiring().settings.base_url, live().site.site
    name = site.categories.get(article.category)
    category = url_for("articles.category", category=article.category)
    places = [
        (site.name.in_(lang()) or _("Support"), url_for("home.home")),
        (name.in_(lang()) if name else article.category, category),
        (article.title, article_url(article)),
    ]
    items = [
        {"@type": "ListItem", "position": number, "name": name, "item": base + url}
        for number, (name, url) in enumerate(places, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _company() -> str:
    site = live().site.site
    return site.company or site.brand


def _products(article: Article) -> list[str]:
    products = live().site.policy.products
    return [products[one.line].name for one in article.products if one.line in products]

"""What may solve it before somebody writes: the tree and the articles about the topic chosen."""

from dataclasses import replace

from flask import url_for

from kb.pages.frame import article_url, lang, live
from kb.pages.texts import gettext as _
from kb.rules.contact import Wish
from kb.rules.policy import Topic
from kb.rules.trees import ContactEnd, Tree
from kb.search.groups import TREE
from kb.search.query import Query


def before_writing(wish: Wish, product: str | None) -> list[tuple[str, str]]:
    """Return, as address and title, the tree about the topic for who has not walked one yet, and up
    to three articles: about the topic, among the problems of the product where one is in question;
    of the product alone where no topic is or none fits."""
    request = live().site.policy.requests[wish.request]
    topic = request.topic(wish.topic)
    line = (product or wish.product) if request.needs_product else ""
    tree = _tree(topic, wish, line) if topic and not wish.walk else []
    about = _about(topic, line) if topic else []
    if about or not request.needs_product:
        return tree + about
    shelf = live().site.articles[lang()].values()
    known = [a for a in shelf if a.type == "problem" and a.audience == "public"]
    fitting = [a for a in known if not line or any(r.line == line for r in a.products)]
    return tree + [(article_url(a), a.title) for a in fitting[:3]]


def _tree(topic: Topic, wish: Wish, line: str) -> list[tuple[str, str]]:
    """The tree that says most about a topic, if it may itself end at a request about it: then it
    asks what the customer would be asked, and knows what solves it."""
    wanted = Query(text=topic.name.in_(lang()), lang=lang(), limit=1, types=(TREE,), snippets=False)
    hits = live().index.search(replace(wanted, products=(line,)) if line else wanted).hits
    found = live().site.trees.get(hits[0].id, {}).get(lang()) if hits else None
    if found is None or not _leads_to(found, wish):
        return []
    title = _("Troubleshooter: %(title)s", title=found.title)
    return [(url_for("troubleshooter.tree", tree=found.id), title)]


def _leads_to(tree: Tree, wish: Wish) -> bool:
    ends = (node for node in tree.nodes.values() if isinstance(node, ContactEnd))
    return any((end.request, end.topic) == (wish.request, wish.topic) for end in ends)


def _about(topic: Topic, line: str) -> list[tuple[str, str]]:
    """The articles that say most about a topic, of a line its problems alone."""
    wanted = Query(text=topic.name.in_(lang()), lang=lang(), limit=6)
    if line:
        wanted = replace(wanted, products=(line,), types=("problem",))
    hits = live().index.search(wanted).hits
    return [(hit.url, hit.title) for hit in hits if hit.kind == "article"][:3]

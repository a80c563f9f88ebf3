"""A foreign Markdown knowledge base becomes a site.

Two readings: the first plans (which files are translations of each other, their numbers, slugs and
categories), the second mends and writes one article after the other, so memory stays small.
"""

import posixpath
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml

from kb.content.imports.body import Surround, mend_body, same_words
from kb.content.imports.dead_ends import as_words, is_file, without_links_to
from kb.content.imports.fields import Head, Mapped, split_head
from kb.content.imports.plan import WRITTEN, Plan, Planned, plan_import, read_text
from kb.content.imports.report import Report
from kb.content.imports.site import write_site_files
from kb.content.markdown import Context, render
from kb.content.markdown.slugs import slug
from kb.content.media import KINDS
from kb.content.problems import ContentError
from kb.content.validate import validate
from kb.content.yaml_source import read_yaml
from kb.rules.articles import Audience, Status

_DATA_KINDS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif", b"RIFF": "webp"}
_OWN_ANCHOR = re.compile(r"\[([^\[\]]*)\]\(#([^)\s]*)\)")
_PICTURES = {kind for kind in KINDS if kind in (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")}


def import_markdown(
    source: Path,
    out: Path,
    folders: Mapping[str, str],
    mapped: Mapped,
    step: Any = None,
) -> Report:
    """Read the Markdown below `source` and write a site into the empty folder `out`.

    `folders` names the folder of each language, the default language first. Raises OSError when a
    folder cannot be read or written; everything else is mended or left out, and reported."""
    report = Report()
    plan = plan_import(source, folders, mapped, report)
    out.mkdir(parents=True, exist_ok=True)
    for done, article in enumerate(plan.articles, 1):
        for lang, path in article.files.items():
            _write(source, out, folders, plan, article, lang, path, report)
        if step:
            step(done, len(plan.articles))
    _drop_unwritten(out, plan, report)
    report.articles = len(plan.articles)
    report.numbers = {article.key: article.number for article in plan.articles}
    write_site_files(out, plan.languages, _products(plan), _categories(plan), _is_complete(plan))
    return report


def read_map(path: str, text: str) -> Mapped:
    """Read a mapping file; raises ContentError with every mistake."""
    form, problems = validate(Mapped, read_yaml(path, text))
    if form is None:
        raise ContentError(problems)
    return form


def _write(
    source: Path,
    out: Path,
    folders: Mapping[str, str],
    plan: Plan,
    article: Planned,
    lang: str,
    path: Path,
    report: Report,
) -> None:
    root = (source / folders[lang]).resolve()
    name = f"{folders[lang]}/{path.relative_to(root).as_posix()}"
    text = read_text(path, name, Report())
    head = article.heads[lang]
    target = out / article.folder
    target.mkdir(parents=True, exist_ok=True)
    body = split_head(name, text or "", Report())[1]
    around = Surround(
        path=name,
        title=head.title.replace("[", "(").replace("]", ")"),
        picture=lambda src, data: _picture(source, path, target, src, data),
        file=lambda href: _beside(source, path, target, href, KINDS),
        article=lambda href: _article(plan, path, href, head, lang),
        report=report,
    )
    mended = _own_anchors(mend_body(body, around), lang, name, report)
    first, _, rest = mended.partition("\n\n")
    if rest.strip() and head.summary and same_words(first, head.summary):
        mended = rest.lstrip("\n")  # the page shows the summary above the text
        report.note(name, "first paragraph that repeats the summary, dropped")
    context = Context(lang, name)
    before, (mended, rendered) = mended, as_words(mended, target, plan.by_number, context)
    if mended != before:
        report.note(name, "link or block that leads nowhere, kept as it was typed")
    if not rendered.parts and rendered.problems:
        report.leave_out(name, f"{rendered.problems[0].what}")
        return
    keys = yaml.safe_dump(_front_matter(head), allow_unicode=True, sort_keys=False, width=10_000)
    (target / f"{lang}.md").write_text(f"---\n{keys}---\n\n{mended}", encoding="utf-8")
    report.written += 1


def _front_matter(head: Head) -> dict[str, Any]:
    keys: dict[str, Any] = {"title": head.title}
    if head.summary:
        keys["summary"] = head.summary
    keys["type"] = head.type
    if head.products:
        keys["products"] = [line for name in head.products if (line := _line(name))]
    if head.keywords:
        keys["keywords"] = list(head.keywords)
    if head.updated:
        keys["updated"] = head.updated
    if head.owner:
        keys["owner"] = head.owner
    if head.status is not Status.PUBLISHED:
        keys["status"] = str(head.status)
    if head.audience is not Audience.PUBLIC:
        keys["audience"] = str(head.audience)
    return keys


def _picture(source: Path, path: Path, target: Path, src: str, data: bytes | None) -> str | None:
    """Put a picture beside the article; return its name there, or None when there is none."""
    if data is not None:
        kind = next((kind for sign, kind in _DATA_KINDS.items() if data.startswith(sign)), None)
        if kind is None:
            return None
        name = f"image-{len(list(target.glob('image-*'))) + 1}.{kind}"
        for other in target.glob(f"image-*.{kind}"):
            if other.read_bytes() == data:
                return other.name
        (target / name).write_bytes(data)
        return name
    return _beside(source, path, target, src, _PICTURES)


def _beside(source: Path, path: Path, target: Path, src: str, kinds: set[str]) -> str | None:
    """Copy a file of the source beside the article; return its name there, or None when it is not
    there, outside of the source, or of another kind."""
    plain = unquote(src).partition("?")[0].partition("#")[0]
    found = source / plain.lstrip("/") if plain.startswith("/") else path.parent / plain
    if not is_file(found):
        return None
    found = found.resolve()
    if not found.is_relative_to(source.resolve()) or found.suffix.lower() not in kinds:
        return None
    return _put(target, slug(found.stem) or "image", found.suffix.lower(), found.read_bytes())


def _put(target: Path, stem: str, suffix: str, data: bytes) -> str:
    """Write a file under a name that no other file there has; return the name."""
    count = 1
    while True:
        made = target / (f"{stem}{suffix}" if count == 1 else f"{stem}-{count}{suffix}")
        if not made.exists():
            made.write_bytes(data)
        if made.read_bytes() == data:
            return made.name
        count += 1


def _article(plan: Plan, path: Path, href: str, head: Head, lang: str) -> int | None:
    """The number of the article that a relative link leads to; 0 for one that the readers of the
    article with this head may not read."""
    plain = unquote(href).partition("?")[0].partition("#")[0]
    if not plain:
        return None
    found = plan.by_path.get(posixpath.normpath(str(path.parent / plain)))
    if found is None and WRITTEN.search(plain):
        found = plan.by_name.get(WRITTEN.sub("", plain).rpartition("/")[2].lower())
    if not found:
        return None
    heads = plan.by_number[found].heads
    other = heads.get(lang) or next(iter(heads.values()))
    return 0 if _is_hidden(other) and not _is_hidden(head) else found


def _is_hidden(head: Head) -> bool:
    return head.status is Status.DRAFT or head.audience is Audience.INTERNAL


def _own_anchors(body: str, lang: str, name: str, report: Report) -> str:
    """Links inside the text whose heading is not there lose their address."""
    if "](#" not in body:
        return body
    anchors = {heading.anchor for heading in render(body, Context(lang)).headings}

    def keep(found: re.Match[str]) -> str:
        if found[2] in anchors:
            return found[0]
        other = slug(unquote(found[2]))
        if other in anchors:
            return f"[{found[1]}](#{other})"
        report.note(name, "link that leads nowhere, its words kept")
        return found[1]

    return _OWN_ANCHOR.sub(keep, body)


def _line(product: str) -> str:
    """The id of a product; one that is called by a number gets a word before it."""
    line = slug(product, 40)
    return line if line[:1].isalpha() or not line else f"product-{line}"


def _drop_unwritten(out: Path, plan: Plan, report: Report) -> None:
    """Take the articles of which no file could be written out of the plan, and the links to them
    out of the others: the new site would not compile."""
    gone: dict[int, str] = {}
    for article in list(plan.articles):
        folder = out / article.folder
        article.files = {k: v for k, v in article.files.items() if (folder / f"{k}.md").is_file()}
        if not article.files:
            gone[article.number] = next(iter(article.heads.values())).title
            plan.articles.remove(article)
            shutil.rmtree(folder)
    for path in out.glob("articles/*/*/*.md") if gone else ():
        text = path.read_text(encoding="utf-8")
        made = without_links_to(gone, gone, text)
        if made != text:
            path.write_text(made, encoding="utf-8")
            name = path.relative_to(out).as_posix()
            report.note(name, "link to an article that was left out, its words kept")


def _products(plan: Plan) -> dict[str, str]:
    """Every product that an article names: {line: name}."""
    names = [
        name
        for article in plan.articles
        for head in article.heads.values()
        for name in head.products
    ]
    found: dict[str, str] = {}
    for name in sorted(names):
        if line := _line(name):
            found.setdefault(line, name)
    return found


def _categories(plan: Plan) -> dict[str, dict[str, str]]:
    """Every category with its name in each language: {category: {language: name}}."""
    products = _products(plan)
    names: dict[str, dict[str, str]] = {}
    for article in plan.articles:
        known = names.setdefault(article.category, {})
        for lang, head in article.heads.items():
            if head.category:
                known.setdefault(lang, head.category)
    for category, known in names.items():
        plain = products.get(category, category.replace("-", " ").capitalize())
        given = next((known[lang] for lang in plan.languages if lang in known), plain)
        for lang in plan.languages:
            known.setdefault(lang, given)
    return names


def _is_complete(plan: Plan) -> bool:
    """Tell whether every article is there in every language."""
    return all(set(article.files) == set(plan.languages) for article in plan.articles)

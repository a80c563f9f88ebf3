"""The files of an imported site that are not articles: site.yaml and a small policy."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

_TILES: list[dict[str, Any]] = [
    {
        "name": {"es": "Base de conocimientos", "en": "Knowledge base"},
        "line": {"es": "Todos los artículos", "en": "Every article"},
        "icon": "file-text",
        "place": "page:articles",
    },
    {
        "name": {"es": "Productos", "en": "Products"},
        "line": {"es": "Artículos por producto", "en": "Articles by product"},
        "icon": "package",
        "place": "page:products",
    },
]


def write_site_files(
    out: Path,
    languages: tuple[str, ...],
    products: Mapping[str, str],
    categories: Mapping[str, Mapping[str, str]],
    complete: bool,
) -> None:
    """Write site.yaml and policy/products.yaml for an imported knowledge base."""
    site = {
        "name": _in_languages({"es": "Soporte", "en": "Support"}, languages),
        "brand": "Support" if languages[0] == "en" else "Soporte",
        "languages": list(languages),
        "translations": "required" if complete else "optional",
        "tiles": [_in_languages(tile, languages) for tile in _TILES],
        "categories": {
            name: {lang: words[lang] for lang in languages}
            for name, words in sorted(categories.items())
        },
    }
    (out / ".gitignore").write_text("var/\n")
    _dump(out / "site.yaml", site, "Made by kb import; see docs/authors.md for every key.")
    if products:
        (out / "policy").mkdir(exist_ok=True)
        lines = [
            {"id": line, "name": name, "market": "business"} for line, name in products.items()
        ]
        _dump(out / "policy" / "products.yaml", lines, "Every product that an article names.")


def _in_languages(value: Any, languages: tuple[str, ...]) -> Any:
    """Keep the languages that the site has."""
    if not isinstance(value, dict):
        return value
    if set(value) <= {"es", "en"}:
        return {lang: value[lang] for lang in languages if lang in value}
    return {key: _in_languages(part, languages) for key, part in value.items()}


def _dump(path: Path, data: Any, comment: str) -> None:
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100)
    path.write_text(f"# {comment}\n\n{text}", encoding="utf-8")

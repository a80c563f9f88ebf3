"""Where templates, static files, guides and the starter site lie: in the wheel or the checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_ROOT = _PACKAGE / "bundled" if (_PACKAGE / "bundled").is_dir() else _PACKAGE.parent

TEMPLATES = _ROOT / "templates"
STATIC = _ROOT / "static"
STARTER = _ROOT / "starter" if (_ROOT / "starter").is_dir() else _ROOT / "examples" / "starter"
DOCS = _ROOT / "docs"

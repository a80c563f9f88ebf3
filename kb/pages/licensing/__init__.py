"""The licence calculator: a form whose result has an address (R52–R56)."""

from kb.pages.licensing.views import blueprint

__all__ = ["blueprint"]

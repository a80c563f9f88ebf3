"""Contacting support: what it is about, which ways there are and why, the form (R37–R44)."""

from kb.pages.contact.views import blueprint

__all__ = ["blueprint"]

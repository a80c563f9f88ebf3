"""Contacting support: what it is about, which ways there are and why, the form (R37–R44)."""

from kb.pages.contact import drafts as drafts
from kb.pages.contact import severity as severity
from kb.pages.contact import views as views
from kb.pages.contact.routes import blueprint as blueprint

"""Editing articles in the browser: a form, how it looks, and a commit on a branch."""

from kb.pages.editor import drafts, taking, writing
from kb.pages.editor.blueprint import blueprint

__all__ = ["blueprint", "drafts", "taking", "writing"]

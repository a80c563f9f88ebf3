"""Where the editor's views hang."""

from kb.pages.frame import feature

blueprint = feature("editor", __name__, "/desk/articles")

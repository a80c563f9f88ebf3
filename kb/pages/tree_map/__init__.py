"""For agents and authors: each tree's drawing with figures, and where people leave it."""

from kb.pages.tree_map.views import blueprint as blueprint

"""The blueprint that the desk's pages share."""

from kb.pages.frame import feature

blueprint = feature("desk", "kb.pages.desk", "/desk")

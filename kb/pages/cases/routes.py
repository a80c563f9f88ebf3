"""The blueprint that the customer's case pages share."""

from kb.pages.frame import feature

blueprint = feature("cases", "kb.pages.cases", "/my/cases")

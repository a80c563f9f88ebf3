"""Where the views about articles of cases hang."""

from kb.pages.frame import feature

blueprint = feature("case_article", __name__, "/desk/cases/<int(max=9999999999):number>/article")

"""My cases: the list, a case with its conversation, what can be done in it (R44, R49, R50, R66)."""

from kb.pages.cases import after as after
from kb.pages.cases import follow as follow
from kb.pages.cases import help as help
from kb.pages.cases import views as views
from kb.pages.cases.routes import blueprint as blueprint

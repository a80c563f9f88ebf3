"""A customer's chat in a case: the page, what is said, the signs of life, the stream (R40)."""

from kb.pages.chat import live as live
from kb.pages.chat import on_case as on_case
from kb.pages.chat import views as views
from kb.pages.chat.routes import blueprint as blueprint

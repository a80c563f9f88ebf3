"""For agents: everything that people say, in one queue; what it comes to; how articles do (R51)."""

from kb.pages.feedback_desk import articles as articles
from kb.pages.feedback_desk import download as download
from kb.pages.feedback_desk import queue as queue
from kb.pages.feedback_desk import trends as trends
from kb.pages.feedback_desk import work as work
from kb.pages.feedback_desk.routes import blueprint as blueprint

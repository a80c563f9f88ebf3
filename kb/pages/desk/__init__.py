"""The agents' desk: the queue, a case with all of its story, work on it (R48–R50)."""

from kb.pages.desk import answering as answering
from kb.pages.desk import case as case
from kb.pages.desk import compose as compose
from kb.pages.desk import export as export
from kb.pages.desk import help as help
from kb.pages.desk import mail as mail
from kb.pages.desk import many as many
from kb.pages.desk import news as news
from kb.pages.desk import presence as presence
from kb.pages.desk import preview as preview
from kb.pages.desk import queue as queue
from kb.pages.desk import taking as taking
from kb.pages.desk import terms as terms
from kb.pages.desk import ties as ties
from kb.pages.desk import webhooks as webhooks
from kb.pages.desk.routes import blueprint as blueprint

"""The API for programs under `/api/v1/`: cases, customers, webhooks; by token alone."""

from kb.pages.rest import cases as cases
from kb.pages.rest import changes as changes
from kb.pages.rest import document as document
from kb.pages.rest import hooks as hooks
from kb.pages.rest import opening as opening
from kb.pages.rest import people as people
from kb.pages.rest import uploads as uploads
from kb.pages.rest.operations import blueprint as blueprint

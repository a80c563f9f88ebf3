"""Where a walk through the tree of every kind stands, read from its page."""

from urllib.parse import parse_qs, urlsplit

from tests.pages.test_troubleshooter import reached
from tests.visitor import Page

START = "/en/troubleshoot/every-kind/"


def path(page: Page) -> str:
    """The name of the node in the address."""
    return urlsplit(reached(page)).path.removeprefix(START)


def query(page: Page) -> dict[str, str]:
    """The answers in the address."""
    parsed = parse_qs(urlsplit(reached(page)).query, keep_blank_values=True)
    return {key: values[0] for key, values in parsed.items()}

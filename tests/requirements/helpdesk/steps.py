"""What visitors of the free help desk do."""

import re

from tests.visitor import Page, Visitor

FORM = "/{lang}/contact/case?request=help&topic={topic}&channel=email"

BOX = "agree-conditions"


def form(visitor: Visitor, topic: str = "internet", lang: str = "en") -> Page:
    return visitor.get(FORM.format(lang=lang, topic=topic))


def words(page: Page, **changes: str) -> dict[str, str]:
    """What is typed into the form, all of it, the conditions accepted."""
    typed = {
        "submission": page.hidden("submission"),
        "seen": "yes",
        BOX: seal_on(page),
        "title": "The tablet does not join the Wi-Fi",
        "description": "Since yesterday it says that the password is wrong.",
        "severity": "B",
        "reason": "internet",
        "first_name": "Noé",
        "last_name": "Arias",
        "email": "noe@example.com",
        "country": "CO",
        **changes,
    }
    return {name: text for name, text in typed.items() if text}


def seal_on(page: Page) -> str:
    """The value of the box of the conditions."""
    found = re.search(rf'<input[^>]*name="{BOX}"[^>]*>', page.html)
    assert found, page.html[:3000]
    value = re.search(r'value="([^"]+)"', found[0])
    assert value, found[0]
    return value[1]


def opens(visitor: Visitor, topic: str = "internet", **changes: str) -> int:
    page = form(visitor, topic)
    return number_of(visitor.post(page.url, **words(page, reason=topic, **changes)))


def number_of(page: Page) -> int:
    found = re.search(r"Case (\d+)", page.text)
    assert found, page.text[:600]
    return int(found[1])

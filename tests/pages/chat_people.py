"""A customer and an agent who chat, for tests of both sides' pages."""

from dataclasses import dataclass
from typing import Any

from tests.visitor import Page, Visitor

JSON = {"Accept": "application/json"}
WISH = "request=technical&edition=full&topic=backup&product=backup-server"
TRIAL = "request=technical&edition=trial&topic=backup&product=home"


@dataclass
class Side:
    """One side of a chat: pages, and what the page's script does."""

    visitor: Visitor
    base: str  # the address of the chat

    def page(self) -> Page:
        return self.visitor.get(self.base)

    def writes(self, body: str, form: str = "", **more: Any) -> dict[str, Any]:
        """Send a message as the script does."""
        page = self.page()
        fields = {
            "csrf_token": page.token(),
            "submission_id": form or page.hidden("submission_id"),
            "body": body,
            **more,
        }
        answer = self.visitor.client.post(self.base, data=fields, headers=JSON)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.get_json()
        return told

    def news(self, after: int = 0) -> dict[str, Any]:
        """Ask for what is new, as the script does."""
        answer = self.visitor.client.get(f"{self.base}/news?after={after}", headers=JSON)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.get_json()
        return told

    def types(self, still: str = "yes") -> int:
        fields = {"csrf_token": self.page().token(), "still": still}
        return self.visitor.client.post(f"{self.base}/typing", data=fields).status_code


def takes_chats(agent: Visitor, most: int = 2) -> None:
    """An agent says on the desk to take chats."""
    agent.get("/en/desk/chats")
    agent.post("/en/desk/chats", most=str(most), do="take")


def case_form(page: Page, **changes: str) -> dict[str, str]:
    """What is typed into the vendor's technical form."""
    typed = {
        "submission": page.hidden("submission"),
        "seen": "yes",
        "title": "The nightly backup stops",
        "description": "Every night it stops at 02:10.",
        "environment": "Windows Server 2022",
        "steps": "It starts by itself.",
        "severity": "A",
        "reason": "backup",
        "serial": "Key ending in 0001",
        "first_name": "Marta",
        "last_name": "Ruiz",
        "email": "premier@example.com",
        "phone": "+34 600 000 000",
        "country": "ES",
    }
    return {**typed, **changes}


def opens_by_chat(customer: Visitor, wish: str = WISH) -> Side:
    """Fill in the form of the chat and send it; returns the customer's side of what follows."""
    offered = customer.get("/en/contact/options?" + wish)
    page = customer.get(offered.link("Chat now"))
    answer = customer.client.post(
        page.url, data={"csrf_token": page.token(), **case_form(page)}, follow_redirects=False
    )
    assert answer.status_code == 302, answer.text
    assert answer.location.endswith("/chat"), answer.location
    return Side(customer, answer.location)


def the_agents(agent: Visitor, customer: Side) -> Side:
    """The agent's side of the same chat."""
    number = customer.base.split("/")[-2]
    return Side(agent, f"/en/desk/chats/{number}")

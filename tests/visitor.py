"""A visitor: verbs over the real application, and eyes that check every page it is shown."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Self

from flask import Flask
from werkzeug.test import TestResponse

PASSWORD = "demo password"  # replaced by what the demo data says
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
VOID |= {"path", "circle", "rect", "line", "polyline", "polygon", "ellipse"}
OPTIONAL_END = {"p", "li", "dt", "dd", "option", "tr", "td", "th", "tbody", "thead"}


@dataclass
class Page(HTMLParser):
    """A fetched page, read once: its words, links, forms and whether it keeps the house rules."""

    response: TestResponse
    url: str
    html: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)
    forms: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.html = self.response.get_data(as_text=True)
        self._open: list[str] = []
        self._words: list[str] = []
        self._link: tuple[str, list[str]] | None = None
        self._labelled: set[str] = set()
        self._inputs: list[dict[str, str | None]] = []
        self._in_label = 0
        self._h1 = 0
        self._ids: list[str] = []
        self._title: list[str] = []
        self.feed(self.html)
        self.close()
        self._judge()

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        """All words of the page, white space folded."""
        return re.sub(r"\s+", " ", " ".join(self._words)).strip()

    @property
    def title(self) -> str:
        return "".join(self._title).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if "id" in found:
            self._ids.append(str(found["id"]))
        if "style" in found or any(name.startswith("on") for name in found):
            self.faults.append(f"<{tag}> has an inline style or handler")
        if tag == "a" and found.get("href"):
            self._link = (str(found["href"]), [])
        if tag == "h1":
            self._h1 += 1
        if tag == "label":
            self._in_label += 1
            self._labelled.add(str(found.get("for")))
        if tag == "form":
            self.forms.append({"attrs": found, "fields": []})
        if tag == "img" and found.get("alt") is None:
            self.faults.append(f"image without alternative text: {found.get('src')}")
        if tag == "script" and not found.get("src") and found.get("type") != "application/ld+json":
            self.faults.append("inline script")
        if tag in {"input", "select", "textarea", "button"}:
            found["tag"] = tag
            found["inside_label"] = "yes" if self._in_label else None
            self._inputs.append(found)
            if self.forms and "form" in self._open:
                self.forms[-1]["fields"].append(found)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        while self._open and self._open[-1] != tag and self._open[-1] in OPTIONAL_END:
            self._open.pop()
        if not self._open or self._open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self._open[-1:] or 'nothing'}")
            return
        self._open.pop()
        if tag == "label":
            self._in_label -= 1
        if tag == "a" and self._link:
            words = re.sub(r"\s+", " ", "".join(self._link[1])).strip()
            self.links.append((words, self._link[0]))
            self._link = None

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in {"script", "style"}:
            return
        if self._open and self._open[-1] == "title" and "svg" not in self._open:
            self._title.append(data)
            return
        self._words.append(data)
        if self._link:
            self._link[1].append(data)

    def _judge(self) -> None:
        if self._open:
            self.faults.append(f"never closed: {self._open}")
        if self._h1 != 1:
            self.faults.append(f"{self._h1} h1 headings")
        if not self.title:
            self.faults.append("no title")
        if "<html lang=" not in self.html:
            self.faults.append("no language")
        twice = sorted({i for i in self._ids if self._ids.count(i) > 1})
        if twice:
            self.faults.append(f"ids used twice: {twice}")
        for found in self._inputs:
            self._judge_input(found)

    def _judge_input(self, found: dict[str, str | None]) -> None:
        if found["tag"] == "button" or found.get("type") in {"hidden", "submit"}:
            return
        named = (
            found.get("id") in self._labelled
            or found.get("inside_label")
            or found.get("aria-label")
            or found.get("aria-labelledby")
        )
        if not named:
            self.faults.append(f"input without a label: {found.get('name')}")

    def token(self, action: str | None = None) -> str:
        """Return the CSRF token of the form that posts to `action` (or of any form)."""
        for form in self.forms:
            if action is not None and form["attrs"].get("action") not in {action, None, ""}:
                continue
            for found in form["fields"]:
                if found.get("name") == "csrf_token":
                    return str(found.get("value"))
        return ""

    def hidden(self, name: str) -> str:
        """Return the value of the first hidden field of this name."""
        for form in self.forms:
            for found in form["fields"]:
                if found.get("name") == name:
                    return str(found.get("value") or "")
        raise AssertionError(f"no field {name} on {self.url}")

    def value_of(self, id_: str) -> str:
        """Return the value of the field with this id."""
        found = re.search(rf'id="{id_}"[^>]*value="([^"]+)"', self.html)
        assert found, f"no field {id_} on {self.url}"
        return found[1]

    def link(self, words: str) -> str:
        """Return the address behind the first link whose text contains `words`."""
        for text, href in self.links:
            if words.lower() in text.lower():
                return href
        raise AssertionError(f"no link “{words}” on {self.url}: {[t for t, _ in self.links]}")


class Visitor:
    """One person with one browser."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self.page: Page | None = None

    def get(self, url: str, *, expect: int = 200, follow: bool = True, **query: Any) -> Page:
        """Fetch a page and check it."""
        response = self.client.get(url, query_string=query or None, follow_redirects=follow)
        return self._look(response, url, expect)

    def post(
        self, url: str, *, expect: int = 200, follow: bool = True, token: bool = True, **fields: Any
    ) -> Page:
        """Send a form as a browser does: with the token of the page it stands on."""
        if token and "csrf_token" not in fields:
            fields["csrf_token"] = self._token_for(url)
        headers = {"Sec-Fetch-Site": "same-origin"} if token else {}
        response = self.client.post(url, data=fields, headers=headers, follow_redirects=follow)
        return self._look(response, url, expect)

    def follow(self, words: str) -> Page:
        """Click the link with these words on the page in sight."""
        assert self.page is not None
        return self.get(self.page.link(words))

    def as_customer(self, name: str) -> Self:
        """Sign in with a demo account (`premier`, `home-10` …)."""
        from kb.actions.demo import PASSWORD as demo_password

        self.get("/en/account/sign-in")
        page = self.post("/en/account/sign-in", email=f"{name}@example.com", password=demo_password)
        assert page.status == 200
        assert "My account" in page.text, page.text
        return self

    def as_agent(self) -> Self:
        """Sign in as the demo agent."""
        return self.as_customer("agent")

    def as_admin(self) -> Self:
        """Sign in as the demo administrator."""
        return self.as_customer("admin")

    def _token_for(self, url: str) -> str:
        if self.page is not None and self.page.token():
            return self.page.token()
        return Page(self.client.get("/en/feedback"), url).token()

    def _look(self, response: TestResponse, url: str, expect: int) -> Page:
        kind = response.content_type or ""
        assert response.status_code == expect, (
            f"{url}: {response.status_code}, not {expect}: {response.get_data(as_text=True)[:600]}"
        )
        self.page = Page(response, url) if kind.startswith("text/html") and response.data else None
        if self.page is None:
            return Page.__new__(Page)
        if response.status_code not in {301, 302, 303, 308}:
            assert not self.page.faults, f"{url}: {self.page.faults}"
        return self.page

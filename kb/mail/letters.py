"""Writing letters: a template in the reader's language becomes a subject, a text and headers."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from email.headerregistry import Address
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateNotFound

from kb.bundled import TEMPLATES
from kb.mail import fingerprint, html
from kb.rules.site import Site
from kb.rules.texts import Text, nested
from kb.settings import Settings

FALLBACK_LANG = "en"
FIRST = "case-opened"  # the mail that begins a case's thread
PERSONAL = "case-reply"  # the one kind that a person wrote
KIND_HEADER = "X-Waypost-Kind"  # so that our own mail is known if it comes back
LOCALES = {"en": "en_GB", "es": "es_ES"}
BUTTONS = {"en": "Open the page", "es": "Abrir la página"}


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that is written and not yet queued."""

    message_id: str
    kind: str
    recipient: str
    subject: str
    text: str
    lang: str
    headers: Mapping[str, str] = field(default_factory=dict)
    case_number: int | None = None
    html: str | None = None


@dataclass(frozen=True, slots=True)
class Letters:
    """Writes every mail of a site; `folders` are searched in order for `<lang>/<name>.txt`. What
    concerns cases that no agent has goes to `queue_email`, in the language of the mailbox."""

    folders: tuple[Path, ...]
    mailbox: str
    base_url: str
    secret: str
    brand: Text
    queue_email: str = ""
    queue_lang: str = FALLBACK_LANG

    def write(
        self,
        kind: str,
        lang: str,
        recipient: str,
        *,
        case_number: int | None = None,
        path: str = "",
        answers: str | None = None,
        **context: Any,
    ) -> Letter:
        """Write one letter; `path` is the page it leads to, under `/<lang>/`. One that answers a
        mail by itself has that mail's Message-ID in `answers` ("" where it had none)."""
        said = {
            **context,
            "brand": self.brand.in_(lang),
            "link": f"{self.base_url}/{lang}/{path}",
            "number": case_number,
            "day": partial(write_day, lang),
            "money": partial(write_money, lang),
            "nested": partial(nested, lang=lang),
        }
        subject, text = self._render(kind, lang, said)
        page = self._html(kind, lang, subject, text, said)
        if case_number is not None:
            subject = f"{subject} {fingerprint.subject_mark(self.secret, case_number)}"
        return Letter(
            message_id=self._message_id(kind, case_number),
            kind=kind,
            recipient=recipient,
            subject=subject,
            text=text,
            html=page,
            lang=lang,
            headers=self._headers(lang, kind, case_number, answers),
            case_number=case_number,
        )

    def _render(self, kind: str, lang: str, said: Mapping[str, Any]) -> tuple[str, str]:
        """The first line of a template is the subject. It is rendered by itself and put on one
        line, so nothing a customer typed can become a header."""
        templates = _templates(self.folders)
        try:
            source = _source(templates, f"{lang}/{kind}.txt")
        except TemplateNotFound:
            source = _source(templates, f"{FALLBACK_LANG}/{kind}.txt")
        first, _, rest = source.partition("\n")
        subject = _compiled(templates, first).render(said)
        text = _compiled(templates, rest).render(said)
        return " ".join(subject.split()), text.strip() + "\n"

    def _html(self, kind: str, lang: str, subject: str, text: str, said: dict[str, Any]) -> str:
        """The site's own `<kind>.html` where there is one, else the text as HTML."""
        templates = _html_templates(self.folders)
        content = html.paired(templates, self.folders, f"{lang}/{kind}.html", said)
        if content is None:
            button = BUTTONS.get(lang, BUTTONS[FALLBACK_LANG])
            content = html.from_text(text, said["link"], button, trusted=kind == PERSONAL)
        return html.page(
            templates,
            content,
            lang=lang,
            title=subject,
            brand=said["brand"],
            home=f"{self.base_url}/{lang}/",
        )

    def _message_id(self, kind: str, number: int | None) -> str:
        if number is not None and kind == FIRST:
            return self._thread(number)
        mark = fingerprint.token(self.secret, number) if number is not None else "0"
        return f"<{kind}.{number or 0}.{mark}.{secrets.token_hex(12)}@{self._domain}>"

    def _headers(
        self, lang: str, kind: str, number: int | None, answers: str | None
    ) -> dict[str, str]:
        headers = {"From": self._sender(lang), "Content-Language": lang, KIND_HEADER: kind}
        if kind != PERSONAL:  # keeps automatic answers away (RFC 3834; Exchange; old habit)
            headers["Auto-Submitted"] = "auto-generated" if answers is None else "auto-replied"
            headers["X-Auto-Response-Suppress"] = "All"
            headers["Precedence"] = "bulk"
        if answers:
            headers["In-Reply-To"] = headers["References"] = answers
        if number is None:
            return headers
        headers["Reply-To"] = fingerprint.reply_address(self.secret, number, self.mailbox)
        if kind != FIRST:
            headers["In-Reply-To"] = headers["References"] = self._thread(number)
        return headers

    def _sender(self, lang: str) -> str:
        """The mailbox with the site's name before it, in quotes whatever the name holds."""
        return _address(" ".join(self.brand.in_(lang).split()), self.mailbox)

    def _thread(self, number: int) -> str:
        """All mails of a case refer to its first one, so every client shows one thread."""
        return f"<case.{number}.{fingerprint.token(self.secret, number)}@{self._domain}>"

    @property
    def _domain(self) -> str:
        return self.mailbox.rpartition("@")[2]


def write_day(lang: str, day: date | str) -> str:
    """Write a day, also one written like 2026-11-23, as readers of a language write it."""
    known = date.fromisoformat(day) if isinstance(day, str) else day
    return str(format_date(known, "long", locale=LOCALES.get(lang, lang)))


def write_money(lang: str, amount: str) -> str:
    """Write an amount like “20.00 USD” as readers of a language write it: “20,00 US$”."""
    number, _space, currency = amount.partition(" ")
    return str(format_currency(Decimal(number), currency, locale=LOCALES.get(lang, lang)))


def letters_for(settings: Settings, site: Site) -> Letters:
    """Return the writer of a site's letters; the site's own templates come first."""
    return Letters(
        folders=_folders(settings.site),
        mailbox=settings.mail_from,
        base_url=settings.base_url,
        secret=settings.secret_key,
        brand=site.name,
        queue_email=site.queue_email,
        queue_lang=site.default_language,
    )


@lru_cache(maxsize=8)
def _folders(site: Path) -> tuple[Path, ...]:
    return site / "templates" / "mail", TEMPLATES / "mail"


@lru_cache(maxsize=64)
def _address(name: str, mailbox: str) -> str:
    return str(Address(name, addr_spec=mailbox))


@lru_cache(maxsize=8)
def _templates(folders: tuple[Path, ...]) -> Environment:
    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=False,  # noqa: S701 # plain text: escaping would show as &amp; in the mail
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@lru_cache(maxsize=8)
def _html_templates(folders: tuple[Path, ...]) -> Environment:
    return html.environment(folders)


@lru_cache(maxsize=256)
def _compiled(templates: Environment, source: str) -> Template:
    return templates.from_string(source)


def _source(templates: Environment, name: str) -> str:
    """Return the text of a template, read anew only when its file changed."""
    source, is_current = _read(templates, name)
    if not is_current():
        _read.cache_clear()
        source, _ = _read(templates, name)
    return source


@lru_cache(maxsize=256)
def _read(templates: Environment, name: str) -> tuple[str, Callable[[], bool]]:
    loader = templates.loader
    if loader is None:
        raise TemplateNotFound(name)
    source, _, is_current = loader.get_source(templates, name)
    return source, is_current or (lambda: True)

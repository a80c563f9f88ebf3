"""Contacting support in a real browser: who is helped, who is not and why; nothing is lost."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kb.actions.demo import PASSWORD
from tests.browser.actor import Actor
from tests.browser.server import Running
from tests.browser.test_attachments import PNG

pytestmark = pytest.mark.browser

PASTE = """bytes => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], "image.png", {type: "image/png"}));
  document.activeElement.dispatchEvent(
    new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""
DROP = """bytes => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], "log.png", {type: "image/png"}));
  const field = document.querySelector("textarea");
  for (const kind of ["dragover", "drop"])
    field.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
}"""
WORDS = {
    "en": {
        "need": "I have a technical problem",
        "full": "The full version",
        "topic": "The backup fails",
        "promise": "First response within one hour",
        "otherwise": "Is it otherwise?",
        "ask": "Is work stopped, or is your data at risk?",
        "no": "No",
        "yes": "Yes",
        "found": "Severity B: It is serious and urgent, but we can work",
        "continue": "Continue",
        "write": "Write to us",
        "title": "The problem in one sentence",
        "happens": "What happens",
        "file": "screenshot-1.png",
        "send": "Open the case",
        "before": "Before it is sent",
        "sent": "Case opened",
        "refused": "Your support plan has ended",
        "remedy": "Renew with the Standard plan",
        "kb": "Knowledge base",
    },
    "es": {
        "need": "Tengo un problema técnico",
        "full": "La versión completa",
        "topic": "Falla la copia de seguridad",
        "promise": "Primera respuesta en una hora",
        "otherwise": "¿No es así?",
        "ask": "¿Está parado el trabajo, o corren peligro sus datos?",
        "no": "No",
        "yes": "Sí",
        "found": "Gravedad B: Es grave y urgente, pero trabajamos",
        "continue": "Continuar",
        "write": "Escribir",
        "title": "El problema en una frase",
        "happens": "Qué ocurre",
        "file": "captura-1.png",
        "send": "Abrir el caso",
        "before": "Antes de enviarlo",
        "sent": "Caso abierto",
        "refused": "Su plan de soporte ha terminado",
        "remedy": "Renovar con el Plan Standard",
        "kb": "Base de conocimientos",
    },
}


def walk(customer: Actor, words: dict[str, str], lang: str, product: str) -> Actor:
    """From the first question to the ways."""
    customer.goes_to(f"/{lang}/contact/")
    for answer in (words["need"], words["full"], product, words["topic"]):
        customer.answers(answer)
    return customer


def sends(customer: Actor, words: dict[str, str]) -> Actor:
    customer.clicks(words["send"])
    if customer.comes_to(words["before"], words["sent"]) == words["before"]:
        customer.clicks(words["send"])
    return customer.sees(words["sent"])


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_premier_customer_by_plain_questions_to_a_case_with_a_pasted_screenshot(
    lang: str, customer: Actor
) -> None:
    words = WORDS[lang]
    walk(customer.signs_in("premier", lang), words, lang, "Backup Server 12")
    customer.sees("+1 555 0100").sees(words["promise"]).clicks(words["otherwise"])
    customer.sees(words["ask"]).answers(words["no"]).answers(words["yes"])
    customer.sees(words["found"]).clicks(words["continue"]).clicks(words["write"])
    title = f"Management server lost, {lang}"
    customer.writes(words["title"], title).writes(words["happens"], "Since Monday, 09:00.")
    customer.page.get_by_label(re.compile(words["happens"])).first.focus()
    customer.page.evaluate(PASTE, list(PNG))
    customer.sees(words["file"])
    expect(customer.page.locator("input[name=severity]:checked")).to_have_value("B")
    sends(customer.looks(), words).sees(title).sees(words["file"])
    with customer.page.expect_download() as saved:
        customer.page.get_by_role("link", name=re.compile(words["file"])).first.click()
    assert Path(saved.value.path()).read_bytes() == PNG


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_lapsed_customer_is_told_why_and_what_to_do(lang: str, customer: Actor) -> None:
    words = WORDS[lang]
    walk(customer.signs_in("lapsed", lang), words, lang, "Backup Server 11.5")
    customer.sees(words["refused"]).sees(words["remedy"]).sees(words["kb"])
    customer.does_not_see("555 0100")
    customer.clicks(words["remedy"])


def test_signing_in_half_way_returns_to_the_same_step(customer: Actor) -> None:
    customer.goes_to("/en/contact/").answers("I have a technical problem")
    customer.answers("The full version")
    customer.page.locator("input[name=email]").fill("premier@example.com")
    customer.page.locator("input[name=password]").fill(PASSWORD)
    customer.page.locator("main form button[type=submit]").click()
    customer.looks().sees("Which product is it?").sees("Backup Server 12")
    customer.sees("I have a technical problem")


def test_back_goes_back_one_question_and_forward_again(customer: Actor) -> None:
    walk(customer.signs_in("premier"), WORDS["en"], "en", "Backup Server 12")
    customer.sees("How you can reach us")
    for heading in ("What is it about?", "Which product is it?", "Which version do you use?"):
        customer.page.go_back()
        customer.sees(heading)
    customer.answers("The full version").answers("Backup Server 12").answers("The backup fails")
    customer.sees("How you can reach us")


def _form(customer: Actor, topic: str) -> Page:
    customer.goes_to(
        f"/en/contact/case?request=technical&edition=full&product=backup-server&topic={topic}&channel=email"
    )
    return customer.page


def test_what_is_typed_is_saved_by_itself_and_found_again(customer: Actor) -> None:
    page = _form(customer.signs_in("premier"), "scheduler")
    customer.writes("The problem in one sentence", "Tasks start an hour late")
    expect(page.locator("#saved")).to_contain_text("Draft saved at")
    customer.goes_to("/en/contact/").clicks("Tasks start an hour late")
    customer.sees("This is your draft of")
    expect(page.locator("input[name=title]")).to_have_value("Tasks start an hour late")
    customer.clicks("Start afresh")
    expect(page.locator("input[name=title]")).to_have_value("")


def test_files_are_dropped_and_left_out_again_by_keyboard(customer: Actor) -> None:
    page = _form(customer.signs_in("premier"), "vault")
    page.evaluate(DROP, list(PNG))
    customer.sees("log.png").looks()
    page.locator("textarea").first.focus()
    page.evaluate(PASTE, list(PNG))
    customer.sees("screenshot-1.png")
    assert page.evaluate("document.querySelector('input[type=file]').files.length") == 2
    page.get_by_role("button", name="Leave out log.png").focus()
    page.keyboard.press("Enter")
    names = "[...document.querySelector('input[type=file]').files].map(one => one.name)"
    assert page.evaluate(names) == ["screenshot-1.png"]
    expect(page.locator("input[type=file]")).to_be_focused()


def test_enter_in_a_line_sends_the_form_and_keeps_what_was_typed(customer: Actor) -> None:
    page = _form(customer.signs_in("premier"), "slow")
    page.locator("input[name=title]").fill("It is slow")
    page.locator("input[name=title]").press("Enter")
    customer.looks().sees("Write: What happens?")
    expect(page.locator("input[name=title]")).to_have_value("It is slow")


@pytest.fixture
def plain(browser: Browser) -> Callable[[], Page]:
    """A browser without JavaScript."""
    return lambda: browser.new_context(java_script_enabled=False).new_page()


def test_without_script_from_the_first_question_to_the_sent_case(
    plain: Callable[[], Page], site: Running, tmp_path: Path
) -> None:
    page = plain()
    shot = tmp_path / "error.png"
    shot.write_bytes(PNG)

    def answers(words: str) -> None:
        page.locator("label.option", has_text=words).first.click()
        page.locator("main form button[type=submit]").first.click()

    page.goto(f"{site.url}/en/contact/")
    answers("I have a technical problem")
    answers("The full version")
    page.locator("input[name=email]").fill("standard@example.com")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    answers("Backup Workstation 12")
    answers("Cloning a disk fails")
    page.get_by_role("link", name="Write to us").click()
    page.get_by_label(re.compile("The problem in one sentence")).fill("The clone does not start")
    page.get_by_role("button", name="Not sure? Answer a few short questions").click()
    answers("Yes")
    page.get_by_role("link", name="Continue").click()
    title = page.get_by_label(re.compile("The problem in one sentence"))
    expect(title).to_have_value("The clone does not start")
    expect(page.locator("input[name=severity]:checked")).to_have_value("A")
    page.get_by_label(re.compile("What happens")).fill("The screen stays black.")
    page.locator("input[type=file]").set_input_files(shot)
    send = page.locator("main .actions").get_by_role("button", name="Open the case")
    send.click()
    expect(page.locator("main")).to_contain_text(re.compile("Before it is sent|Case opened"))
    if page.get_by_role("heading", name="Before it is sent").count():
        send.click()
    expect(page.locator("main")).to_contain_text("The clone does not start")
    expect(page.locator("main")).to_contain_text("error.png")
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_page_of_the_wizard_fits_a_phone(
    lang: str, scheme: str, browser: Browser, site: Running
) -> None:
    wish = "request=technical&edition=full&product=backup-server&topic=backup"
    with browser.new_context(viewport={"width": 320, "height": 700}) as context:
        actor = Actor(context.new_page(), site).signs_in("premier", lang)
        actor.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for path in (
            "",
            "?request=technical",
            "?request=technical&edition=full",
            f"options?{wish}",
            f"severity?{wish}",
            f"severity?{wish}&say=yes-A",
            f"case?{wish}&channel=email",
        ):
            actor.goes_to(f"/{lang}/contact/{path}")
            wide = actor.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 320, f"{path}: {wide}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_look_as_a_customer_fits_a_phone(scheme: str, browser: Browser, site: Running) -> None:
    with browser.new_context(viewport={"width": 320, "height": 700}) as context:
        actor = Actor(context.new_page(), site).signs_in("agent")
        actor.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        actor.goes_to("/en/desk/preview")
        actor.page.locator("main input[name=email]").fill("lapsed@example.com")
        actor.clicks("Look as this customer").answers("I have a technical problem")
        actor.answers("The full version").answers("Backup Server 11.5").answers("The backup fails")
        actor.sees("Your support plan has ended").sees("How the policy decided")
        assert actor.page.evaluate("document.documentElement.scrollWidth") <= 320

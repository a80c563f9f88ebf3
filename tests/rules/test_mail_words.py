"""What was written is shown, what was repeated is folded away, nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.mail_words import AgentWords, agent_words, fold

OWN = "Sigue igual.\n\nAdjunto el registro."
QUOTE = "> ¿Puede probar otra vez?\n>\n> Irene"


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param(
            f"El lun, 23 nov 2026 a las 10:00, Soporte <a@b.c> escribió:\n\n{QUOTE}", id="es"
        ),
        pytest.param(f"On Mon, 23 Nov 2026 at 10:00, Support\n<a@b.c> wrote:\n{QUOTE}", id="en"),
        pytest.param(f"Am 23.11.2026 um 10:00 schrieb Support <a@b.c>:\n{QUOTE}", id="de"),
        pytest.param(f"Le lun. 23 nov. 2026 à 10:00, S <a@b.c> a écrit :\n{QUOTE}", id="fr"),
        pytest.param("On 23 Nov 2026, S wrote:", id="attribution without a quote"),
        pytest.param(f"On 23 Nov 2026, S wrote:\n{QUOTE}\n-- \nAna", id="quote then signature"),
        pytest.param(QUOTE, id="quote alone"),
        pytest.param(
            "-----Original Message-----\nFrom: S\nSent: Monday\n\nHello", id="old outlook"
        ),
        pytest.param("---- Mensaje reenviado ----\nHola", id="forwarded"),
        pytest.param(
            "________________________________\nDe: Soporte <a@b.c>\nEnviado: lunes\nPara: Ana\n"
            "Asunto: Caso\n\nTexto",
            id="outlook",
        ),
        pytest.param("From: S <a@b.c>\nDate: Monday\nTo: Ana\nSubject: Case\n\nText", id="mac"),
        pytest.param("-- \nAna Prieto\nTel. 555 01 00", id="signature"),
        pytest.param("--\nAna Prieto", id="signature without its space"),
    ],
)
def test_the_rest_is_folded(rest: str) -> None:
    folded = fold(f"{OWN}\n\n{rest}")
    assert folded.own == OWN
    assert folded.rest == rest.strip()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("On 3 May the server wrote:\nE000101F4", id="a log that somebody wrote"),
        pytest.param("From: the menu I chose Backup.\nIt failed.", id="a sentence with From:"),
        pytest.param("> ¿Qué versión?\nLa 12.\n> ¿Desde cuándo?\nEl lunes.", id="answers between"),
        pytest.param("On Monday it worked.", id="no number"),
        pytest.param("On 3 May it stopped.\nOn 4 May again.\nOn 5 May too.\nHelp.", id="dates"),
        pytest.param("--- a/file\n+++ b/file", id="a patch"),
        pytest.param(QUOTE, id="nothing but a quotation"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_rest_stays(text: str) -> None:
    assert fold(text).own == text
    assert fold(text).rest == ""


def test_an_answer_below_the_quotation_stays_with_it() -> None:
    text = f"On Mon, 23 Nov 2026, S <a@b.c> wrote:\n{QUOTE}\n\nSí, ya lo probé."
    assert fold(text).own == text


LINE = st.sampled_from(
    [
        *OWN.split("\n"),
        *QUOTE.split("\n"),
        "On 1 Nov S wrote:",
        "-- ",
        "From: x",
        "To: y",
        "Date: z",
    ]
)


@given(st.lists(LINE, max_size=12))
def test_every_line_is_in_one_of_the_two(lines: list[str]) -> None:
    folded = fold("\n".join(lines))
    kept = folded.own.split("\n") + folded.rest.split("\n")
    assert [x.strip() for x in kept if x.strip()] == [x.strip() for x in lines if x.strip()]


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    fold(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Reinicie el servicio.\n\n-- \nIrene", AgentWords("Reinicie el servicio.", False)),
        ("Nota:\nEs el disco.", AgentWords("Es el disco.", True)),
        ("note: it is the disk", AgentWords("it is the disk", True)),
        ("Nota\nEs el disco.\n\n> cita", AgentWords("Es el disco.", True)),
        ("Internal note: disk\nand more", AgentWords("disk\nand more", True)),
        ("Nota interna:\n\ndisco", AgentWords("disco", True)),
        ("#nota disco", AgentWords("disco", True)),
        ("#note\ndisk", AgentWords("disk", True)),
        ("Note that it restarts.", AgentWords("Note that it restarts.", False)),
        ("Nota: ", None),
        ("", None),
        ("> Nadie ha contestado.\n> Caso 7", None),
        ("On Mon, 23 Nov 2026, Support wrote:\n> Due soon", None),
        ("-- \nIrene", None),
    ],
)
def test_what_an_agent_wrote(text: str, expected: AgentWords | None) -> None:
    assert agent_words(text) == expected

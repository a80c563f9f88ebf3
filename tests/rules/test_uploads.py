"""R43: which files go with a case, and under which names."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.uploads import (
    CASE_BYTES,
    ENDINGS,
    FILE_BYTES,
    MESSAGE_FILES,
    NAME_LENGTH,
    TEXT,
    ZIP,
    UploadFlaw,
    display_name,
    flaw,
    media_type,
    names_beside,
    words_for,
)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("head", "detected", "kind"),
    [
        pytest.param(b"\x89PNG\r\n\x1a\n", "image/png", "image/png", id="picture"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "image/apng", "image/png", id="moving PNG"),
        pytest.param(b"%PDF-1.7\n", "application/pdf", "application/pdf", id="PDF"),
        pytest.param(b"PK\x03\x04", "application/zip", ZIP, id="ZIP"),
        pytest.param(b"PK\x03\x04", WORD, ZIP, id="Office document, a ZIP container"),
        pytest.param(b"\x1f\x8b\x08", "application/gzip", "application/gzip", id="GZ"),
        pytest.param(b"2026-11-23 02:10 E000101F4\n", None, TEXT, id="log"),
        pytest.param("copia sin espacio, señal\n".encode(), None, TEXT, id="log in UTF-8"),
        pytest.param("\ufeffá".encode(), None, TEXT, id="UTF-8 with its mark"),
        pytest.param("señal".encode("utf-16"), None, TEXT, id="UTF-16, little end first"),
        pytest.param(b"\xfe\xff" + "señal".encode("utf-16-be"), None, TEXT, id="the other end"),
        pytest.param("copia terminada sin señal".encode("cp1252"), None, TEXT, id="old code page"),
        pytest.param(b"abc \xc3", None, TEXT, id="cut within a character"),
        pytest.param(b"\x1b[31mred\x1b[0m\r\n", None, TEXT, id="colours of a terminal"),
        pytest.param(b"<?xml version='1.0'?><report/>", None, TEXT, id="XML report"),
        pytest.param(b"BMR backup log\n", "image/bmp", TEXT, id="log like a bitmap"),
        pytest.param(
            b"MZ is a region\n", "application/x-msdownload", TEXT, id="log like a program"
        ),
        pytest.param(b"MZ\x90\x00\x03\x00", "application/x-msdownload", None, id="Windows program"),
        pytest.param(b"\x7fELF\x02\x01", "application/x-executable", None, id="Linux program"),
        pytest.param(b"BM\x00\x01", "image/bmp", None, id="bitmap"),
        pytest.param(b"<svg onload='x'>", None, None, id="SVG"),
        pytest.param(b"<?xml version='1.0'?>\n<svg:svg>", None, None, id="SVG with a prefix"),
        pytest.param(b"\n  <!DOCTYPE  HTML><p>", None, None, id="HTML"),
        pytest.param(b"<SCRIPT src=x>", None, None, id="script"),
        pytest.param(b"<!-- a --> <!-- b --><body>", None, None, id="HTML after comments"),
        pytest.param(b"02:10 got <html><body>502", None, TEXT, id="log that quotes a page"),
        pytest.param(b"<!-- a -->" * 300 + b"x", None, TEXT, id="nothing but comments"),
        pytest.param("<html>".encode("utf-16"), None, None, id="HTML in UTF-16"),
        pytest.param(b"{\\rtf1 hello}", "application/rtf", None, id="RTF"),
        pytest.param(b"%!PS-Adobe\n", "application/postscript", None, id="PostScript"),
        pytest.param(b"\xff\xfe\x00", None, TEXT, id="UTF-16 cut within a character"),
        pytest.param(b"\xff\xfe\x00\xd8\x00\x00", None, None, id="broken UTF-16"),
        pytest.param(b"a\x00b", None, None, id="zero byte"),
        pytest.param(bytes(range(128, 256)), None, None, id="bytes of no language"),
        pytest.param(b"OggS\x00", "video/ogg", None, id="film"),
    ],
)
def test_r43_kinds_are_told_by_content(head: bytes, detected: str | None, kind: str | None) -> None:
    assert media_type(head, detected) == kind


@pytest.mark.parametrize(
    ("size", "kind", "before", "room", "expected"),
    [
        pytest.param(1, TEXT, 0, CASE_BYTES, None, id="small text"),
        pytest.param(FILE_BYTES, TEXT, MESSAGE_FILES - 1, CASE_BYTES, None, id="at both limits"),
        pytest.param(FILE_BYTES + 1, TEXT, 0, CASE_BYTES, UploadFlaw.TOO_LARGE, id="a byte more"),
        pytest.param(1, TEXT, MESSAGE_FILES, CASE_BYTES, UploadFlaw.TOO_MANY, id="one file more"),
        pytest.param(0, None, 0, CASE_BYTES, UploadFlaw.EMPTY, id="empty"),
        pytest.param(9, None, 0, CASE_BYTES, UploadFlaw.KIND, id="unknown kind"),
        pytest.param(9, TEXT, 0, 9, None, id="fits exactly"),
        pytest.param(9, TEXT, 0, 8, UploadFlaw.CASE_FULL, id="case is full"),
    ],
)
def test_limits(
    size: int, kind: str | None, before: int, room: int, expected: UploadFlaw | None
) -> None:
    assert flaw(size, kind, before=before, room=room) == expected


def test_a_message_of_the_largest_files_would_fill_more_than_a_case() -> None:
    assert FILE_BYTES <= CASE_BYTES <= MESSAGE_FILES * FILE_BYTES


@pytest.mark.parametrize(
    ("sent", "kind", "shown"),
    [
        ("pantalla.png", "image/png", "pantalla.png"),
        ("Pantalla.PNG", "image/png", "Pantalla.PNG"),
        ("../../etc/passwd", TEXT, "passwd.txt"),
        ("C:\\Users\\ana\\error.log", TEXT, "error.log"),
        ("photo\u202egnp.exe", "image/png", "photognp.exe.png"),
        ("a\x00b\r\nc.txt", TEXT, "ab c.txt"),
        ("report.jar", ZIP, "report.jar.zip"),
        ("informe.docx", ZIP, "informe.docx"),
        ("setup.bat", TEXT, "setup.bat.txt"),
        ("page.html", TEXT, "page.html.txt"),
        ("", TEXT, "file.txt"),
        ("...", "application/pdf", "file.pdf"),
        (".png", "image/png", "png.png"),
        ("x" * 300 + ".log", TEXT, "x" * (NAME_LENGTH - 4) + ".log"),
        ('a"b<c>|?*.txt', TEXT, "a_b_c____.txt"),
        ("copia n\u0303.txt", TEXT, "copia ñ.txt"),
        ("virus.exe", None, "virus.exe"),
        ("\u200b", None, "file"),
    ],
)
def test_names(sent: str, kind: str | None, shown: str) -> None:
    assert display_name(sent, kind) == shown


@given(st.text(max_size=300), st.sampled_from([None, *ENDINGS]))
def test_every_name_is_safe_to_show_and_to_save(sent: str, kind: str | None) -> None:
    shown = display_name(sent, kind)
    assert 0 < len(shown) <= NAME_LENGTH
    assert not set(shown) & set('/\\<>:"|?*')
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Cs", "Co", "Cn"}
    assert not shown.startswith((".", " "))
    assert display_name(shown, kind) == shown
    if kind is not None:
        assert shown.rpartition(".")[2].lower() in ENDINGS[kind]


@pytest.mark.parametrize(
    ("body", "names", "beside"),
    [
        pytest.param("Look", ["a.png", "b.log"], "a.png, b.log", id="R43 words and files"),
        pytest.param("a.png, b.log", ["a.png", "b.log"], "", id="R43 files alone"),
        pytest.param("Look", [], "", id="R43 words alone"),
    ],
)
def test_files_are_named_beside_words_or_instead_of_them(
    body: str, names: list[str], beside: str
) -> None:
    assert names_beside(body, names) == beside
    assert words_for(names) == ", ".join(names)

"""Bad input of content: a clear error with its line, or the right result; never a traceback, never
a half-written site."""

import os
import struct
import unicodedata
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.actions.compile_site import compile_site
from kb.actions.live_site import LiveSite
from kb.settings import read_settings
from tests.commands import kb
from tests.content.sites import SITE, SmallSite, front
from tests.work import calls

Break = Callable[[SmallSite], object]
ES = "articles/setup/1-one/es.md"


def png(width: int, height: int) -> bytes:
    """A picture whose few bytes unpack to a great many."""
    rows = zlib.compress(b"\0" * min(width * height // 8, 40_000_000), 9)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def bomb() -> str:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "\n".join(levels) + "\n"


def _link(target: Path, path: str) -> Break:
    def make(site: SmallSite) -> None:
        place = site.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)

    return make


def _picture(data: bytes) -> Break:
    def make(site: SmallSite) -> None:
        site.spanish(front("", "![Una foto](a.png)\n"))
        site.write("articles/setup/1-one/a.png", data)

    return make


TITLE = "---\ntitle: Año\n---\n\nTexto.\n"

WRONG = [
    pytest.param(
        lambda s: s.spanish(TITLE + "palabra " * 640_000), f"{ES}:1: this file has more than 2048 KB; the limit is 1024 KB; split it", id="5 MB article",  # noqa: E501
    ),
    pytest.param(
        lambda s: s.spanish(TITLE + "palabra " * 150_000), f"{ES}:4: this text has 1171 KB; the limit is", id="1.2 MB of text",  # noqa: E501
    ),
    pytest.param(_picture(png(40_000, 40_000)), "a.png:1: this picture has 40000 × 40000 pixels", id="zip bomb"),  # noqa: E501
    pytest.param(lambda s: s.spanish(front(bomb())), f"{ES}:3: “&a0” names this place", id="YAML alias bomb"),  # noqa: E501
    pytest.param(lambda s: s.write("site.yaml", SITE + bomb()), "site.yaml:4: “&a0” names this place", id="alias bomb in site.yaml"),  # noqa: E501
    pytest.param(lambda s: s.write("policy/plans.yaml", bomb()), "policy/plans.yaml:1: “&a0” names", id="alias bomb in the policy"),  # noqa: E501
    pytest.param(lambda s: s.spanish(front("", "a\0b\n")), f"{ES}:5: a control character (U+0000)", id="NUL in a text"),  # noqa: E501
    pytest.param(lambda s: s.spanish("---\ntitle: a\0b\n---\n\nx\n"), f"{ES}:2: a control character (U+0000)", id="NUL in front matter"),  # noqa: E501
    pytest.param(lambda s: s.write(ES, b"\0" * 4096), f"{ES}:1: a control character", id="nothing but NUL"),  # noqa: E501
    pytest.param(lambda s: s.write(ES, TITLE.encode("latin-1")), f"{ES}:2: this file is not UTF-8 text (byte 0xf1)", id="Latin-1"),  # noqa: E501
    pytest.param(lambda s: s.write(ES, TITLE.encode("utf-16")), f"{ES}:1: this file is not UTF-8 text", id="UTF-16"),  # noqa: E501
    pytest.param(lambda s: s.write(ES, "---\ntitle: x"), f"{ES}:2: the front matter is not closed", id="half a file"),  # noqa: E501
    pytest.param(lambda s: s.write(ES, b""), f"{ES}:1: this article does not begin", id="empty file"),  # noqa: E501
    pytest.param(_link(Path("/etc"), "articles/setup/2-out"), "articles/setup/2-out:1: this link leads out of the site", id="folder link out"),  # noqa: E501
    pytest.param(_link(Path("/etc/hostname"), "articles/setup/1-one/a.png"), "a.png:1: this link leads out of the site", id="file link out"),  # noqa: E501
    pytest.param(_link(Path("loop"), "articles/setup/1-one/loop"), "loop:1: this link leads out of the site", id="link to itself"),  # noqa: E501
    pytest.param(_link(Path("1-one"), "articles/setup/2-same"), "articles/setup/2-same:1: a link to a folder is not followed", id="folder link inside"),  # noqa: E501
    pytest.param(lambda s: s.write("articles/setup/2-two/es.md/x.txt", "x"), "articles/setup/2-two/es.md:1: this is no file", id="a folder named like a text"),  # noqa: E501
    pytest.param(lambda s: [s.write("articles/setup/2-two/a.txt", "x"), os.mkfifo(s.root / "articles/setup/2-two/es.md")], "2-two/es.md:1: this is no file", id="a pipe named like a text"),  # noqa: E501
    pytest.param(lambda s: [s.write(f"articles/setup/1-one/{n}", "x") for n in ("a.png", "A.PNG")], "differ only in case or accents; rename one", id="names that differ in case"),  # noqa: E501
    pytest.param(lambda s: s.write("articles/Setup/2-x/es.md", TITLE), "differ only in case", id="folders that differ in case"),  # noqa: E501
    pytest.param(
        lambda s: [s.write(f"articles/setup/1-one/{unicodedata.normalize(form, 'ñ')}.png", "x") for form in ("NFC", "NFD")],  # noqa: E501
        "differ only in case or accents", id="names that differ in how the accent is written",
    ),
    pytest.param(lambda s: s.spanish(front("", "![Foto](Foto.png)\n")) and s.write("articles/setup/1-one/foto.png", png(1, 8)), "there is no file “Foto.png”; there is articles/setup/1-one/foto.png", id="a picture named in another case"),  # noqa: E501
    pytest.param(lambda s: s.write("articles/setup/Dos/es.md", TITLE), "the folder “Dos” is not named <id>-<slug>", id="a folder without a number"),  # noqa: E501
]  # fmt: skip


@pytest.mark.parametrize(("make", "told"), WRONG)
def test_bad_input_is_told_and_the_live_site_stays(site: SmallSite, make: Break, told: str) -> None:
    settings = read_settings({"KB_VAR": str(site.root.parent / "var")}, site.root)
    before = compile_site(settings).revision
    sound = calls(lambda: kb(site, "check"))
    make(site)
    done = calls(lambda: kb(site, "check"))
    assert done.total() < 3 * sound.total(), "it was unpacked, expanded or read in full"
    result = kb(site, "check")
    assert result.exit_code == 1
    assert told in result.output, result.output
    compiled = kb(site, "index")
    assert compiled.exit_code == 1, compiled.output
    assert LiveSite(settings.var).current().site.revision == before
    assert not list((settings.var / "site").glob(".draft*"))
    after = kb(site, "check", "--format", "sarif")
    assert after.exit_code == 1


RIGHT = [
    pytest.param(TITLE.replace("\n", "\r\n").encode(), id="CRLF"),
    pytest.param(TITLE.replace("\n", "\r").encode(), id="CR"),
    pytest.param(b"\xef\xbb\xbf" + TITLE.encode(), id="BOM"),
    pytest.param(b"\xef\xbb\xbf" + TITLE.replace("\n", "\r\n").encode(), id="BOM and CRLF"),
    pytest.param(unicodedata.normalize("NFD", TITLE).encode(), id="decomposed accents"),
    pytest.param(TITLE.rstrip("\n").encode(), id="no last line end"),
]


@pytest.mark.parametrize("raw", RIGHT)
def test_odd_but_right_files_are_read(site: SmallSite, raw: bytes) -> None:
    site.write(ES, raw)
    assert kb(site, "check").exit_code == 0
    source = site.load()
    assert unicodedata.normalize("NFC", source.entries[ES].card.article.title) == "Año"


@pytest.mark.parametrize("name", ["una foto.png", "ñandú 100%.png", "a'b&c.png"])
def test_files_with_spaces_and_accents_are_shown(site: SmallSite, name: str) -> None:
    target = name.replace("%", "%25").replace(" ", "%20")
    site.spanish(front("", f"![Una foto]({target})\n"))
    site.write(f"articles/setup/1-one/{name}", png(8, 8))
    settings = read_settings({"KB_VAR": str(site.root.parent / "var")}, site.root)
    compile_site(settings)
    live = LiveSite(settings.var).current().site
    html = live.page("es", 1).html
    assert 'src="/media/' in html
    (file,) = live._media.values()
    assert live.media_path(file.hash, file.name).is_file()


def test_a_link_inside_the_site_is_followed(site: SmallSite) -> None:
    site.spanish(front("", "![Una foto](a.png)\n"))
    site.write("articles/setup/1-one/b.png", png(8, 8))
    (site.root / "articles/setup/1-one/a.png").symlink_to("b.png")
    told = [line for line in site.problems() if "no article shows" not in line]
    assert told == []


@pytest.mark.slow
def test_ten_thousand_drafts_are_checked_and_compiled(site: SmallSite) -> None:
    text = "---\ntitle: Borrador {}\nstatus: draft\n---\n\nTexto.\n"
    for number in range(2, 10_002):
        folder = site.root / f"articles/setup/{number}-x"
        folder.mkdir(parents=True)
        (folder / "es.md").write_text(text.format(number))
    result = kb(site, "check")
    assert result.exit_code == 0, result.output[-500:]
    settings = read_settings({"KB_VAR": str(site.root.parent / "var")}, site.root)
    assert compile_site(settings).articles == 10_002
    assert LiveSite(settings.var).current().index is not None


def test_a_file_that_cannot_be_read_is_told(site: SmallSite) -> None:
    path = site.root / ES
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    assert f"{ES}:1: this file cannot be read" in kb(site, "check").output

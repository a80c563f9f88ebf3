"""R6, R7: licence keys as people paste them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.keys import (
    MOST_KEYS_AT_ONCE,
    KeyCheck,
    KeyShape,
    canonical,
    compact,
    is_typed_right,
    last_four,
    shape,
    split,
    with_check,
)

PATTERNS = ("NBS[0-9]{2}[0-9A-Z]{5}", "NHM[0-9]{2}[0-9A-Z]{9}")
KEY = "NBS12-ABC23"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("NBS12-ABC23", KeyShape.FULL, id="as printed"),
        pytest.param("nbs 12 abc 23", KeyShape.FULL, id="small, spaced"),
        pytest.param("NBSl2–ABC23", KeyShape.FULL, id="l for 1, a long dash"),
        pytest.param("NBS12-ABC2", KeyShape.MALFORMED, id="one short"),
        pytest.param("NBS12-ABC234", KeyShape.MALFORMED, id="one long"),
        pytest.param("12345678", KeyShape.BOX_SERIAL, id="R7 8 digits"),
        pytest.param("1234 5678 9O12 3456", KeyShape.BOX_SERIAL, id="R7 16 digits, O for 0"),
        pytest.param("123456789", KeyShape.MALFORMED, id="9 digits"),
        pytest.param("", KeyShape.MALFORMED, id="nothing"),
        pytest.param("ÑÑÑ12-ABC23", KeyShape.MALFORMED, id="other letters"),
    ],
)
def test_the_shape_of_a_key(written: str, expected: KeyShape) -> None:
    assert shape(written, PATTERNS) is expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("ABCDE-12345-FGHJK", KeyShape.FULL),
        ("ABCDE", KeyShape.MALFORMED),
        ("ñandúñandúñandú", KeyShape.MALFORMED),
        ("12345678", KeyShape.BOX_SERIAL),
    ],
)
def test_without_patterns_any_long_run_is_a_key(written: str, expected: KeyShape) -> None:
    assert shape(written, ()) is expected


@pytest.mark.parametrize(
    ("pasted", "keys"),
    [
        pytest.param(KEY, (KEY,), id="one"),
        pytest.param(f"{KEY}\n\n NBS12-ZZZ99 ", (KEY, "NBS12-ZZZ99"), id="one a line"),
        pytest.param(f"{KEY}, NBS12-ZZZ99;x", (KEY, "NBS12-ZZZ99", "x"), id="commas"),
        pytest.param(f"{KEY} NBS12-ZZZ99", (KEY, "NBS12-ZZZ99"), id="two in a line"),
        pytest.param("NBS12 ABC23", ("NBS12 ABC23",), id="one in groups"),
        pytest.param("1234 5678 9012 3456", ("1234 5678 9012 3456",), id="a serial in groups"),
        pytest.param("12345678 90123456", ("12345678 90123456",), id="one serial, not two"),
        pytest.param(f"Backup Server 12: {KEY}", (KEY,), id="a label before it"),
        pytest.param(
            f"{KEY}\nnbs12abc23\nNBSl2-ABC23", (KEY, "nbs12abc23", "NBSl2-ABC23"), id="each line"
        ),
        pytest.param(f"{KEY}\x0bNBS12-ZZZ99\u2028x", (KEY, "NBS12-ZZZ99", "x"), id="odd line ends"),
        pytest.param("NBS12\x00-\x1bABC23\x07", ("NBS12\x00-\x1bABC23\x07",), id="controls"),
        pytest.param(" \n,;--\t", (), id="nothing"),
    ],
)
def test_r6_pasted_text_is_cut_into_keys(pasted: str, keys: tuple[str, ...]) -> None:
    assert split(pasted, PATTERNS) == keys


def test_there_is_an_end() -> None:
    assert len(split("\n".join(f"key{n}" for n in range(1000)), PATTERNS)) == MOST_KEYS_AT_ONCE


@given(st.text(max_size=200))
def test_anything_can_be_pasted(pasted: str) -> None:
    for key in split(pasted, PATTERNS):
        assert compact(key)
        assert shape(key, PATTERNS) in KeyShape
        assert len(last_four(key)) <= 4


@given(st.from_regex(r"NBS[0-9]{2}[0-9A-Z]{5}", fullmatch=True), st.integers(1, 9))
def test_a_key_is_the_same_however_it_is_grouped(key: str, size: int) -> None:
    grouped = "-".join(key[start : start + size] for start in range(0, len(key), size))
    assert canonical(grouped.lower()) == canonical(key)
    assert canonical(canonical(key)) == canonical(key)


KEYS = st.text("0123456789ABCDEFGHJKMNPQRSTUVWXYZ", min_size=1, max_size=30)


@pytest.mark.parametrize("check", [KeyCheck.MOD_33, KeyCheck.MOD_97])
@given(text=KEYS, data=st.data())
def test_one_wrong_character_is_noticed(check: KeyCheck, text: str, data: st.DataObject) -> None:
    key = with_check(text, check)
    assert is_typed_right(key, check)
    assert is_typed_right(key.lower().replace("0", "o").replace("1", "i"), check)
    place = data.draw(st.integers(0, len(text) - 1))
    alike = "0123456789" if key[place].isdigit() else "ABCDEFGHJKMNPQRSTUVWXYZ"
    other = data.draw(st.sampled_from([char for char in alike if char != key[place]]))
    wrong = key[:place] + other + key[place + 1 :]
    assert not is_typed_right(wrong, check)


@pytest.mark.parametrize("check", [KeyCheck.MOD_33, KeyCheck.MOD_97])
@pytest.mark.parametrize("key", ["", "-", "ñ", "\x00"])
def test_nothing_fits_no_check(check: KeyCheck, key: str) -> None:
    assert not is_typed_right(key, check)


def test_a_product_without_a_check_takes_every_key() -> None:
    assert is_typed_right("ANY", KeyCheck.NONE)
    assert with_check("ANY", KeyCheck.NONE) == "ANY"

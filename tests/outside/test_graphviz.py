"""Graphviz draws the same boxes and lines; without it, or when it fails, our own layout does."""

import shutil
from pathlib import Path

import pytest

from kb.actions.tree_drawings import draw
from kb.outside import graphviz
from kb.rules.tree_layout import Box, Tie
from kb.rules.tree_svg import picture
from tests.programs import missing
from tests.rules.tree_samples import BACKUP

BOXES = [Box("ask", 100, 50), Box("done", 80, 40)]
TIES = [Tie("ask", "done", 40, 17), Tie("ask", "done", 30, 17)]

# What Graphviz 2.43 answers to the graph above.
ANSWER = """{"bb": "0,0,104.5,152", "objects": [
 {"_gvid": 0, "name": "0", "height": "0.6944", "width": "1.3889", "pos": "50,127"},
 {"_gvid": 1, "name": "1", "height": "0.5556", "width": "1.1111", "pos": "50,20"}],
 "edges": [
 {"_gvid": 0, "id": "t1", "lp": "82,71", "pos": "e,60,40 62,101 66,88 66,72 62,50"},
 {"_gvid": 1, "id": "t0", "lp": "40,71", "pos": "e,40,40 38,101 34,88 34,72 38,50"}]}"""


def program(folder: Path, script: str) -> str:
    """Put a program called `dot` into a folder and return its path."""
    path = folder / "dot"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_its_answer_is_turned_upside_down_and_put_in_our_order(tmp_path: Path) -> None:
    (tmp_path / "answer.json").write_text(ANSWER)
    dot = program(tmp_path, f'cat > "{tmp_path}/asked"; cat "{tmp_path}/answer.json"')
    layout = graphviz.lay_out(BOXES, TIES, dot)
    assert layout is not None
    assert layout.boxes == {"ask": (62.0, 37.0), "done": (62.0, 144.0)}
    assert (layout.width, layout.height) == (128.5, 176.0)
    first, second = layout.lines
    assert (first.label, second.label) == ((52.0, 93.0), (94.0, 93.0))
    assert first.points[0] == (50.0, 63.0)
    assert first.points[-1] == (52.0, 124.0)
    assert len(first.points) % 3 == 1
    asked = (tmp_path / "asked").read_text()
    assert "0 [width=1.3889 height=0.6944]" in asked
    assert 'id=t1 label=<<TABLE BORDER="0" FIXEDSIZE="TRUE" WIDTH="30" HEIGHT="17">' in asked


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("exit 1", id="it fails"),
        pytest.param("echo no json", id="it says something else"),
        pytest.param("""echo '{"bb": "0,0,1,1", "objects": []}'""", id="a box is missing"),
        pytest.param(f"sleep 30 >/dev/null 2>&1; echo '{ANSWER}'", id="it takes too long"),
    ],
)
def test_when_it_cannot_there_is_no_layout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    monkeypatch.setattr(graphviz, "SECONDS", 0.3)
    assert graphviz.lay_out(BOXES, TIES, program(tmp_path, script)) is None


def test_without_it_there_is_no_layout() -> None:
    assert graphviz.lay_out(BOXES, TIES, "no-such-program") is None


def test_the_real_one_draws_every_box_and_line() -> None:
    if shutil.which("dot") is None:
        missing("Graphviz", "graphviz")
    drawn = picture(BACKUP)
    layout = graphviz.lay_out(drawn.boxes, drawn.ties)
    assert layout is not None
    assert set(layout.boxes) == set(BACKUP.nodes)
    for line, tie in zip(layout.lines, drawn.ties, strict=True):
        start, end = layout.boxes[tie.tail][1], layout.boxes[tie.head][1]
        assert start < line.points[0][1] < line.points[-1][1] < end


def test_a_tree_is_drawn_either_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    alone = draw(BACKUP, alone=True)
    assert alone.count('class="line"') == 7
    program(tmp_path, "exit 1")
    assert draw(BACKUP, alone=True) == alone

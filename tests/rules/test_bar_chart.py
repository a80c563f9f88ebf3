"""Small charts of bars: in their box, in proportion, no number unseen."""

from hypothesis import given
from hypothesis import strategies as st

from kb.rules.bar_chart import bar_chart


@given(st.lists(st.integers(0, 10**6), max_size=40), st.integers(0, 10**6))
def test_every_bar_is_within_the_box_and_none_is_unseen(numbers: list[int], top: int) -> None:
    chart = bar_chart(numbers, top=top)
    assert [bar.number for bar in chart.bars] == numbers
    assert chart.top >= max([top, *numbers])
    for bar in chart.bars:
        assert (bar.height > 0) == (bar.number > 0)
        assert 0 <= bar.y <= bar.y + bar.height <= chart.height + 0.1
        assert bar.x + chart.bar <= chart.width


def test_bars_are_in_proportion_to_a_shared_top() -> None:
    chart = bar_chart([0, 5, 10], top=20, height=40)
    assert [bar.height for bar in chart.bars] == [0.0, 10.0, 20.0]
    assert bar_chart([]).bars == ()

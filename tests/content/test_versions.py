"""One version of an article: only what is for it."""

from kb.content.versions import for_version, ranges_in
from kb.rules.products import ProductRange

TEXT = (
    "<p>For all.</p>"
    '<div class="only" data-only="server@12"><p class="only-title">Only 12</p>'
    "<div><p>Twelve.</p></div></div>"
    '<div class="only" data-only="server@11-11.5 home"><p class="only-title">Only 11</p>'
    "<p>Eleven.</p></div>"
    '<div class="only" data-only="cloud"><p class="only-title">Only cloud</p><p>Cloud.</p></div>'
    "<p>The end.</p>"
)


def test_the_ranges_of_all_blocks_are_found_once() -> None:
    assert ranges_in(TEXT + TEXT) == (
        ProductRange("server", "12", "12"),
        ProductRange("server", "11", "11.5"),
        ProductRange("home"),
        ProductRange("cloud"),
    )


def test_only_the_blocks_of_the_version_stay_and_lose_their_frame() -> None:
    text = for_version(TEXT, "server", "12")
    assert "<div><p>Twelve.</p></div>" in text
    assert "Eleven" not in text
    assert "Only 12" not in text
    assert "Only cloud" in text
    assert text.startswith("<p>For all.</p>")
    assert text.endswith("<p>The end.</p>")
    assert text.count("<div") == text.count("</div>")


def test_a_point_release_within_the_range_is_the_same_version() -> None:
    assert "Eleven" in for_version(TEXT, "server", "11.5")


def test_a_text_without_blocks_is_returned_as_it_is() -> None:
    assert for_version("<p>Plain</p>", "server", "12") == "<p>Plain</p>"

"""Previews: an address nobody guesses, an end, and who reads what."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kb.rules.articles import Article, Audience, Status
from kb.rules.previews import Preview, expiry, id_in, readable_in_preview, token_of

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ID = "0123456789ab"
ARTICLE = Article(1, "es", "a", "articles/a/1-a/es.md", "a", "A")


def test_a_token_names_its_preview() -> None:
    assert id_in("secret", token_of("secret", ID)) == ID


@pytest.mark.parametrize(
    "token",
    [
        "",
        ID,
        f"{ID}-",
        token_of("other", ID),
        token_of("secret", ID)[:-1],
        token_of("secret", ID).replace("0", "1", 1),
        token_of("secret", ID) + "\n",
        f"../{ID}-" + "0" * 40,
    ],
)
def test_any_other_token_names_none(token: str) -> None:
    assert id_in("secret", token) is None


@pytest.mark.parametrize(("days", "lives"), [(0, 1), (7, 7), (400, 30)])
def test_a_preview_ends(days: int, lives: int) -> None:
    made = Preview(ID, "b", NOW, expiry(days, NOW))
    assert not made.is_over(NOW + timedelta(days=lives, seconds=-1))
    assert made.is_over(NOW + timedelta(days=lives))


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("agent", [True, False])
def test_reviewers_read_drafts_and_only_agents_what_is_internal(
    status: Status, audience: Audience, agent: bool
) -> None:
    article = replace(ARTICLE, status=status, audience=audience)
    assert readable_in_preview(article, agent=agent) is (agent or audience != Audience.INTERNAL)

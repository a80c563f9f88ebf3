"""Tables of who follows what by mail, and of what there was to tell."""

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table, UniqueConstraint

from kb.store.columns import Id, UtcTime, Words
from kb.store.tables import metadata

# An address that agreed to letters; there is no row before that. `told` and `told_alerts` are the
# last changes that were considered for it, so that each is told once.
follower = Table(
    "follower",
    metadata,
    Column("id", Id, primary_key=True),
    Column("email", Words, nullable=False),
    Column("email_key", Words, nullable=False, unique=True),
    Column("lang", String(12), nullable=False),
    Column("pace", String(10), nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("told", Id, nullable=False),
    Column("told_alerts", Id, nullable=False),
    Column("mailed_at", UtcTime),  # when the last batch was written, alerts not counted
    Column("letter", String(255)),  # the Message-ID of the last letter, whose fate is looked up
    Column("stopped_at", UtcTime),  # its letters came back
    sqlite_autoincrement=True,
)

following = Table(
    "following",
    metadata,
    Column("id", Id, primary_key=True),
    Column("follower_id", Id, ForeignKey("follower.id"), nullable=False),
    Column("subject", String(10), nullable=False),
    Column("target", Words, nullable=False),  # an article's number or a product's id
    Column("lang", String(12), nullable=False),
    Column("since", UtcTime, nullable=False),
    UniqueConstraint("follower_id", "subject", "target"),
)

# What readers of each article have seen of it: the mark of its words and the alert that was shown.
article_seen = Table(
    "article_seen",
    metadata,
    Column("id", Id, primary_key=True),
    Column("article_id", Integer, nullable=False),
    Column("lang", String(12), nullable=False),
    Column("mark", String(80), nullable=False),
    Column("alert", String(40), nullable=False),
    UniqueConstraint("article_id", "lang"),
)

# The compiled site and the day that were looked at last; its row is the lock of whoever looks.
news_survey = Table(
    "news_survey",
    metadata,
    Column("name", String(10), primary_key=True),
    Column("revision", String(80), nullable=False),
    Column("day", Date),
)

article_change = Table(
    "article_change",
    metadata,
    Column("id", Id, primary_key=True),
    Column("article_id", Integer, nullable=False),
    Column("lang", String(12), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("words", Words, nullable=False),  # what changed, as its author said in git
    Column("at", UtcTime, nullable=False, index=True),
    sqlite_autoincrement=True,
)

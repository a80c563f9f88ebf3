"""The first house: accounts, licences, assets, cases, walks, feedback, mail, audit."""

import secrets

import sqlalchemy as sa
from alembic import op

from kb.store.columns import Id, UtcTime, Words

revision = "0001"
down_revision = None

_FIRST_NUMBER = 10_000_000
_NUMBERS_TO_DRAW_FROM = 40_000_000


def upgrade() -> None:
    _people_and_products()
    _cases()
    _around()
    _start_case_numbers_anywhere()


def _start_case_numbers_anywhere() -> None:
    """Numbers have eight digits and do not tell how many cases there were (R44)."""
    start = _FIRST_NUMBER + secrets.randbelow(_NUMBERS_TO_DRAW_FROM)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('case', {start})")  # noqa: S608 # a number
    else:
        op.execute(f"ALTER SEQUENCE case_number_seq RESTART WITH {start}")


def _people_and_products() -> None:
    op.create_table(
        "user",
        sa.Column("id", Id, nullable=False),
        sa.Column("email", Words, nullable=False),
        sa.Column("email_key", Words, nullable=False),
        sa.Column("first_name", Words, nullable=False),
        sa.Column("last_name", Words, nullable=False),
        sa.Column("country", Words, nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("confirmed_at", UtcTime, nullable=True),
        sa.Column("signed_in_at", UtcTime, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_user"),
        sa.UniqueConstraint("email_key", name="uq_user_email_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "attempt",
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("since", UtcTime, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_attempt"),
    )
    op.create_table(
        "licence",
        sa.Column("id", Id, nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("key_last4", sa.String(length=4), nullable=False),
        sa.Column("product", sa.String(length=80), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=True),
        sa.Column("edition", sa.String(length=80), nullable=False),
        sa.Column("plan", sa.String(length=80), nullable=True),
        sa.Column("plan_days", sa.Integer(), nullable=True),
        sa.Column("term_days", sa.Integer(), nullable=True),
        sa.Column("sold_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_licence"),
        sa.UniqueConstraint("key_hash", name="uq_licence_key_hash"),
    )
    op.create_table(
        "asset",
        sa.Column("id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("licence_id", Id, nullable=False),
        sa.Column("name", Words, nullable=False),
        sa.Column("registered_at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name="fk_asset_licence_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_asset_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_asset"),
        sa.UniqueConstraint("licence_id", name="uq_asset_licence_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_asset_user_id", "asset", ["user_id"], unique=False)
    op.create_table(
        "service_contract",
        sa.Column("id", Id, nullable=False),
        sa.Column("licence_id", Id, nullable=False),
        sa.Column("plan", sa.String(length=80), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licence.id"], name="fk_service_contract_licence_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_service_contract"),
    )
    op.create_index(
        "ix_service_contract_licence_id", "service_contract", ["licence_id"], unique=False
    )


def _cases() -> None:
    op.create_table(
        "case",
        sa.Column("number", Id, autoincrement=True, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("submission_id", Words, nullable=False),
        sa.Column("request", sa.String(length=80), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.Column("asset_id", Id, nullable=True),
        sa.Column("product", sa.String(length=80), nullable=True),
        sa.Column("version", sa.String(length=20), nullable=True),
        sa.Column("plan", sa.String(length=80), nullable=True),
        sa.Column("severity", sa.String(length=1), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("title", Words, nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("contact", sa.JSON(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("entitlement", sa.JSON(), nullable=False),
        sa.Column("policy_revision", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("assignee_id", Id, nullable=True),
        sa.Column("customer_spoke_last", sa.Boolean(), nullable=False),
        sa.Column("opened_at", UtcTime, nullable=False),
        sa.Column("updated_at", UtcTime, nullable=False),
        sa.Column("resolved_at", UtcTime, nullable=True),
        sa.Column("closed_at", UtcTime, nullable=True),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name="fk_case_asset_id"),
        sa.ForeignKeyConstraint(["assignee_id"], ["user.id"], name="fk_case_assignee_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_case_user_id"),
        sa.PrimaryKeyConstraint("number", name="pk_case"),
        sa.UniqueConstraint("user_id", "submission_id", name="uq_case_user_id_submission_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_case_assignee_id", "case", ["assignee_id"], unique=False)
    op.create_index("ix_case_state_request", "case", ["state", "request"], unique=False)
    op.create_index("ix_case_user_id", "case", ["user_id"], unique=False)
    op.create_table(
        "incident_credit",
        sa.Column("id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("asset_id", Id, nullable=True),
        sa.Column("bought_at", UtcTime, nullable=False),
        sa.Column("case_number", Id, nullable=True),
        sa.Column("used_at", UtcTime, nullable=True),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name="fk_incident_credit_asset_id"),
        sa.ForeignKeyConstraint(
            ["case_number"], ["case.number"], name="fk_incident_credit_case_number"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_incident_credit_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_incident_credit"),
        sa.UniqueConstraint("case_number", name="uq_incident_credit_case_number"),
    )
    op.create_index("ix_incident_credit_user_id", "incident_credit", ["user_id"], unique=False)
    op.create_table(
        "case_message",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_number", Id, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("actor", sa.String(length=10), nullable=False),
        sa.Column("author_id", Id, nullable=True),
        sa.Column("body", Words, nullable=False),
        sa.Column("event", sa.JSON(), nullable=True),
        sa.Column("submission_id", Words, nullable=True),
        sa.Column("at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name="fk_case_message_author_id"),
        sa.ForeignKeyConstraint(
            ["case_number"], ["case.number"], name="fk_case_message_case_number"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_message"),
        sa.UniqueConstraint(
            "case_number", "submission_id", name="uq_case_message_case_number_submission_id"
        ),
    )
    op.create_index("ix_case_message_case_number", "case_message", ["case_number"], unique=False)
    op.create_table(
        "case_milestone",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_number", Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("calendar", sa.String(length=80), nullable=False),
        sa.Column("target_seconds", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcTime, nullable=False),
        sa.Column("met_at", UtcTime, nullable=True),
        sa.ForeignKeyConstraint(
            ["case_number"], ["case.number"], name="fk_case_milestone_case_number"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_milestone"),
        sa.UniqueConstraint("case_number", "kind", name="uq_case_milestone_case_number_kind"),
    )
    op.create_index("ix_case_milestone_due_at", "case_milestone", ["due_at"], unique=False)
    op.create_table(
        "wizard_walk",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_number", Id, nullable=True),
        sa.Column("tree", Words, nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("outcome", Words, nullable=False),
        sa.Column("trail", sa.JSON(), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number"], ["case.number"], name="fk_wizard_walk_case_number"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_wizard_walk"),
    )
    op.create_index("ix_wizard_walk_case_number", "wizard_walk", ["case_number"], unique=False)


def _around() -> None:
    op.create_table(
        "search_log",
        sa.Column("id", Id, nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("query", Words, nullable=False),
        sa.Column("results", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_log"),
    )
    op.create_index("ix_search_log_at", "search_log", ["at"], unique=False)
    op.create_table(
        "feedback",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", Words, nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("email", Words, nullable=True),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("user_id", Id, nullable=True),
        sa.Column("at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_feedback_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
    )
    op.create_index("ix_feedback_at", "feedback", ["at"], unique=False)
    op.create_table(
        "vote",
        sa.Column("id", Id, nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("words", Words, nullable=False),
        sa.Column("visitor", sa.String(length=64), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_vote"),
        sa.UniqueConstraint("article_id", "visitor", name="uq_vote_article_id_visitor"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", Id, nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("recipient", Words, nullable=False),
        sa.Column("subject", Words, nullable=False),
        sa.Column("text", Words, nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("case_number", Id, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("due_at", UtcTime, nullable=False),
        sa.Column("leased_until", UtcTime, nullable=True),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("sent_at", UtcTime, nullable=True),
        sa.Column("error", Words, nullable=True),
        sa.ForeignKeyConstraint(["case_number"], ["case.number"], name="fk_outbox_case_number"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("message_id", name="uq_outbox_message_id"),
    )
    op.create_index("ix_outbox_case_number", "outbox", ["case_number"], unique=False)
    op.create_index("ix_outbox_state_due_at", "outbox", ["state", "due_at"], unique=False)
    op.create_table(
        "audit_event",
        sa.Column("id", Id, nullable=False),
        sa.Column("actor_id", Id, nullable=True),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name="fk_audit_event_actor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_event"),
    )
    op.create_index("ix_audit_event_at", "audit_event", ["at"], unique=False)
    op.create_index("ix_audit_event_subject", "audit_event", ["subject"], unique=False)

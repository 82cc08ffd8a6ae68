"""How far each reader has seen what there is, what they put aside, and how often they want a letter about news."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"

INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "seen_section",
        _id(),
        _of("plan"),
        _of("section"),
        _of("account"),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.UniqueConstraint("section_id", "account_id", name="seen_section_once"),
    )
    op.create_index("seen_section_by_reader", "seen_section", ["account_id", "plan_id"])
    once = sa.UniqueConstraint("account_id", "plan_id", name="news_begun_once")
    op.create_table("news_begun", _id(), _of("account"), _of("plan"), once)
    op.create_table(
        "put_aside",
        _id(),
        _of("account"),
        _of("plan"),
        sa.Column("about", sa.String(100), nullable=False),
        sa.Column("put_at", INSTANT, nullable=False),
        sa.UniqueConstraint("account_id", "about", name="put_aside_once"),
    )
    op.create_table(
        "news_letter",
        _id(),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False, unique=True),
        sa.Column("how_often", sa.String(40), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("told", JSON, nullable=False),
    )
    op.create_index("ix_news_letter_due_at", "news_letter", ["due_at"])


def downgrade() -> None:
    for name in ("news_letter", "put_aside", "news_begun", "seen_section"):
        op.drop_table(name)


def _id() -> sa.Column:
    return sa.Column("id", sa.Uuid(), primary_key=True)


def _of(table: str) -> sa.Column:
    return sa.Column(f"{table}_id", sa.Uuid(), sa.ForeignKey(f"{table}.id"), nullable=False)

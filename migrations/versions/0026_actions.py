"""Who does what by when, in sections of outcomes."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

INSTANT = sa.DateTime(timezone=True)
STANDS = sa.text("replaced_at IS NULL")


def upgrade() -> None:
    op.create_table("action", *_place(), *_words(), sa.UniqueConstraint("action_id", "number", name="action_number"))
    op.create_index("action_by_section", "action", ["section_id"])
    op.create_index("action_by_plan", "action", ["plan_id", "action_id"])
    where = {"sqlite_where": STANDS, "postgresql_where": STANDS}
    op.create_index("action_that_stands", "action", ["action_id"], unique=True, **where)


def downgrade() -> None:
    op.drop_table("action")


def _place() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("plan_id", sa.Uuid(), sa.ForeignKey("plan.id"), nullable=False),
        sa.Column("section_id", sa.Uuid(), sa.ForeignKey("section.id"), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(40), nullable=False),
        sa.Column("author_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("author_name", sa.String(200), nullable=False),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("replaced_at", INSTANT),
    ]


def _words() -> list[sa.Column]:
    return [
        sa.Column("what", sa.String(200), nullable=False),
        sa.Column("how", sa.String()),
        sa.Column("who_member_id", sa.Uuid(), sa.ForeignKey("member.id")),
        sa.Column("who_name", sa.String(200), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("progress_note", sa.String()),
        sa.Column("completed_at", INSTANT),
        sa.Column("put_away", sa.Boolean(), nullable=False),
    ]

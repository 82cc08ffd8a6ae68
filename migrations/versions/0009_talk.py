"""What people say beside a section, the mark that a text was checked, and whose suggestion a version was."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"

INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
INDEXES = (
    ("contribution_by_section", "contribution", ["section_id", "id"]),
    ("contribution_by_plan", "contribution", ["plan_id", "id"]),
    ("checked_mark_by_section", "checked_mark", ["section_id", "revision"]),
)


def upgrade() -> None:
    op.add_column("revision", sa.Column("suggested_by_name", sa.String(200)))
    op.create_table("contribution", *_place(), *_said(), *_answered())
    op.create_table("checked_mark", *_place(), *_checked())
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    op.drop_table("checked_mark")
    op.drop_table("contribution")
    with op.batch_alter_table("revision", recreate="never") as batch:
        batch.drop_column("suggested_by_name")


def _place() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("plan_id", sa.Uuid(), sa.ForeignKey("plan.id"), nullable=False),
        sa.Column("section_id", sa.Uuid(), sa.ForeignKey("section.id"), nullable=False),
        sa.Column("label", sa.String(40), nullable=False),
        sa.Column("author_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("author_name", sa.String(200), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
    ]


def _said() -> list[sa.Column]:
    return [
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("body_markdown", sa.String(), nullable=False),
        sa.Column("body_html", sa.String(), nullable=False),
        sa.Column("proposed_markdown", sa.String()),
        sa.Column("base_revision", sa.Integer(), nullable=False),
        sa.Column("voice", JSON, nullable=False),
        sa.Column("withdrawn_at", INSTANT),
        sa.Column("withdrawn_by", sa.Uuid(), sa.ForeignKey("account.id")),
    ]


def _answered() -> list[sa.Column]:
    return [
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("answer_label", sa.String(40), nullable=False),
        sa.Column("decided_by", sa.Uuid(), sa.ForeignKey("account.id")),
        sa.Column("decided_by_name", sa.String(200), nullable=False),
        sa.Column("decision_note", sa.String()),
        sa.Column("resulting_revision", sa.Integer()),
        sa.Column("decided_at", INSTANT),
    ]


def _checked() -> list[sa.Column]:
    return [
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(40), nullable=False),
        sa.Column("supported_by", sa.String(200)),
        sa.Column("by_person", sa.Boolean(), nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.Column("ended_by", sa.Uuid(), sa.ForeignKey("account.id")),
    ]

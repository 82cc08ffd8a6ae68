"""Easy words of a section, and how each person sees it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"

INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.add_column("section", sa.Column("easy_number", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "easy_text", *_kept(), *_easy(), sa.UniqueConstraint("section_id", "number", name="easy_text_number")
    )
    op.create_table("perspective", *_kept(), *_seen())
    op.create_index("perspective_by_section", "perspective", ["section_id", "id"])


def downgrade() -> None:
    op.drop_table("perspective")
    op.drop_table("easy_text")
    with op.batch_alter_table("section", recreate="never") as batch:
        batch.drop_column("easy_number")


def _kept() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("plan_id", sa.Uuid(), sa.ForeignKey("plan.id"), nullable=False),
        sa.Column("section_id", sa.Uuid(), sa.ForeignKey("section.id"), nullable=False),
        sa.Column("voice", JSON, nullable=False),
        sa.Column("label", sa.String(40), nullable=False),
        sa.Column("author_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("author_name", sa.String(200), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
    ]


def _easy() -> list[sa.Column]:
    return [
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("lines", JSON, nullable=False),
        sa.Column("explains", sa.Integer(), nullable=False),
    ]


def _seen() -> list[sa.Column]:
    words = ("working_markdown", "working_html", "not_working_markdown", "not_working_html")
    return [
        *(sa.Column(name, sa.String(), nullable=False) for name in words),
        sa.Column("ended_at", INSTANT),
        sa.Column("ended_by", sa.Uuid(), sa.ForeignKey("account.id")),
    ]

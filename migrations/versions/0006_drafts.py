"""What people are writing and have not saved, kept for themselves alone; and whether they write as plain text."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0003"

INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.add_column("account", sa.Column("writes_plain", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "written_draft",
        sa.Column("plan_id", sa.Uuid(), sa.ForeignKey("plan.id"), nullable=False),
        sa.Column("section_id", sa.Uuid(), sa.ForeignKey("section.id"), nullable=False),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("page", sa.Uuid(), nullable=False),
        sa.Column("words", JSON, nullable=False),
        sa.Column("kept_at", INSTANT, nullable=False),
        sa.Column("thrown_away_at", INSTANT, nullable=True),
    )
    still_kept = sa.text("thrown_away_at IS NULL")
    op.create_index(
        "draft_of_author",
        "written_draft",
        ["section_id", "account_id"],
        unique=True,
        sqlite_where=still_kept,
        postgresql_where=still_kept,
    )


def downgrade() -> None:
    op.drop_table("written_draft")
    with op.batch_alter_table("account", recreate="never") as batch:
        batch.drop_column("writes_plain")

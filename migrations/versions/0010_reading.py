"""How pages look to each account, and where each reader is, for themselves alone."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("account", sa.Column("reading", sa.String(300), nullable=False, server_default=""))
    op.create_table(
        "reading_place",
        sa.Column("plan_id", sa.Uuid(), sa.ForeignKey("plan.id"), nullable=False),
        sa.Column("section_id", sa.Uuid(), sa.ForeignKey("section.id"), nullable=False),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("paragraph", sa.Integer(), nullable=False),
        sa.Column("begins", sa.String(16), nullable=False),
        sa.Column("sentence", sa.Integer()),
        sa.Column("media_id", sa.Uuid()),
        sa.Column("second", sa.Integer()),
        sa.Column("kept_at", INSTANT, nullable=False),
        sa.UniqueConstraint("account_id", "section_id", name="place_of_reader"),
    )


def downgrade() -> None:
    op.drop_table("reading_place")
    with op.batch_alter_table("account", recreate="never") as batch:
        batch.drop_column("reading")

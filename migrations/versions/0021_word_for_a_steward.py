"""Whose word, and when, makes somebody of the circle a steward."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("member", sa.Column("steward_word_by", sa.Uuid()))
    op.add_column("member", sa.Column("steward_word_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    with op.batch_alter_table("member", recreate="never") as batch:
        batch.drop_column("steward_word_at")
        batch.drop_column("steward_word_by")

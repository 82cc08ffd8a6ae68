"""Whose words a recording, or another file, holds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0018"
down_revision = "0017"

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.add_column("media", sa.Column("voice", JSON))


def downgrade() -> None:
    with op.batch_alter_table("media", recreate="never") as batch:
        batch.drop_column("voice")

"""Whether somebody wants no hints about words and sentences while they write."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("account", sa.Column("wants_no_hints", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("account", recreate="never") as batch:
        batch.drop_column("wants_no_hints")

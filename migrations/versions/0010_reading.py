"""How pages look to each account."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("account", sa.Column("reading", sa.String(300), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("account", recreate="never") as batch:
        batch.drop_column("reading")

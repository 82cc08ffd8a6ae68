"""When a way to sign in was last taken away or changed, so that a backup does not bring it back."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("account", sa.Column("sign_in_narrowed_at", sa.DateTime(timezone=True)))
    op.create_index("ix_account_sign_in_narrowed_at", "account", ["sign_in_narrowed_at"])


def downgrade() -> None:
    op.drop_index("ix_account_sign_in_narrowed_at", "account")
    with op.batch_alter_table("account", recreate="never") as batch:
        batch.drop_column("sign_in_narrowed_at")

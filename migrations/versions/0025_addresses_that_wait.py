"""An address that somebody wrote, and has not shown to be theirs yet."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

# Before, an address that nobody had shown to be theirs was the account's all the same: the first who wrote it had it.
_FIRST = """
UPDATE account SET email = waiting_email WHERE email IS NULL AND closed_at IS NULL AND waiting_email IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM account AS other WHERE other.email = account.waiting_email)
AND NOT EXISTS (
    SELECT 1 FROM account AS other
    WHERE other.waiting_email = account.waiting_email AND other.closed_at IS NULL AND other.id < account.id
)
"""


def upgrade() -> None:
    op.add_column("account", sa.Column("waiting_email", sa.String(254)))
    op.create_index("ix_account_waiting_email", "account", ["waiting_email"])


def downgrade() -> None:
    op.execute(_FIRST)
    op.drop_index("ix_account_waiting_email", "account")
    with op.batch_alter_table("account", recreate="never") as batch:
        batch.drop_column("waiting_email")

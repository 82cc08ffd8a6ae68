"""Whose invitation it was is asked for each of the circle, while somebody waits to be confirmed: not by reading all."""

from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_index("ix_invitation_member_id", "invitation", ["member_id"])


def downgrade() -> None:
    op.drop_index("ix_invitation_member_id", "invitation")

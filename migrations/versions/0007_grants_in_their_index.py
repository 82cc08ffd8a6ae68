"""What the rule of rights asks of a grant stands in the index by section, so that no row of a grant is read."""

from alembic import op

revision = "0007"
down_revision = "0006"

ASKED = (
    *("section_id", "ended_at", "member_id", "role", "level", "withheld", "history", "earlier_history"),
    *("from_on", "expires_on"),
)


def upgrade() -> None:
    op.drop_index("grant_by_section", "grant")
    op.create_index("grant_by_section", "grant", ASKED)


def downgrade() -> None:
    op.drop_index("grant_by_section", "grant")
    op.create_index("grant_by_section", "grant", ["section_id", "ended_at"])

"""Drafts of easy words, beside those of the full words: which face of a section a draft is of."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

STILL_KEPT = sa.text("thrown_away_at IS NULL")


def upgrade() -> None:
    op.add_column("written_draft", sa.Column("face", sa.String(40), nullable=False, server_default="full"))
    op.drop_index("draft_of_author", "written_draft")
    _index(["section_id", "account_id", "face"])


def downgrade() -> None:
    op.drop_index("draft_of_author", "written_draft")
    op.execute(sa.text("DELETE FROM written_draft WHERE face <> 'full'"))
    with op.batch_alter_table("written_draft", recreate="never") as batch:
        batch.drop_column("face")
    _index(["section_id", "account_id"])


def _index(columns: list[str]) -> None:
    where = {"sqlite_where": STILL_KEPT, "postgresql_where": STILL_KEPT}
    op.create_index("draft_of_author", "written_draft", columns, unique=True, **where)

"""A picture of its own that stands for a section; and what a reader had seen before they marked all as seen."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

STEP_BACK = (("was_revision", sa.Integer()), ("was_until", sa.DateTime(timezone=True)), ("marked_with", sa.Uuid()))


def upgrade() -> None:
    op.add_column("section", sa.Column("picture_media_id", sa.Uuid()))
    for name, kind in STEP_BACK:
        op.add_column("seen_section", sa.Column(name, kind))


def downgrade() -> None:
    for table, names in (("seen_section", [name for name, _ in STEP_BACK]), ("section", ["picture_media_id"])):
        with op.batch_alter_table(table, recreate="never") as batch:
            for name in names:
                batch.drop_column(name)

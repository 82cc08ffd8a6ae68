"""Which plans were erased, by id alone; and the photo of the person a plan is about."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "erased_plan",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.add_column("plan", sa.Column("person_photo_media_id", sa.Uuid()))
    op.create_index("plan_closed", "plan", ["closed_at"])


def downgrade() -> None:
    op.drop_index("plan_closed", "plan")
    with op.batch_alter_table("plan", recreate="never") as batch:
        batch.drop_column("person_photo_media_id")
    op.drop_table("erased_plan")

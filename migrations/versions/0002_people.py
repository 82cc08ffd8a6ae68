"""People: passkeys, mailed links, organisations; guest links, tablets and owners' tasks; the chained audit and mail.

What happened before the chain began stays, without a number.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"

INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
NO, YES = sa.false(), sa.true()
NEW_TABLES = (
    "shared_section",
    "share_link",
    "tablet",
    "owner_task",
    "delivery",
    "audit_head",
    "recovery_code",
    "passkey",
    "outside_identity",
    "mailed_link",
    "host_administrator",
    "challenge",
    "organisation",
)
NEW_INDEXES = (
    ("ix_login_tablet_id", "login", "tablet_id", None),
    ("member_to_ask", "member", "plan_id", "ended_at IS NULL AND is_key_worker"),
    ("invitation_by_code", "invitation", "code_hash", "code_hash IS NOT NULL"),
)


def upgrade() -> None:
    _make_people()
    _make_circle()
    _make_activity()
    for table, columns in _new_columns().items():
        for column in columns:
            op.add_column(table, column)
    for name, table, column, where in NEW_INDEXES:
        only = sa.text(where) if where else None
        op.create_index(name, table, [column], unique=bool(where), sqlite_where=only, postgresql_where=only)
    op.execute("UPDATE member SET confirmed_at = created_at WHERE account_id IS NOT NULL")
    op.execute("UPDATE login SET confirmed_at = created_at WHERE kind = 'browser'")
    _chain_events()


def downgrade() -> None:
    _unchain_events()
    for name, table, _, _ in NEW_INDEXES:
        op.drop_index(name, table)
    for table, columns in _new_columns().items():
        with op.batch_alter_table(table, recreate="never") as batch:
            for column in columns:
                batch.drop_column(column.name)
    for table in NEW_TABLES:
        op.drop_table(table)


def _new_columns() -> dict[str, tuple[sa.Column, ...]]:
    return {
        "account": (
            sa.Column("email_confirmed_at", INSTANT, nullable=True),
            sa.Column("totp_sealed", sa.String(500), nullable=True),
            sa.Column("totp_confirmed_at", INSTANT, nullable=True),
            sa.Column("totp_last_step", sa.Integer(), nullable=True),
            sa.Column("closed_at", INSTANT, nullable=True),
        ),
        "login": (
            sa.Column("device", sa.String(200), nullable=False, server_default=""),
            sa.Column("confirmed_at", INSTANT, nullable=True),
            sa.Column("tablet_id", sa.Uuid(), nullable=True),
        ),
        "plan": (sa.Column("frozen_at", INSTANT, nullable=True), sa.Column("frozen_by", sa.Uuid(), nullable=True)),
        "member": (
            sa.Column("knows_me_best", sa.Boolean(), nullable=False, server_default=NO),
            sa.Column("is_key_worker", sa.Boolean(), nullable=False, server_default=NO),
            sa.Column("closeness", sa.Integer(), nullable=True),
            sa.Column("basis_valid_from", sa.Date(), nullable=True),
            sa.Column("confirmed_at", INSTANT, nullable=True),
            sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        ),
        "invitation": (
            sa.Column("code_hash", sa.String(64), nullable=True),
            sa.Column("display_name", sa.String(200), nullable=True),
            sa.Column("confirm_first", sa.Boolean(), nullable=False, server_default=NO),
            sa.Column("mailed_at", INSTANT, nullable=True),
            sa.Column("sent_at", INSTANT, nullable=True),
        ),
    }


def _chain_events() -> None:
    op.rename_table("event", "audit_entry")
    with op.batch_alter_table("audit_entry") as batch:
        batch.add_column(sa.Column("actor_type", sa.String(40), nullable=False, server_default="account"))
        batch.add_column(sa.Column("as_member_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("outcome", sa.String(40), nullable=False, server_default="allowed"))
        batch.add_column(sa.Column("request_id", sa.String(200), nullable=True))
        batch.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("seal", sa.String(64), nullable=True))
        batch.alter_column("actor_id", existing_type=sa.Uuid(), nullable=True)
        batch.create_unique_constraint("audit_entry_number", ["plan_id", "number"])


def _unchain_events() -> None:
    op.execute("DELETE FROM audit_entry WHERE actor_id IS NULL")
    with op.batch_alter_table("audit_entry") as batch:
        batch.drop_constraint("audit_entry_number", type_="unique")
        for name in ("actor_type", "as_member_id", "outcome", "request_id", "number", "seal"):
            batch.drop_column(name)
        batch.alter_column("actor_id", existing_type=sa.Uuid(), nullable=False)
    op.rename_table("audit_entry", "event")


def _make_people() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("ods_code", sa.String(20), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "challenge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("data", JSON, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("secret_hash"),
    )
    op.create_index("ix_challenge_expires_at", "challenge", ["expires_at"])
    op.create_table(
        "host_administrator",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_host_administrator_account_id", "host_administrator", ["account_id"])
    op.create_table(
        "mailed_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=True),
        sa.Column("browser_hash", sa.String(64), nullable=True),
        sa.Column("data", JSON, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("secret_hash"),
    )
    op.create_index("ix_mailed_link_expires_at", "mailed_link", ["expires_at"])
    op.create_table(
        "outside_identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(500), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("issuer", "subject", name="outside_identity_once"),
    )
    op.create_index("ix_outside_identity_account_id", "outside_identity", ["account_id"])
    op.create_table(
        "passkey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("credential_id", sa.String(1400), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("transports", JSON, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("credential_id"),
    )
    op.create_index("ix_passkey_account_id", "passkey", ["account_id"])
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code_hash"),
    )
    op.create_index("ix_recovery_code_account_id", "recovery_code", ["account_id"])


def _make_circle() -> None:
    op.create_table(
        "owner_task",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(100), nullable=False),
        sa.Column("answer", sa.String(40), nullable=False),
        sa.Column("ask_again_on", sa.Date(), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by"], ["account.id"]),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("plan_id", "about", name="owner_task_once"),
    )
    op.create_table(
        "share_link",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("purpose_note", sa.String(500), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("max_uses", sa.Integer(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"]),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("secret_hash"),
    )
    op.create_index("share_link_by_plan", "share_link", ["plan_id", "id"])
    op.create_table(
        "shared_section",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["share_link.id"]),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"]),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("link_id", "section_id", name="shared_section_once"),
    )
    op.create_table(
        "tablet",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("pictures_hash", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("enrolled_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["enrolled_by"], ["account.id"]),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("secret_hash"),
    )
    op.create_index("tablet_by_plan", "tablet", ["plan_id", "id"])


def _make_activity() -> None:
    op.create_table(
        "audit_head",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.Column("proof", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"]),
        sa.PrimaryKeyConstraint("plan_id"),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.String(), nullable=True),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(200), nullable=True),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("given_up_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("delivery_due", "delivery", ["sent_at", "given_up_at", "due_at"])

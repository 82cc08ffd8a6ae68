"""Search looks through the words of the viewer's own plans: no full-text index is kept any more. See decision 9."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TRIGGERS = {
    "search_entry_added": ("INSERT", ("added",)),
    "search_entry_removed": ("DELETE", ("removed",)),
    "search_entry_changed": ("UPDATE", ("removed", "added")),
}
STEPS = {
    "added": "INSERT INTO search_index(rowid, shard, words) VALUES (new.id, new.shard, new.words);",
    "removed": (
        "INSERT INTO search_index(search_index, rowid, shard, words) VALUES ('delete', old.id, old.shard, old.words);"
    ),
}
SQLITE_INDEX = """
    CREATE VIRTUAL TABLE search_index USING fts5(
        shard, words, content='search_entry', content_rowid='id', tokenize='unicode61 remove_diacritics 0'
    )
"""
POSTGRESQL_INDEX = (
    "ALTER TABLE search_entry ADD COLUMN vector tsvector GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED"
)


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    if _on_sqlite():
        for trigger in TRIGGERS:
            op.execute(f"DROP TRIGGER {trigger}")
        op.execute("DROP TABLE search_index")
    else:
        op.drop_column("search_entry", "vector")
    op.drop_column("search_entry", "shard")


def downgrade() -> None:
    op.add_column("search_entry", sa.Column("shard", sa.String(40), nullable=False, server_default=""))
    op.execute("UPDATE search_entry SET shard = 'p' || replace(CAST(plan_id AS VARCHAR(36)), '-', '')")
    if not _on_sqlite():
        op.execute(POSTGRESQL_INDEX)
        return
    op.execute(SQLITE_INDEX)
    for trigger, (event, steps) in TRIGGERS.items():
        body = " ".join(STEPS[step] for step in steps)
        op.execute(f"CREATE TRIGGER {trigger} AFTER {event} ON search_entry BEGIN {body} END")
    op.execute("INSERT INTO search_index(search_index) VALUES ('rebuild')")

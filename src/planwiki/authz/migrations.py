"""Bringing the database to the shape this version needs."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from planwiki.base.errors import Invalid
from planwiki.settings import resource_dir

from .database import Database


def migrate(database: Database, to: str = "head") -> str:
    """Upgrades (or, to an older revision, downgrades) in one transaction. Answers the revision reached.

    Raises Invalid for a revision that this version does not know.
    """
    config = _config()
    known = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    if to not in {*known, "head", "base"}:
        raise Invalid(f"There is no such revision. This version knows head, base, and {known[-1]} to {known[0]}.")
    with database.connection() as connection:
        config.attributes["connection"] = connection
        at = MigrationContext.configure(connection).get_current_revision()
        if to == "base" or (to in known and at in known and known.index(to) > known.index(at)):
            command.downgrade(config, to)
        else:
            command.upgrade(config, to)
        return MigrationContext.configure(connection).get_current_revision() or "base"


def revisions(database: Database) -> tuple[str | None, str | None]:
    """(where the database is, where this version wants it)."""
    with database.connection() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
    return at, ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(resource_dir("migrations")))
    return config

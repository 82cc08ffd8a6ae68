"""The command line says what went wrong in one sentence: on standard error, with an exit that is not zero."""

from typing import Any, NoReturn

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError
from typer.core import TyperGroup

from planwiki.authz.database import Database
from planwiki.base.errors import PlanwikiError, Unavailable
from planwiki.settings import Settings, resource_dir, what_is_wrong


class Plainly(TyperGroup):
    """Every command below it, so that none forgets to. What nobody foresaw still shows where it happened."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (ValidationError, SettingsError) as error:
            stop(what_is_wrong(error))
        except (PlanwikiError, OSError) as error:
            stop(said_by(error))


def stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def said_by(error: Exception) -> str:
    """For a host to read: what the machine said of which file, or what the database said beneath our own words."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename} cannot be used: {error.strerror}." if error.filename else f"{error.strerror}."
    beneath = getattr(error.__cause__ if isinstance(error, Unavailable) else error, "orig", None)
    if beneath is not None:
        return f"The database does not answer: {first_line(beneath)}"
    return first_line(error)


def first_line(error: BaseException) -> str:
    """What a library says goes on for lines, and only its first is for people."""
    return next(iter(str(error).splitlines()), type(error).__name__)


def opened(settings: Settings) -> Database:
    return Database(settings.database, resource_dir("policies"), settings.time_zone, key=settings.secret_key)

"""Every setting: its variable (PLANWIKI_...), its default, its meaning. Only this file reads the environment."""

from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

DEMO_SECRET = "only-for-trying-planwiki-on-your-own-machine"  # noqa: S105 - public on purpose; production refuses it


class OrganisationLogin(BaseModel):
    """An organisation whose people sign in with it (OpenID Connect). `required`: people of its domains only so."""

    key: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    name: str
    issuer: str
    client_id: str
    client_secret: str
    domains: list[str] = []
    required: bool = False


class Settings(BaseSettings):
    """How this planwiki runs. The defaults suit one machine."""

    model_config = SettingsConfigDict(env_prefix="PLANWIKI_", env_ignore_empty=True, extra="ignore")

    environment: Literal["development", "production"] = Field(
        "development", description="production refuses weak secrets and addresses without TLS."
    )
    data_dir: Path = Field(Path("var"), description="Where the SQLite file and other kept files live.")
    database_url: str = Field(
        "",
        description="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME. Empty: a file in the data folder.",
    )
    secret_key: str = Field(
        DEMO_SECRET,
        description="Signs cursors and keys hashes. At least 32 characters, kept secret, the same on every machine.",
    )
    base_url: str = Field("http://127.0.0.1:8000", description="The address people type, without a slash at the end.")
    time_zone: str = Field("Europe/London", description="Where a day begins and ends for dates on grants.")
    locale: str = Field("", description="The language of every page, such as en-GB. Empty: what each browser asks for.")
    login_hours: int = Field(12, ge=1, le=24 * 90, description="How long a browser stays signed in.")
    token_days: int = Field(90, ge=1, le=3650, description="How long a bearer token lasts where nobody says.")
    safety_contact: str = Field(
        "", description="Whom somebody who is worried may call or write to, in one line. Shown on Tell someone."
    )
    smtp_url: str = Field(
        "",
        description="smtp://USER:PASSWORD@HOST:PORT with STARTTLS, or smtps://. Empty: letters go to data_dir/mailbox.",
    )
    mail_from: str = Field("planwiki <planwiki@localhost>", description="Whom letters come from.")
    worker: Literal["inside", "separate"] = Field(
        "inside", description="inside: serve also sends letters. separate: planwiki worker does."
    )
    organisations: list[OrganisationLogin] = Field(
        [], description="JSON: key, name, issuer, client_id, client_secret, domains and required of each organisation."
    )
    media_url: str = Field(
        "", description="s3://KEY:SECRET@HOST/BUCKET/FOLDER?region=NAME for pictures and sound. Empty: data_dir/media."
    )
    media_quota_mb: int = Field(2000, ge=1, description="How much the pictures, sound and video of one plan may take.")
    metrics_token: str = Field("", description="The bearer token that may read /metrics. Empty: nobody may.")

    @field_validator("base_url")
    @classmethod
    def _no_slash_at_the_end(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("PLANWIKI_BASE_URL must start with http:// or https://.")
        return value.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _a_mail_server(cls, value: str) -> str:
        if value and not value.startswith(("smtp://", "smtps://", "smtp+insecure://")):
            raise ValueError("PLANWIKI_SMTP_URL must start with smtp:// or smtps://.")
        return value

    @field_validator("media_url")
    @classmethod
    def _a_store(cls, value: str) -> str:
        at = urlsplit(value)
        whole = (
            at.scheme in {"s3", "s3+insecure"} and at.hostname and at.username and at.password and at.path.strip("/")
        )
        if value and not whole:
            raise ValueError("PLANWIKI_MEDIA_URL must look like s3://KEY:SECRET@HOST/BUCKET/FOLDER?region=NAME.")
        return value

    @field_validator("time_zone")
    @classmethod
    def _a_known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("PLANWIKI_TIME_ZONE must be the name of a time zone, such as Europe/London.") from None
        return value

    @field_validator("database_url")
    @classmethod
    def _a_database(cls, value: str) -> str:
        try:
            known = not value or make_url(value).get_backend_name() in {"sqlite", "postgresql", "postgres"}
        except (ArgumentError, ValueError):
            known = False
        if not known:
            raise ValueError(
                "PLANWIKI_DATABASE_URL must be like sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME."
            )
        return value

    @model_validator(mode="after")
    def _safe_in_production(self) -> "Settings":
        if self.environment == "production":
            if self.secret_key == DEMO_SECRET or len(self.secret_key) < 32 or len(set(self.secret_key)) < 10:
                raise ValueError("PLANWIKI_SECRET_KEY is weak: use at least 32 random characters in production.")
            if self.smtp_url.startswith("smtp+insecure://"):
                raise ValueError("PLANWIKI_SMTP_URL must use TLS in production: letters hold keys.")
            if self.media_url.startswith("s3+insecure://"):
                raise ValueError("PLANWIKI_MEDIA_URL must use TLS in production: it carries photos.")
            if not all(one.issuer.startswith("https://") for one in self.organisations):
                raise ValueError("PLANWIKI_ORGANISATIONS: every issuer must start with https:// in production.")
            if not self.base_url.startswith("https://"):
                raise ValueError("PLANWIKI_BASE_URL must start with https:// in production.")
        return self

    @cached_property
    def database(self) -> str:
        """The database's address; the data folder is made when it holds the SQLite file."""
        if self.database_url:
            return self.database_url
        self.data_dir.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{(self.data_dir / 'planwiki.sqlite3').resolve()}"

    @property
    def shows_mailbox(self) -> bool:
        """Letters are shown on a page to whoever tries planwiki on their own machine, and nowhere else."""
        return self.environment == "development" and not self.smtp_url and not self.secure

    @property
    def secure(self) -> bool:
        return self.base_url.startswith("https://")


def what_is_wrong(error: ValidationError | SettingsError) -> str:
    """Which setting or word does not fit, and why, in one sentence. Never what it holds: it may be a secret."""
    if isinstance(error, SettingsError):  # Of its two kinds of settings, only those with parts of their own raise it.
        return "PLANWIKI_ORGANISATIONS must be a list, written as JSON."
    first = error.errors(include_url=False, include_input=False)[0]
    place, reason = ".".join(map(str, first["loc"])), first["msg"].removeprefix("Value error, ")
    if reason.startswith("PLANWIKI_") or not place:
        return reason
    name, _, part = place.partition(".")
    return f"PLANWIKI_{name.upper()}{part and f' ({part})'}: {reason}" if _is_setting(error) else f"{place}: {reason}"


def _is_setting(error: ValidationError) -> bool:
    return error.title == Settings.__name__


def resource_dir(name: str) -> Path:
    """A folder that ships with planwiki: beside `src` in a checkout, inside the package in a wheel."""
    package = Path(__file__).parent
    inside = package / name
    return inside if inside.is_dir() else package.parent.parent / name

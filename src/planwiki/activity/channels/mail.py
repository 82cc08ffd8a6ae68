"""E-mail: through the host's SMTP server, or into a folder on this machine where there is none."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from planwiki.base import clock, ids
from planwiki.settings import Settings

PATIENCE = 20  # Seconds for a mail server to answer.
_PORTS = {"smtp": 587, "smtps": 465, "smtp+insecure": 25}


class Mailer(Protocol):
    def send(self, letter: EmailMessage) -> None:
        """Hands the letter over for good. Raises OSError or SMTPException when nobody took it."""


def mailer_for(settings: Settings) -> Mailer:
    return SmtpMailer(settings.smtp_url) if settings.smtp_url else FolderMailer(mailbox_of(settings))


def mailbox_of(settings: Settings) -> Path:
    return settings.data_dir / "mailbox"


def letter(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    """Plain text, from us alone: no picture, no tracking, nothing to fetch. Machines are told not to answer it.

    Raises ValueError when `to` is not one address: what holds a key goes to nobody else.
    """
    made = EmailMessage(policy=policy.SMTPUTF8 if not to.isascii() else policy.SMTP)
    made["From"], made["To"], made["Subject"] = sender, Address(addr_spec=to), subject
    made["Date"] = format_datetime(clock.now())
    made["Message-ID"] = f"<{ids.new_id()}@{sender.rpartition('@')[2].strip('<> ') or 'planwiki'}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text)
    return made


class SmtpMailer:
    """smtp:// upgrades to TLS before anything is said; smtps:// begins with it; smtp+insecure:// does without."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._scheme, self._host = parts.scheme, parts.hostname or "localhost"
        self._port = parts.port or _PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")

    def send(self, letter: EmailMessage) -> None:
        with self._connection() as server:
            if self._user:
                server.login(self._user, self._password)
            server.send_message(letter)

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        tls = ssl.create_default_context()
        if self._scheme == "smtps":
            with smtplib.SMTP_SSL(self._host, self._port, timeout=PATIENCE, context=tls) as server:
                yield server
            return
        with smtplib.SMTP(self._host, self._port, timeout=PATIENCE) as server:
            if self._scheme == "smtp":
                server.starttls(context=tls)  # Refuses a server without TLS: letters hold keys.
            yield server


class FolderMailer:
    """Each letter is a file, newest last by name. For trying planwiki out, and for tests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, letter: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self._folder / f"{ids.new_id()}.eml").write_bytes(letter.as_bytes())


def letters_in(folder: Path, most: int = 100) -> list[EmailMessage]:
    """What lies in the folder, newest first."""
    files = sorted(folder.glob("*.eml"), reverse=True)[:most]
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

"""Letters by e-mail: each a template of plain text whose first line is the subject. No word of a plan is in any."""

from email.message import EmailMessage
from typing import Any

from planwiki.activity.channels.mail import letter
from planwiki.base.vocabulary import MailKind
from planwiki.settings import Settings

from .rendering import text_environment


def write_letter(settings: Settings, kind: MailKind, said: dict[str, Any]) -> EmailMessage:
    """`said` names the receiver under `to`; the rest is for the template."""
    template = text_environment().get_template(f"mail/{kind.value}.txt")
    subject, _, text = template.render(**said, base_url=settings.base_url).strip().partition("\n")
    return letter(settings.mail_from, said["to"], subject.strip(), f"{text.strip()}\n")

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
    made = letter(settings.mail_from, said["to"], subject.strip(), f"{text.strip()}\n")
    return _stopped_in_one_press(made, said["stop"]) if "stop" in said else made


def _stopped_in_one_press(made: EmailMessage, address: str) -> EmailMessage:
    """Mail programs show a button of their own (RFC 8058), and press it without signing anybody in."""
    made.policy = made.policy.clone(max_line_length=998)  # The most a mail may have: a folded address leads nowhere.
    made["List-Unsubscribe"] = f"<{address}>"
    made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return made

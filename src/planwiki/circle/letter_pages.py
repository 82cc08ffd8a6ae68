"""What letters to print say. They name who sends and what for, as an invitation's link does, and no word of a plan."""

from planwiki.base.language import _
from planwiki.base.vocabulary import Role
from planwiki.web.papers import Letter

from .schemas import InvitationView

AS_ROLE = {
    Role.PERSON: _("the person it is about"),
    Role.STEWARD: _("someone who helps to decide"),
    Role.FAMILY: _("family"),
    Role.FRIEND: _("a friend"),
    Role.KEY_WORKER: _("a key worker"),
    Role.PROFESSIONAL: _("a professional"),
}


def invitation_letter(invitation: InvitationView, sender: str, link: str, code: str, address: str, ends: str) -> Letter:
    words = {"name": sender, "role": _(AS_ROLE[invitation.role]), "words": invitation.relationship, "address": address}
    said = [
        _("%(name)s asks you into the circle of a plan, as %(role)s.") % words,
        _("They wrote who you are: “%(words)s”.") % words,
    ]
    return Letter(
        title=_("You are invited"),
        for_whom=_("For %(name)s") % {"name": invitation.display_name} if invitation.display_name else None,
        opening=said + ([invitation.message] if invitation.message else []),
        steps=[
            _("Hold your phone’s camera over the square."),
            _("Or open %(address)s and type the code.") % words,
            _("Write your name and your e-mail address. You need no password."),
        ],
        link=link,
        qr_alt=_("A square that opens your link"),
        code=code,
        code_words=_("Your code:"),
        closing=[
            _("It works once, until %(day)s.") % {"day": ends},
            _("Keep this letter to yourself: whoever holds it can use it."),
        ],
    )


def guest_letter(sender: str, link: str, address: str, ends: str) -> Letter:
    """A guest link on paper. It does not say what it opens, nor whose plan it is."""
    words = {"name": sender, "address": address, "day": ends}
    return Letter(
        title=_("A link to read"),
        opening=[_("%(name)s shares some pages with you, to read.") % words],
        steps=[
            _("Hold your phone’s camera over the square."),
            _("Or open %(address)s and paste the link.") % words,
        ],
        link=link,
        qr_alt=_("A square that opens the link"),
        closing=[
            _("It works until %(day)s, or until it is stopped.") % words,
            _("Please read it alone, and keep it to yourself."),
        ],
    )


def spaced(code: str) -> str:
    """In two halves, to read out."""
    return f"{code[:5]} {code[5:]}"

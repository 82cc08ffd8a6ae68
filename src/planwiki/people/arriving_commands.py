"""The letter to an address that waited was read: the address is theirs from now on.

Where the reader holds the browser that the address was written in, both are one person's, and nothing else changes.
Elsewhere nobody knows that: a mistyped address is a stranger's. Then whatever opened the account before opens it no
more, and owners of each plan say once more who came.
"""

from sqlmodel import Session

from planwiki.authz.database import Database
from planwiki.base import clock
from planwiki.base.errors import Gone
from planwiki.circle.coming_again_commands import ask_everywhere

from .commands import account_by_email
from .models import Account
from .newcomer_commands import forget_who_came_before
from .waiting_commands import end_letters

ENDED = "This link has ended. Please ask for a new one."


def arrive(database: Database, session: Session, account: Account, email: str, *, here: bool, base_url: str) -> None:
    """Raises Gone where the address waits no more, or is somebody's by now; Conflict where owners cannot be asked."""
    taken = account_by_email(session, email) is not None
    if taken or account.waiting_email != email or account.closed_at is not None:
        raise Gone(ENDED, "link-ended")
    if not here:
        forget_who_came_before(session, account)
        account.sign_in_narrowed_at = clock.now()
    end_letters(session, account.id)
    account.email, account.waiting_email, account.email_confirmed_at = email, None, clock.now()
    session.flush()
    if not here:
        ask_everywhere(database, session, account.id, base_url)

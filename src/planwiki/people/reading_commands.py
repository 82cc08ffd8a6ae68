"""How pages look and sound to one account, wherever it signs in."""

from planwiki.authz.unit_of_work import UnitOfWork

from .models import Account
from .reading_schemas import Reading


def choose_reading(uow: UnitOfWork, reading: Reading) -> None:
    uow.get(Account, uow.principal.account_id).reading = reading.kept

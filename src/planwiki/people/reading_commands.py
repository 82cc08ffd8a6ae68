"""How pages look and sound to one account, wherever it signs in."""

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.reading_choices import Places
from planwiki.plans.place_commands import forget_places

from .models import Account
from .reading_schemas import Reading


def choose_reading(uow: UnitOfWork, reading: Reading) -> None:
    """Whoever wants no place kept has none from then on."""
    uow.get(Account, uow.principal.account_id).reading = reading.kept
    if reading.places is Places.OFF:
        forget_places(uow)

"""Remembering which way of reading somebody chose: for them alone, as how pages look. Nothing tells where."""

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import Face
from planwiki.people.models import Account
from planwiki.people.reading_schemas import reading_from


def remember_face(uow: UnitOfWork, face: Face) -> None:
    """It comes first from now on, on every page and device of theirs. All else they chose stays."""
    account = uow.get(Account, uow.principal.account_id, lock=True)
    account.reading = reading_from(account.reading).model_copy(update={"face": face}).kept

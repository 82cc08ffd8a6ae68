"""Questions of whoever hosts this planwiki. Each asks for what stands outside plans, by name, and nothing else."""

from sqlmodel import Session, col, select

from planwiki.activity.delivery_queries import stuck_in
from planwiki.authz.database import Database
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import NotFound

from .host_schemas import HostAccountView, HostView, OrganisationView, StuckView
from .models import Account, HostAdministrator, Organisation


def overview(uow: UnitOfWork) -> HostView:
    """For a host administrator; for all others there is nothing here."""
    mine = select(HostAdministrator).where(HostAdministrator.account_id == uow.principal.account_id)
    if uow.first(mine.where(col(HostAdministrator.ended_at).is_(None))) is None:
        raise NotFound
    with uow.system("a host administrator looks after accounts, organisations and letters") as session:
        return _everything(session)


def everything(database: Database) -> HostView:
    """The same for the command line."""
    with database.system_session("the host looks after accounts, organisations and letters", writes=False) as session:
        return _everything(session)


def _everything(session: Session) -> HostView:
    return HostView(accounts=_accounts(session), organisations=_organisations(session), stuck=_stuck(session))


def _accounts(session: Session) -> list[HostAccountView]:
    serving = select(HostAdministrator.account_id).where(col(HostAdministrator.ended_at).is_(None))
    ids = set(session.exec(serving))
    return [
        HostAccountView(
            email=one.email or "",
            display_name=one.display_name,
            created_at=one.created_at,
            closed_at=one.closed_at,
            looks_after_this=one.id in ids,
        )
        for one in session.exec(select(Account).order_by(col(Account.email), col(Account.id)))
    ]


def _organisations(session: Session) -> list[OrganisationView]:
    question = select(Organisation).where(col(Organisation.ended_at).is_(None)).order_by(col(Organisation.name))
    return [OrganisationView(name=one.name, ods_code=one.ods_code) for one in session.exec(question)]


def _stuck(session: Session) -> list[StuckView]:
    """Without what a mail server said: it may name an address."""
    shown = set(StuckView.model_fields)
    return [StuckView.model_validate(one.model_dump(include=shown)) for one in stuck_in(session)]

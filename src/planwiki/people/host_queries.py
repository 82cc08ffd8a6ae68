"""Questions of whoever hosts this planwiki. Each asks for what stands outside plans, by name, and nothing else."""

from uuid import UUID

from sqlmodel import Session, col, select

from planwiki.activity.delivery_queries import stuck_in
from planwiki.authz.database import Database
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import NotFound

from .host_schemas import HostAccountView, HostView, OrganisationView, StuckView
from .models import Account, HostAdministrator, Organisation

MOST_SHOWN = 100


def overview(uow: UnitOfWork, before: UUID | None = None) -> HostView:
    """For a host administrator; for all others there is nothing here. The newest accounts first."""
    mine = select(HostAdministrator).where(HostAdministrator.account_id == uow.principal.account_id)
    if uow.first(mine.where(col(HostAdministrator.ended_at).is_(None))) is None:
        raise NotFound
    with uow.system("a host administrator looks after accounts, organisations and letters") as session:
        return _everything(session, before=before, limit=MOST_SHOWN)


def everything(database: Database) -> HostView:
    """The same for the command line."""
    with database.system_session("the host looks after accounts, organisations and letters", writes=False) as session:
        return _everything(session)


def _everything(session: Session, before: UUID | None = None, limit: int | None = None) -> HostView:
    shown = _accounts(session, before, limit + 1 if limit else None)
    more = shown[limit - 1].id if limit and len(shown) > limit else None
    return HostView(accounts=shown[:limit], more=more, organisations=_organisations(session), stuck=_stuck(session))


def _accounts(session: Session, before: UUID | None, limit: int | None) -> list[HostAccountView]:
    serving = select(HostAdministrator.account_id).where(col(HostAdministrator.ended_at).is_(None))
    ids = set(session.exec(serving))
    question = select(Account).order_by(col(Account.id).desc()).limit(limit)
    if before is not None:
        question = question.where(col(Account.id) < before)
    return [
        HostAccountView(
            id=one.id,
            email=one.email or "",
            waiting_email=one.waiting_email or "",
            display_name=one.display_name,
            created_at=one.created_at,
            closed_at=one.closed_at,
            looks_after_this=one.id in ids,
        )
        for one in session.exec(question)
    ]


def _organisations(session: Session) -> list[OrganisationView]:
    question = select(Organisation).where(col(Organisation.ended_at).is_(None)).order_by(col(Organisation.name))
    return [OrganisationView(name=one.name, ods_code=one.ods_code) for one in session.exec(question)]


def _stuck(session: Session) -> list[StuckView]:
    """Without what a mail server said: it may name an address."""
    shown = set(StuckView.model_fields)
    return [StuckView.model_validate(one.model_dump(include=shown)) for one in stuck_in(session)]

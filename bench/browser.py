"""A browser that is signed in, without a password: nobody in a seeded database has one."""

from datetime import timedelta

from sqlmodel import select

from planwiki.authz.database import Database
from planwiki.base import clock, ids
from planwiki.base.vocabulary import LoginKind
from planwiki.people.models import Account, Login
from planwiki.settings import resource_dir


def cookie_of(url: str, email: str) -> str:
    database, secret, now = Database(url, resource_dir("policies")), ids.new_secret(), clock.now()
    with database.system_session("a browser for a benchmark") as session:
        account = session.exec(select(Account).where(Account.email == email)).one()
        session.add(
            Login(
                account_id=account.id,
                kind=LoginKind.BROWSER,
                secret_hash=ids.hash_secret(secret),
                created_at=now,
                expires_at=now + timedelta(days=1),
                confirmed_at=now,
            )
        )
    database.close()
    return f"planwiki={secret}"

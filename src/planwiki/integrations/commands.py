"""Doing something once, however often a program asks.

The key is claimed before the work, in the same transaction: a second request with the same key waits for the first,
then finds its answer. What is kept is sealed with the host's secret, since an invitation's link may be in it.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Invalid, NotFound
from planwiki.plans.queries import check_plan

from .models import KeptAnswer

KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class Made:
    """What a creating request made: its JSON, where it is, and whose rights count when it is told again."""

    body: str
    etag: str
    location: str
    plan_id: UUID
    replayed: bool = False


@dataclass(frozen=True)
class Once:
    """One request under one key. `fingerprint` tells whether it is the same request; `secret` seals what is kept."""

    key: str
    fingerprint: str
    secret: str


def permit_owner(uow: UnitOfWork, plan_id: UUID) -> None:
    uow.permit_owner(plan_id)


def do_once(
    uow: UnitOfWork,
    once: Once,
    work: Callable[[UnitOfWork], Made],
    permit: Callable[[UnitOfWork, UUID], None] = permit_owner,
) -> Made:
    """What `work` makes, or what it made before. Raises Invalid when the key belongs to another request.

    It is told again only while `permit` still lets the caller do it: mostly, while they own the plan.
    """
    _forget_old(uow)
    question = select(KeptAnswer).where(KeptAnswer.key == once.key)
    if kept := uow.first(question):
        return _told_again(uow, once, kept, permit)
    claim = KeptAnswer(
        account_id=uow.principal.account_id,
        key=once.key,
        fingerprint=once.fingerprint,
        status=201,
        body="",
        created_at=uow.now,
    )
    uow.add(claim)
    made = work(uow)
    claim.plan_id, claim.location, claim.etag = made.plan_id, made.location, made.etag
    claim.body = _sealed(once, claim.id, made.body.encode()).hex()
    return made


def made_before(uow: UnitOfWork, once: Once, permit: Callable[[UnitOfWork, UUID], None] = permit_owner) -> Made | None:
    """What this request made before, where its key was used: before costly work is done again. Raises as do_once."""
    question = select(KeptAnswer).where(KeptAnswer.key == once.key, col(KeptAnswer.created_at) > uow.now - KEPT_FOR)
    kept = uow.first(question)
    return _told_again(uow, once, kept, permit) if kept else None


def _told_again(uow: UnitOfWork, once: Once, kept: KeptAnswer, permit: Callable[[UnitOfWork, UUID], None]) -> Made:
    """Only to somebody who could still do it."""
    if kept.fingerprint != once.fingerprint:
        raise Invalid("That key was used for something else. Please take a new one.", code="idempotency-key-reused")
    if kept.plan_id is None:
        raise NotFound
    check_plan(uow, kept.plan_id)
    permit(uow, kept.plan_id)
    body = _sealed(once, kept.id, bytes.fromhex(kept.body)).decode()
    return Made(body, kept.etag or "", kept.location or "", kept.plan_id, replayed=True)


def _forget_old(uow: UnitOfWork) -> None:
    """The caller's own answers of more than a day ago."""
    for old in uow.all(select(KeptAnswer).where(col(KeptAnswer.created_at) <= uow.now - KEPT_FOR)):
        uow.delete(old)
    uow.flush()


def _sealed(once: Once, id: UUID, text: bytes) -> bytes:
    """Seals and opens: the text crossed with as many bytes of SHAKE-256 over the secret and an id used once."""
    stream = hashlib.shake_256(b"kept answer\0" + hashlib.sha256(once.secret.encode()).digest() + id.bytes)
    return bytes(a ^ b for a, b in zip(text, stream.digest(len(text)), strict=True))

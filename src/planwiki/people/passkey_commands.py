"""Passkeys (WebAuthn level 3): a key that a device keeps, and that its owner opens with a finger, a face or a PIN.

Each question to a browser is a row of its own, good once and for five minutes; the browser holds its ticket. We keep
the public half of a key. A key that counts backwards was copied: it signs nobody in.
"""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, select
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from planwiki.authz.database import Database
from planwiki.authz.principal import Principal
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base import clock, ids
from planwiki.base.errors import Invalid
from planwiki.base.vocabulary import LoginKind
from planwiki.settings import OrganisationLogin

from .commands import begin_login, check_way_left, confirm_login, end_other_logins, tell_of_change
from .models import Account, Challenge, Passkey
from .organisation_commands import check_domain
from .queries import who_changes_sign_in
from .schemas import LoginView, PasskeyDraft

LASTS = timedelta(minutes=5)
NEW, USE = "passkey-new", "passkey-use"
REFUSED = "That did not work. Please try again, or sign in another way."


def offer_new(database: Database, account_id: UUID, domain: str) -> tuple[str, str]:
    """(options as JSON, ticket) for a browser that is to make a key. Keys that the account has are left out."""
    with database.system_session("a new passkey") as session:
        account = session.get_one(Account, account_id)
        keys = session.exec(select(Passkey).where(Passkey.account_id == account_id))
        options = generate_registration_options(
            rp_id=domain,
            rp_name="planwiki",
            user_id=account_id.bytes,
            user_name=account.email or account.display_name,
            user_display_name=account.display_name,
            exclude_credentials=[_descriptor(key) for key in keys],
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
        )
        return options_to_json(options), _ask(session, NEW, options.challenge, account_id)


def offer_use(database: Database, domain: str) -> tuple[str, str]:
    """(options as JSON, ticket) for a browser that may hold a key. No account is named: the key says whose it is."""
    options = generate_authentication_options(rp_id=domain, user_verification=UserVerificationRequirement.REQUIRED)
    with database.system_session("sign in by passkey") as session:
        return options_to_json(options), _ask(session, USE, options.challenge, None)


def add(uow: UnitOfWork, ticket: str, draft: PasskeyDraft, domain: str, origin: str) -> None:
    """Keeps the key that the browser made. Raises Invalid for an answer to another question, or none of ours."""
    who_changes_sign_in(uow)
    with uow.system("the question this key answers") as session:
        challenge = _take(session, NEW, ticket)
    if challenge is None or challenge.account_id != uow.principal.account_id:
        raise Invalid(REFUSED)
    try:
        made = verify_registration_response(
            credential=draft.credential,
            expected_challenge=base64url_to_bytes(challenge.data["challenge"]),
            expected_rp_id=domain,
            expected_origin=origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        raise Invalid(REFUSED) from None
    key = Passkey(
        account_id=uow.principal.account_id,
        name=draft.name,
        credential_id=bytes_to_base64url(made.credential_id),
        public_key=bytes_to_base64url(made.credential_public_key),
        sign_count=made.sign_count,
        created_at=uow.now,
    )
    uow.add(key)
    tell_of_change(uow, uow.get(Account, uow.principal.account_id), narrows=False)


def remove(uow: UnitOfWork, passkey_id: UUID) -> None:
    """The key signs nobody in any more, and every other device is signed out. Raises Conflict for the last way in."""
    uow.require_fresh()
    key, account = uow.get(Passkey, passkey_id), uow.get(Account, uow.principal.account_id)
    check_way_left(uow, account, without=1)
    uow.delete(key)
    end_other_logins(uow)
    tell_of_change(uow, account)


def sign_in_by_key(
    database: Database,
    ticket: str,
    answer: str,
    *,
    domain: str,
    origin: str,
    lasts: timedelta,
    organisations: list[OrganisationLogin],
) -> LoginView:
    """Raises Invalid with one sentence whatever was wrong; and for people whose organisation signs them in."""
    with database.system_session("sign in by passkey") as session:
        key = _answered(session, ticket, answer, domain, origin)
        account = session.get_one(Account, key.account_id) if key else None
        if account is not None and account.closed_at is None:
            check_domain(organisations, account.email or "")
            return begin_login(session, account, LoginKind.BROWSER, lasts, twice=True)
    raise Invalid(REFUSED)


def confirm_by_key(database: Database, who: Principal, ticket: str, answer: str, *, domain: str, origin: str) -> None:
    """They have just shown that it is them, with a key of their own account."""
    with database.system_session("is it them?") as session:
        key = _answered(session, ticket, answer, domain, origin)
        if key is not None and key.account_id == who.account_id:
            confirm_login(session, who)
            return
    raise Invalid(REFUSED)


def _answered(session: Session, ticket: str, answer: str, domain: str, origin: str) -> Passkey | None:
    """The key that answered this question, if it is one of ours and all of it is right."""
    challenge, said = _take(session, USE, ticket), _read(answer)
    key = session.exec(select(Passkey).where(Passkey.credential_id == str(said.get("id"))).with_for_update()).first()
    if challenge is None or key is None:
        return None
    try:
        shown = verify_authentication_response(
            credential=said,
            expected_challenge=base64url_to_bytes(challenge.data["challenge"]),
            expected_rp_id=domain,
            expected_origin=origin,
            credential_public_key=base64url_to_bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        return None
    key.sign_count, key.last_used_at = shown.new_sign_count, clock.now()
    return key


def _read(answer: str) -> dict[str, Any]:
    try:
        said = json.loads(answer)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _ask(session: Session, kind: str, challenge: bytes, account_id: UUID | None) -> str:
    ticket = ids.new_secret("pwq")
    session.add(
        Challenge(
            secret_hash=ids.hash_secret(ticket),
            kind=kind,
            account_id=account_id,
            data={"challenge": bytes_to_base64url(challenge)},
            expires_at=clock.now() + LASTS,
        )
    )
    return ticket


def _take(session: Session, kind: str, ticket: str) -> Challenge | None:
    """The question, which can be answered this once."""
    question = select(Challenge).where(Challenge.secret_hash == ids.hash_secret(ticket), Challenge.kind == kind)
    found = session.exec(question.with_for_update()).first()
    if found is None:
        return None
    session.delete(found)
    return found if found.expires_at > clock.now() else None


def _descriptor(key: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.credential_id))

"""From what stands on the form of one section's sharing to the draft of all its grants, and back.

A choice is `level-<member>`: a level, or `closed` for kept closed; `from-<member>` and `until-<member>` are its first
and last day; `history-<member>`
is empty, `since` (it was shared) or `all`; `role-<role>` is a level for everyone in that role.
"""

from typing import Any, get_args

from planwiki.base.vocabulary import Level

from .schemas import MemberGrantView, OtherRole, SectionGrantsView

CLOSED = "closed"
ROLES: tuple[str, ...] = get_args(OtherRole)
Choices = dict[str, str]


def as_choices(given: SectionGrantsView) -> Choices:
    """The form as it stands before anybody touched it."""
    choices = {f"role-{role}": given.roles.get(role, Level.NONE).value for role in ROLES}
    for one in given.members:
        choices[f"level-{one.member_id}"] = CLOSED if one.withheld else one.level.value
        choices[f"from-{one.member_id}"] = one.from_on.isoformat() if one.from_on else ""
        choices[f"until-{one.member_id}"] = one.expires_on.isoformat() if one.expires_on else ""
        choices[f"history-{one.member_id}"] = "all" if one.earlier_history else "since" if one.history else ""
    return choices


def as_grants(choices: Choices, given: SectionGrantsView) -> dict[str, Any]:
    """Everything the section will be given to. Whoever is not on the form keeps what they have."""
    kept = {str(one.member_id): one for one in given.members}
    chosen = [name.removeprefix("level-") for name in choices if name.startswith("level-")]
    members = [_grant(member, choices, kept.get(member)) for member in chosen]
    members += [one.model_dump() for member, one in kept.items() if member not in chosen]
    return {"roles": _roles(choices, given), "members": [one for one in members if one is not None]}


def _roles(choices: Choices, given: SectionGrantsView) -> dict[str, str]:
    levels = {role: choices.get(f"role-{role}", given.roles.get(role, Level.NONE).value) for role in ROLES}
    return {role: level for role, level in levels.items() if level != Level.NONE}


def _grant(member: str, choices: Choices, kept: MemberGrantView | None) -> dict[str, Any] | None:
    level, history = choices[f"level-{member}"], choices.get(f"history-{member}", "")
    since = kept.from_on.isoformat() if kept and kept.from_on else ""
    if level == Level.NONE:
        return None
    return {
        "member_id": member,
        "level": Level.NONE if level == CLOSED else level,
        "withheld": level == CLOSED,
        "history": history == "since" and level != CLOSED,
        "earlier_history": history == "all" and level != CLOSED,
        "from_on": choices.get(f"from-{member}", since) or None,
        "expires_on": choices.get(f"until-{member}") or None,
    }

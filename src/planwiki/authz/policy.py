"""What each role may do at each level, from policies/. The only file that knows casbin.

Casbin is asked for every cell once, when the application starts: the policy is static and small,
and the answers change only with a deploy. Grants are many and change all day; they stay in the database.
"""

from collections import defaultdict
from collections.abc import Callable
from functools import cache
from itertools import product
from pathlib import Path

import casbin
from casbin.persist.adapters import StringAdapter

from planwiki.base.vocabulary import Label, Level, Permission, Role

# What a grant may hold beside its level, named as policy.csv names it.
HISTORY_GRANT = "history"
Cell = tuple[Role, str, Label, Permission]
Held = tuple[str, ...]
Box = tuple[list[Role], list[str], list[Label]]

_HELD: Held = (*(level.value for level in Level), HISTORY_GRANT)


class PolicyUnusable(RuntimeError):
    """The policy did not load or says something it must not: the application does not start."""


class Policy:
    """The whole answer sheet. Anything it does not name is a no."""

    def __init__(self, folder: Path) -> None:
        self._allowed = _answer_sheet(folder)
        _refuse_nonsense(self._allowed)
        self._openings = {permission: _boxes(self._allowed, permission) for permission in Permission}

    def allows(self, role: Role, level: str, label: Label, permission: Permission) -> bool:
        return (role, str(level), label, permission) in self._allowed

    def openings(self, permission: Permission) -> list[Box]:
        """The cells that allow `permission`, as few (roles, levels, labels) boxes as grouping finds, for SQL."""
        return self._openings[permission]


def _boxes(cells: frozenset[Cell], permission: Permission) -> list[Box]:
    labels: dict[tuple[Role, str], set[Label]] = defaultdict(set)
    for role, level, label, allowed in cells:
        if allowed is permission:
            labels[role, level].add(label)
    levels: dict[tuple[Role, frozenset[Label]], list[str]] = defaultdict(list)
    for (role, level), opened in labels.items():
        levels[role, frozenset(opened)].append(level)
    roles: dict[tuple[tuple[str, ...], frozenset[Label]], list[Role]] = defaultdict(list)
    for (role, opened_to), held in levels.items():
        roles[tuple(sorted(held)), opened_to].append(role)
    return [(sorted(who), list(held), sorted(on)) for (held, on), who in sorted(roles.items(), key=str)]


def _answer_sheet(folder: Path) -> frozenset[Cell]:
    try:
        return _answers((folder / "model.conf").read_text("utf-8"), (folder / "policy.csv").read_text("utf-8"))
    except Exception as error:
        raise PolicyUnusable(f"The policy in {folder.name} does not load: {error}") from error


@cache
def _answers(model: str, policy: str) -> frozenset[Cell]:
    """Casbin's answer to every cell; the same law is not asked twice in one process."""
    allows = law_of(model, policy)
    return frozenset(cell for cell in product(Role, _HELD, Label, Permission) if allows(*cell))


def law_of(model: str, policy: str) -> Callable[..., bool]:
    """What answers one cell: a role, what it holds, a label and a permission. Raises what casbin raises."""
    law = casbin.Model()
    law.load_model_from_text(model)
    enforcer = casbin.Enforcer(law, StringAdapter(policy))
    return lambda *cell: bool(enforcer.enforce(*map(str, cell)))


def _refuse_nonsense(allowed: frozenset[Cell]) -> None:
    if not allowed:
        raise PolicyUnusable("The policy allows nothing to anybody.")
    for role, level, label, permission in allowed:
        if level == Level.NONE:
            raise PolicyUnusable(f"The policy gives {role} {permission} on {label} for holding nothing.")
        if (
            permission is not Permission.READ
            and (role, level, label, Permission.READ) not in allowed
            and level != HISTORY_GRANT
        ):
            raise PolicyUnusable(f"The policy gives {role} {permission} on {label} without read.")

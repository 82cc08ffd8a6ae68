"""What the papers say of rights and templates is what the code does."""

import re

from planwiki.authz.policy import Policy
from planwiki.base.vocabulary import Label, Level, Permission, Role
from planwiki.plans.templating import templates
from planwiki.settings import resource_dir

from .tree import ROOT

RIGHTS = (ROOT / "docs" / "roles-and-rights.md").read_text("utf-8")
USERS = (ROOT / "docs" / "users.md").read_text("utf-8")
EVERYBODY_ELSE = set(Role) - {Role.PERSON}
CLOSED = {
    "": set(),
    "guests": {Role.GUEST},
    "guests, programs": {Role.GUEST, Role.CLIENT},
    "everyone but the person, owners too": EVERYBODY_ELSE,
}


def rows(paper: str, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    table = re.search(rf"^## {heading}$.*?\n\|[^\n]*\n\|[-|]+\n(.*?)(?:\n\n|\Z)", paper, re.DOTALL | re.MULTILINE)
    assert table is not None, heading
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[1].splitlines()]


def closed_to(policy: Policy, label: Label) -> set[Role]:
    """Roles that may do nothing under this label, whatever they hold."""
    asked = [(level, permission) for level in Level for permission in Permission]
    return {role for role in Role if not any(policy.allows(role, level, label, may) for level, may in asked)}


def test_every_role_level_permission_and_label_has_its_row() -> None:
    assert [row[0] for row in rows(RIGHTS, "Roles")] == list(Role)
    assert [row[0] for row in rows(RIGHTS, "Levels")] == list(Level)
    assert [row[0] for row in rows(RIGHTS, "Permissions")] == list(Permission)
    assert [row[0] for row in rows(RIGHTS, "Labels, and what they close")] == list(Label)


def test_a_label_closes_to_whom_the_paper_says() -> None:
    policy = Policy(resource_dir("policies"))
    said = {row[0]: CLOSED[row[2]] for row in rows(RIGHTS, "Labels, and what they close")}
    assert said == {label: closed_to(policy, label) for label in Label}


def test_a_permission_needs_the_level_the_paper_says() -> None:
    policy = Policy(resource_dir("policies"))
    for name, _, needs in rows(RIGHTS, "Permissions"):
        opening = [level for level in Level if policy.allows(Role.STEWARD, level, Label.EVERYDAY, Permission(name))]
        assert opening[0] == needs.partition(",")[0], name


def test_users_are_told_of_every_template() -> None:
    assert [row[0] for row in rows(USERS, "Start a plan")] == [one.title for one in templates().values()]

"""Every guard removed in turn. Some test must miss each; one that nobody misses guards nothing, or is not tested.

    python -m tests.rights.mutants        tries them all and prints a table; exits 1 when one lives

A mutant is one exact replacement in a copy of the tree. Its judge is a test that misses it, on SQLite.
"""

import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tests.rights.judge import Ended, judged, judged_at_once

ROOT = Path(__file__).parents[2]
STANDING, SEERS, ROWS, WORK, LENS = (
    f"src/planwiki/authz/{name}.py" for name in ("standing", "seers", "row_security", "unit_of_work", "lens")
)
WORLDS = "tests/authz/test_small_worlds.py::test_every_way_of_asking_agrees_with_the_design"
LAW = "policies/policy.csv"
POLICY = "src/planwiki/authz/policy.py"
MEDIA = "src/planwiki/media"
CIRCLE, WIDENING = "src/planwiki/circle", "tests/circle/test_widening.py"
SAID = "src/planwiki/talk/commands.py"
SPECIAL, SEEN = "src/planwiki/authz/special_rules.py", "src/planwiki/talk/perspective_commands.py"
EASY_PAGES, SEEN_PAGES = "tests/pages/test_easy_pages.py", "tests/pages/test_perspective_pages.py"
PATIENCE = 240  # Seconds for one mutant's judges.


class Mutant(NamedTuple):
    """`removes` says in words what is gone."""

    removes: str
    file: str
    old: str
    new: str
    judges: str


MUTANTS = (
    Mutant(
        "a fresh sign-in before a plan is taken away as a PDF",
        "src/planwiki/exports/pages.py",
        "        uow.require_fresh()\n",
        "",
        "tests/exports/test_papers.py::test_a_pdf_asks_for_a_fresh_sign_in_and_keeps_what_was_chosen",
    ),
    Mutant(
        "that no earlier easy words are printed",
        "src/planwiki/plans/easy_queries.py",
        "EasyText.plan_id == plan_id, col(EasyText.number) == Section.easy_number)",
        "EasyText.plan_id == plan_id, col(EasyText.number) < Section.easy_number)",
        "tests/exports/test_papers.py::test_a_paper_in_easy_words_has_them_where_there_are_any_and_says_when_the_full_ones_moved_on",
    ),
    Mutant(
        "telling owners what was printed",
        "src/planwiki/exports/pages.py",
        "    await keep_printed(",
        "    (lambda *_: None)(",
        "tests/exports/test_papers.py::test_owners_read_who_printed_and_the_person_prints_unseen",
    ),
    Mutant(
        "taking only sections that were ticked",
        "src/planwiki/exports/queries.py",
        "if one.taken and _has_words(",
        "if _has_words(",
        "tests/exports/test_papers.py::test_a_passport_begins_with_what_must_be_known",
    ),
    Mutant(
        "that what a closed plan says stays",
        WORK,
        "        if permission is not Permission.MANAGE:\n            self.require_open(section.plan_id)\n",
        "",
        "tests/api/test_plans.py::test_what_a_closed_plan_says_stays_as_it_is",
    ),
    Mutant(
        "who sees the photo of the person",
        "src/planwiki/plans/views.py",
        "photo if photo in pictures else None",
        "photo",
        "tests/media/test_photo.py::test_the_photo_is_there_for_whoever_may_see_the_picture",
    ),
    Mutant(
        "who sees a section's own picture",
        "src/planwiki/plans/views.py",
        "own.media_id if own else None",
        "section.picture_media_id",
        "tests/media/test_own_picture.py::test_it_is_shown_to_whoever_may_see_it_and_a_guest_sees_the_plain_one",
    ),
    Mutant(
        "that an own picture is one of that section",
        f"{MEDIA}/reference_queries.py",
        " if chosen[id] == to}",
        "}",
        "tests/media/test_own_picture.py::test_only_a_picture_of_this_very_section_can_be_it_and_only_owners_choose",
    ),
    Mutant(
        "that only a small own picture is part of a page",
        f"{MEDIA}/content_pages.py",
        "name == SMALL and stands_for_something(uow, plan_id, media_id)",
        "True",
        "tests/media/test_own_picture.py::test_on_every_page_it_is_part_of_the_page_and_large_it_is_a_look",
    ),
    Mutant(
        "letting go of an own picture with its file",
        f"{MEDIA}/commands.py",
        "    let_go_of_picture(held, media_id)\n",
        "",
        "tests/media/test_own_picture.py::test_it_falls_away_with_the_file_whoever_takes_it_out",
    ),
    Mutant(
        "that nobody takes away a photo they cannot see",
        "src/planwiki/plans/commands.py",
        "if now is not None and not seen_pictures(uow, [now]):",
        "if False:",
        "tests/media/test_photo.py::test_only_a_picture_that_an_owner_sees_can_be_the_photo",
    ),
    Mutant(
        "what an invitation may promise",
        "src/planwiki/circle/invitation_commands.py",
        "            check_may_offer(uow, section, Role(draft.role), one)\n",
        "            pass\n",
        "tests/api/test_circle.py::test_an_invitation_promises_only_what_can_be_given",
    ),
    Mutant(
        "asking who adds a file",
        f"{MEDIA}/commands.py",
        "    uow.require(Permission.EDIT, section)\n    return _add",
        "    uow._session.info['asked'].add((section.id, Permission.EDIT))\n    return _add",
        "tests/media/test_media_api.py::test_only_editors_add_change_or_delete",
    ),
    Mutant(
        "asking about the section a file moves to",
        f"{MEDIA}/commands.py",
        "    uow.require(Permission.EDIT, to)\n",
        "    uow._session.info['asked'].add((to.id, Permission.EDIT))\n",
        "tests/media/test_media_api.py::test_moving_it_changes_who_gets_the_bytes_at_once",
    ),
    Mutant(
        "asking about rights before a file is read",
        f"{MEDIA}/pages.py",
        "    await desk.read(lambda uow: queries.may_add_here(uow, plan_id, key))\n",
        "",
        "tests/media/test_media_pages.py::test_rights_are_asked_before_a_byte_of_the_file_is_read",
    ),
    Mutant(
        "showing a section's own files alone",
        f"{MEDIA}/reference_queries.py",
        "question if section_id is None else question.where(Media.section_id == section_id)",
        "question",
        "tests/media/test_media_api.py::test_a_text_shows_the_files_of_its_own_section_alone",
    ),
    Mutant(
        "words alone for guests",
        "src/planwiki/circle/shared_commands.py",
        "render(section.body_markdown, pictures=False)",
        "section.body_html",
        "tests/media/test_media_pages.py::test_a_guest_reads_the_words_that_stand_for_a_file",
    ),
    Mutant(
        "who is looking",
        SEERS,
        "return member.account_id == ACCOUNT",
        "return member.account_id.is_not(None)",
        WORLDS,
    ),
    Mutant(
        "suspension",
        STANDING,
        "        _is(member.status, MemberStatus.ACTIVE),\n",
        "",
        WORLDS,
    ),
    Mutant(
        "leaving",
        STANDING,
        "        member.ended_at.is_(None),\n",
        "",
        WORLDS,
    ),
    Mutant(
        "the last day in the circle",
        STANDING,
        "member.ends_on >= TODAY",
        "member.ends_on.is_not(None)",
        WORLDS,
    ),
    Mutant(
        "the last day itself",
        STANDING,
        "member.ends_on >= TODAY",
        "member.ends_on > TODAY",
        WORLDS,
    ),
    Mutant(
        "a steward's basis",
        STANDING,
        "steward = and_(_is(member.role, Role.STEWARD), has_begun, goes_on)",
        "steward = _is(member.role, Role.STEWARD)",
        WORLDS,
    ),
    Mutant(
        "the end of a grant",
        STANDING,
        "        grant.ended_at.is_(None),\n",
        "",
        WORLDS,
    ),
    Mutant(
        "a grant's first day",
        STANDING,
        "grant.from_on <= TODAY",
        "grant.from_on.is_not(None)",
        WORLDS,
    ),
    Mutant(
        "a grant's last day",
        STANDING,
        "grant.expires_on >= TODAY",
        "grant.expires_on.is_not(None)",
        WORLDS,
    ),
    Mutant(
        "which section a grant is on",
        STANDING,
        "and_(grant.section_id == section.id, in_date(grant), to_them)",
        "and_(in_date(grant), to_them)",
        WORLDS,
    ),
    Mutant(
        "whom a grant is to",
        STANDING,
        "and_(grant.section_id == section.id, in_date(grant), to_them)",
        "and_(grant.section_id == section.id, in_date(grant))",
        WORLDS,
    ),
    Mutant(
        "withheld",
        STANDING,
        "and_(~withheld, or_(_is(",
        "and_(or_(_is(",
        WORLDS,
    ),
    Mutant(
        "putting away",
        STANDING,
        "or_(_is(section.status, SectionStatus.ACTIVE), owns(member))",
        "or_(_is(section.status, SectionStatus.ACTIVE, SectionStatus.ARCHIVED), owns(member))",
        WORLDS,
    ),
    Mutant(
        "closing a plan",
        STANDING,
        "return is_mine, or_(is_open(_PLAN.c), owns(_ME.c))",
        "return is_mine, is_mine",
        WORLDS,
    ),
    Mutant(
        "the day history opens",
        STANDING,
        "_GIVEN.c.history_from <= created_at",
        "_GIVEN.c.history_from.is_not(None)",
        "tests/api/test_sections.py::test_an_editor_finds_the_version_they_began_from_again",
    ),
    Mutant(
        "the version that was current when a grant began",
        STANDING,
        "_NEXT.c.created_at > _GIVEN.c.history_from",
        "_NEXT.c.created_at.is_not(None)",
        "tests/api/test_sections.py::test_an_editor_finds_the_version_they_began_from_again",
    ),
    Mutant(
        "the version that was current when somebody came",
        STANDING,
        "_NEXT.c.created_at > member.created_at",
        "_NEXT.c.created_at.is_not(None)",
        "tests/pages/test_history_pages.py::test_whoever_came_later_finds_nothing_that_was_replaced_before",
    ),
    Mutant(
        "the version that was current on a grant's first day",
        STANDING,
        "_GIVEN.c.from_on <= func.date(_NEXT.c.created_at)",
        "_GIVEN.c.from_on.is_not(None)",
        "tests/pages/test_history_pages.py::test_what_was_replaced_before_a_grants_first_day_is_not_there",
    ),
    Mutant(
        "the label words were written under",
        STANDING,
        "owned = self._owned(Permission.HISTORY, _ME.c, label)",
        "owned = self._owned(Permission.HISTORY, _ME.c, _BESIDE.c.label)",
        "tests/authz/test_row_security.py::test_words_written_as_a_diary_stay_so",
    ),
    Mutant(
        "the policy's levels",
        STANDING,
        "at_level = [_is(level, *granted)] if granted else []",
        "at_level: list[Any] = []",
        WORLDS,
    ),
    Mutant(
        "the policy's labels",
        STANDING,
        "boxes.append(and_(_is(role, *members), _is(label, *labels), *at_level))",
        "boxes.append(and_(_is(role, *members), *at_level))",
        WORLDS,
    ),
    Mutant(
        "a steward's first day",
        STANDING,
        "steward = and_(_is(member.role, Role.STEWARD), has_begun, goes_on)",
        "steward = and_(_is(member.role, Role.STEWARD), goes_on)",
        "tests/authz/test_guests_and_tablets.py::test_a_steward_owns_from_the_first_day_to_the_last",
    ),
    Mutant(
        "owning before anybody confirmed it",
        STANDING,
        "return and_(member.confirmed_at.is_not(None), or_(",
        "return and_(or_(",
        WORLDS,
    ),
    Mutant(
        "who came, for more than everyday",
        "src/planwiki/authz/parts.py",
        "return or_(member.confirmed_at.is_not(None), is_one_of(label, Label.EVERYDAY))",
        "return label.is_not(None)",
        WORLDS,
    ),
    Mutant(
        "freezing",
        STANDING,
        "return and_(plan.closed_at.is_(None), plan.frozen_at.is_(None))",
        "return plan.closed_at.is_(None)",
        "tests/pages/test_stewardship_pages.py::test_any_owner_stops_all_sharing_in_one_press_and_it_comes_back_whole",
    ),
    Mutant(
        "what a guest link names",
        STANDING,
        "_SHARED.c.link_id == GUEST_LINK, _SHARED.c.section_id == section_id",
        "_SHARED.c.link_id == GUEST_LINK",
        "tests/authz/test_guests_and_tablets.py::test_a_guest_reads_what_the_link_names_and_nothing_else",
    ),
    Mutant(
        "whose link it is",
        STANDING,
        ", _LINK.c.created_by == ACCOUNT)",
        ")",
        "tests/authz/test_guests_and_tablets.py::test_a_link_ends_in_every_way_it_can",
    ),
    Mutant(
        "the end of a guest link",
        STANDING,
        "_LINK.c.ended_at.is_(None), _LINK.c.expires_at > NOW",
        "_LINK.c.ended_at.is_(None)",
        "tests/authz/test_guests_and_tablets.py::test_a_link_ends_in_every_way_it_can",
    ),
    Mutant(
        "stopping a guest link",
        STANDING,
        "_LINK.c.ended_at.is_(None), _LINK.c.expires_at > NOW",
        "_LINK.c.expires_at > NOW",
        "tests/authz/test_guests_and_tablets.py::test_a_link_ends_in_every_way_it_can",
    ),
    Mutant(
        "what never opens to guests",
        STANDING,
        "may_read = and_(_is(label, *shareable), ",
        "may_read = and_(",
        "tests/authz/test_guests_and_tablets.py::test_no_link_opens_what_the_policy_keeps_from_guests",
    ),
    Mutant(
        "links that outlive a freeze",
        STANDING,
        "still_theirs = and_(is_open(_PLAN.c), owns(_ME.c))",
        "still_theirs = owns(_ME.c)",
        "tests/authz/test_guests_and_tablets.py::test_a_link_ends_in_every_way_it_can",
    ),
    Mutant(
        "one plan on a tablet",
        SEERS,
        "return and_(member.account_id == ACCOUNT, member.plan_id == TABLET_PLAN)",
        "return member.account_id == ACCOUNT",
        "tests/authz/test_guests_and_tablets.py::test_a_tablet_opens_one_plan",
    ),
    Mutant(
        "no diary on a tablet",
        ROWS,
        "return and_(_rule(standing, table, on_the_tablet), opens_on_a_tablet(Section))",
        "return _rule(standing, table, on_the_tablet)",
        "tests/authz/test_guests_and_tablets.py::test_a_diary_never_opens_on_a_tablet",
    ),
    Mutant(
        "no earlier diary on a tablet",
        ROWS,
        "return and_(_rule(standing, table, on_the_tablet), beside_one_on_a_tablet(table))",
        "return _rule(standing, table, on_the_tablet)",
        "tests/authz/test_guests_and_tablets.py::test_a_diary_never_opens_on_a_tablet",
    ),
    Mutant(
        "the second step",
        "src/planwiki/people/commands.py",
        "if account.totp_confirmed_at is not None and not twice:",
        "if False:",
        "tests/people/test_second_step.py::test_a_password_alone_is_not_enough",
    ),
    Mutant(
        "asking again before sharing wider",
        "src/planwiki/circle/grant_commands.py",
        "    if rules.widens(terms, before):\n        uow.require_fresh()\n",
        "",
        "tests/people/test_step_up.py::test_sharing_wider_asks_and_then_goes_on_with_what_was_typed",
    ),
    Mutant(
        "that only the browser that asked presses twice",
        "src/planwiki/people/link_commands.py",
        "and_(lately, col(MailedLink.expires_at) > clock.now(), MailedLink.browser_hash == ids.hash_secret(browser))",
        "and_(lately, col(MailedLink.expires_at) > clock.now())",
        "tests/people/test_letters.py::test_only_the_browser_that_asked_presses_twice",
    ),
    Mutant(
        "that pressing twice is done within a minute",
        "src/planwiki/people/link_commands.py",
        "lately = col(MailedLink.used_at) > clock.now() - TWICE",
        "lately = col(MailedLink.used_at).is_not(None)",
        "tests/people/test_letters.py::test_pressing_twice_goes_on_and_no_copy_comes_in",
    ),
    Mutant(
        "that pressing twice is twice",
        "src/planwiki/people/link_commands.py",
        "not len(known) == len(logins) == 1",
        "not len(known) == len(logins)",
        "tests/people/test_letters.py::test_pressing_twice_goes_on_and_no_copy_comes_in",
    ),
    Mutant(
        "that nobody comes in again who signed out",
        "src/planwiki/people/link_commands.py",
        "not len(known) == len(logins) == 1",
        "len(known) != 1",
        "tests/people/test_letters.py::test_pressing_twice_lets_nobody_in_after_they_signed_out",
    ),
    Mutant(
        "that joining twice ends when they sign out",
        "src/planwiki/people/newcomer_commands.py",
        " or any(one.ended_at is not None for one in logins)",
        "",
        "tests/pages/test_inviting_pages.py::test_pressing_join_twice_is_pressing_it_once",
    ),
    Mutant(
        "that joining twice is done within a minute",
        "src/planwiki/people/newcomer_commands.py",
        "where(*kept, col(Challenge.expires_at) > clock.now())",
        "where(*kept)",
        "tests/pages/test_inviting_pages.py::test_pressing_join_twice_is_pressing_it_once",
    ),
    Mutant(
        "that a restore ends an owner who was out",
        "src/planwiki/circle/stop_commands.py",
        "member.ended_at = clock.now()",
        "pass",
        "tests/rights/test_stops.py::test_a_backup_opens_nothing_that_was_stopped_and_lets_nobody_in_who_was_out",
    ),
    Mutant(
        "that a restore makes nobody an owner again",
        "src/planwiki/circle/stop_commands.py",
        '"member.lowered": _lower_member,\n',
        "",
        "tests/rights/test_stops.py::test_a_backup_opens_nothing_that_was_stopped_and_lets_nobody_in_who_was_out",
    ),
    Mutant(
        "that a restore lets in no closed way to sign in",
        "src/planwiki/circle/stop_commands.py",
        "close_now(session, account)",
        "pass",
        "tests/rights/test_stops.py::test_a_backup_opens_nothing_that_was_stopped_and_lets_nobody_in_who_was_out",
    ),
    Mutant(
        "that a restore ends every sign-in",
        "src/planwiki/circle/stop_commands.py",
        "        if lost or every_plan:\n",
        "        if False:\n",
        "tests/rights/test_stops.py::test_a_backup_opens_nothing_that_was_stopped_and_lets_nobody_in_who_was_out",
    ),
    Mutant(
        "that a restore pauses sharing",
        "src/planwiki/circle/stop_commands.py",
        "        if not before:\n",
        "        if False:\n",
        "tests/rights/test_stops.py::test_a_backup_opens_nothing_that_was_stopped_and_lets_nobody_in_who_was_out",
    ),
    Mutant(
        "that the press uses a letter up, whatever step follows",
        "src/planwiki/people/link_commands.py",
        "    link.used_at = clock.now()\n",
        "",
        "tests/people/test_second_step.py::test_the_press_uses_the_letter_up_before_the_second_step",
    ),
    Mutant(
        "whose words wait while they show who they are",
        "src/planwiki/people/held_commands.py",
        "question.where(Challenge.account_id == account_id, col",
        "question.where(col",
        "tests/people/test_step_up.py::test_what_waits_is_for_one_account_in_one_browser_and_not_for_long",
    ),
    Mutant(
        "that a link ends with its maker's account",
        STANDING,
        "_exists(_LINK, is_this, lasts), may_sign_in, self",
        "_exists(_LINK, is_this, lasts), self",
        "tests/authz/test_guests_and_tablets.py::test_a_link_ends_in_every_way_it_can",
    ),
    Mutant(
        "that nobody takes the place of a person who signs in",
        "src/planwiki/circle/place_commands.py",
        "return not signs_in(session, person.account_id)",
        "return True",
        "tests/circle/test_own_place.py::test_nobody_takes_the_place_of_a_person_who_signs_in",
    ),
    Mutant(
        "that whoever asks for the person's place waits beside it",
        "src/planwiki/circle/invitation_commands.py",
        "    if not (invitation.confirm_first or beside or asks_who_came(senders, invitation)):\n",
        "    if not (invitation.confirm_first and not beside):\n",
        "tests/circle/test_own_place.py::test_the_form_offers_it_and_the_young_person_takes_their_place",
    ),
    Mutant(
        "asking who is here before a member is given more",
        f"{CIRCLE}/commands.py",
        "    check_not_frozen(uow.get(Plan, member.plan_id))\n    uow.require_fresh()\n\n\ndef confirm_member",
        "    check_not_frozen(uow.get(Plan, member.plan_id))\n\n\ndef confirm_member",
        f"{WIDENING}::test_what_opens_more_asks_who_is_here_and_narrowing_does_not",
    ),
    Mutant(
        "that nobody is given more while sharing is stopped",
        f"{CIRCLE}/commands.py",
        "    check_not_frozen(uow.get(Plan, member.plan_id))\n    uow.require_fresh()\n\n\ndef confirm_member",
        "    uow.require_fresh()\n\n\ndef confirm_member",
        f"{WIDENING}::test_while_sharing_is_stopped_nothing_opens_and_nobody_comes_to_own",
    ),
    Mutant(
        "asking who is here before an owner says yes",
        f"{CIRCLE}/commands.py",
        "    uow.require_fresh()\n    person = the_person",
        "    person = the_person",
        f"{WIDENING}::test_what_opens_more_asks_who_is_here_and_narrowing_does_not",
    ),
    Mutant(
        "that a longer place in the circle is more",
        f"{CIRCLE}/member_rules.py",
        'patch.sent("ends_on") and _is_later(patch.ends_on, member.ends_on)',
        "False",
        f"{WIDENING}::test_a_steward_lifts_no_limit_that_was_set_for_them",
    ),
    Mutant(
        "that nobody lifts their own limit",
        f"{CIRCLE}/member_rules.py",
        "member.id == me.id and me.role is not Role.PERSON and somebody_else",
        "False",
        f"{WIDENING}::test_a_steward_lifts_no_limit_that_was_set_for_them",
    ),
    Mutant(
        "that nobody makes a steward for longer than they are one",
        f"{CIRCLE}/commands.py",
        "        member_rules.keep_within(uow.me(plan_id), member, patch)\n",
        "        pass\n",
        f"{WIDENING}::test_nobody_makes_a_steward_for_longer_than_they_are_one",
    ),
    Mutant(
        "that another owner says yes to an owner",
        f"{CIRCLE}/confirm_queries.py",
        "return uow.first(asked) is None or not others",
        "return True",
        f"{WIDENING}::test_whoever_invites_an_owner_does_not_say_yes_while_another_owner_can",
    ),
    Mutant(
        "that another owner says too that somebody decides",
        f"{CIRCLE}/steward_commands.py",
        "return _decides_alone(uow, member) or not others or member.steward_word_by in others",
        "return True",
        f"{WIDENING}::test_a_steward_is_made_by_two_owners_or_by_the_person",
    ),
    Mutant(
        "that a word counts while its owner decides",
        f"{CIRCLE}/steward_commands.py",
        "or member.steward_word_by in others",
        "or member.steward_word_by not in {None, uow.principal.account_id}",
        f"{WIDENING}::test_a_word_counts_while_its_owner_decides",
    ),
    Mutant(
        "that a steward is taken back by whoever made them, for a while",
        f"{CIRCLE}/steward_commands.py",
        "and mine and at is not None and can_be_undone(uow.now, at)",
        "",
        f"{WIDENING}::test_a_steward_is_made_by_two_owners_or_by_the_person",
    ),
    Mutant(
        "that the last owner can sign in",
        f"{CIRCLE}/owner_queries.py",
        "if _is_in_date(one, uow) and signs_in(session, one.account_id)]",
        "if _is_in_date(one, uow)]",
        f"{WIDENING}::test_the_last_owner_who_can_sign_in_cannot_go",
    ),
    Mutant(
        "a yes before more than everyday opens",
        f"{CIRCLE}/invitation_commands.py",
        "draft.confirm_first or asks_who_came(uow, invitation)",
        "draft.confirm_first",
        f"{WIDENING}::test_an_invitation_waits_for_a_yes_where_more_than_everyday_opens",
    ),
    Mutant(
        "that the person alone brings an owner back",
        f"{CIRCLE}/undo_commands.py",
        "    check_may_lower(uow.me(plan_id), member)\n",
        "",
        f"{WIDENING}::test_only_the_person_brings_an_owner_back",
    ),
    Mutant(
        "that who waits meets nobody but their inviter",
        STANDING,
        "or_(_ME.c.confirmed_at.is_not(None), _ME.c.id == id, invited_me)",
        "_ME.c.id.is_not(None)",
        f"{WIDENING}::test_who_waits_meets_whoever_invited_them_and_nobody_else",
    ),
    Mutant(
        "what is kept closed to a steward, on a tablet",
        "src/planwiki/authz/on_tablets.py",
        "return and_(section.label != Label.DIARY, ~kept_closed)",
        "return and_(section.label != Label.DIARY)",
        "tests/rights/test_tablet.py::test_what_is_kept_closed_to_a_steward_is_closed_on_the_tablet",
    ),
    Mutant(
        "that an invitation shows nothing while sharing is stopped",
        f"{CIRCLE}/invitation_commands.py",
        "taken or plan.frozen_at is not None or plan.closed_at is not None",
        "taken",
        "tests/pages/test_stewardship_pages.py::test_nothing_new_is_given_while_sharing_is_stopped",
    ),
    Mutant(
        "that a refusal of an owner's paper is kept",
        "src/planwiki/web/looking.py",
        "if (reads and outcome is Outcome.ALLOWED and _is_no_look(rest))",
        "if (reads and _is_no_look(rest))",
        "tests/activity/test_access_log.py::test_each_refusal_is_kept_wherever_it_was",
    ),
    Mutant(
        "that a label which opens more asks who is here",
        "src/planwiki/plans/section_commands.py",
        "        rules.check_not_frozen(uow.get(Plan, section.plan_id))\n        uow.require_fresh()\n    if changed:",
        "        rules.check_not_frozen(uow.get(Plan, section.plan_id))\n    if changed:",
        f"{WIDENING}::test_what_opens_more_asks_who_is_here_and_narrowing_does_not",
    ),
    Mutant(
        "little can be done on a tablet",
        LENS,
        "if self._tablet and permission is not Permission.READ:",
        "if False:",
        "tests/authz/test_guests_and_tablets.py::test_on_a_tablet_words_are_added_and_nothing_else_is_done",
    ),
    Mutant(
        "the right to add",
        WORK,
        "if self.first(select(Section.id).where(Section.id == section_id, edits)) is None:",
        "if False:",
        "tests/authz/test_guests_and_tablets.py::test_on_a_tablet_words_are_added_and_nothing_else_is_done",
    ),
    Mutant(
        "that a shared tablet changes nothing beside the words",
        ROWS,
        "if session.info[PRINCIPAL].tablet_plan_id and any(",
        "if False and any(",
        "tests/authz/test_guests_and_tablets.py::test_on_a_tablet_a_voice_is_added_and_stays",
    ),
    Mutant(
        "that words of a diary stay closed on a tablet, whatever their label became",
        "src/planwiki/authz/on_tablets.py",
        "opens_on_a_tablet(_BESIDE.c)), *no_diary)",
        "opens_on_a_tablet(_BESIDE.c)))",
        "tests/rights/test_tablet.py::test_her_easy_words_come_first_with_their_pictures_and_her_voice",
    ),
    Mutant(
        "that a tablet tells again what was answered about its own plan alone",
        "src/planwiki/authz/on_tablets.py",
        "and_(col(KeptAnswer.account_id) == ACCOUNT, col(KeptAnswer.plan_id) == TABLET_PLAN)",
        "and_(col(KeptAnswer.account_id) == ACCOUNT)",
        "tests/authz/test_guests_and_tablets.py::test_a_tablet_opens_one_plan",
    ),
    Mutant(
        "asking about rights before a shared tablet's voice is read",
        f"{CIRCLE}/tablet_pages.py",
        "    may_add_voice(uow, plan_id, key)\n",
        "",
        "tests/rights/test_tablet.py::test_her_voice_is_added_as_her_own_words_and_no_other_file",
    ),
    Mutant(
        "that a shared tablet adds no other file than a voice",
        f"{MEDIA}/commands.py",
        "    rules.check_sound(kept.kind)\n",
        "",
        "tests/rights/test_tablet.py::test_her_voice_is_added_as_her_own_words_and_no_other_file",
    ),
    Mutant(
        "showing again who it is",
        WORK,
        "if at is not None and self.now - at > FRESH:",
        "if False:",
        "tests/authz/test_guests_and_tablets.py::test_who_signed_in_a_while_ago_is_asked_again",
    ),
    Mutant(
        "the same plan beside a section",
        STANDING,
        "_BESIDE.c.id == section_id, _BESIDE.c.plan_id == plan_id, allowed)",
        "_BESIDE.c.id == section_id, allowed)",
        "tests/authz/test_row_security.py::test_a_row_that_names_another_plan_is_nobodys",
    ),
    Mutant(
        "who owns, in what all may be done",
        STANDING,
        "held = case((owns(_ME.c), owned), else_=NOTHING).bitwise_or(",
        "held = owned.bitwise_or(",
        WORLDS,
    ),
    Mutant(
        "seeing as, in what all may be done",
        LENS,
        "row[-1] & row[-2] if self._seen_as else row[-1]",
        "row[-1]",
        "tests/authz/test_row_security.py::test_seeing_as_lets_nobody_do_more_than_either_may",
    ),
    Mutant(
        "narrowing",
        ROWS,
        "    return statement.options(rules)\n",
        "    return statement\n",
        WORLDS,
    ),
    Mutant(
        "refusing what cannot be narrowed",
        ROWS,
        """not isinstance(statement, (Select, CompoundSelect))
        or statement._propagate_attrs.get("compile_state_plugin") != "orm"\n""",
        "False\n",
        "tests/authz/test_row_security.py::test_what_cannot_be_narrowed_is_refused",
    ),
    Mutant(
        "refusing bare tables",
        ROWS,
        "if any(map(_is_bare, visitors.iterate(statement))):",
        "if False:",
        "tests/authz/test_row_security.py::test_a_bare_table_beside_an_entity_is_refused",
    ),
    Mutant(
        "asking before a new row",
        ROWS,
        "if not isinstance(row, Journal) and _need(row, ()) not in asked:",
        "if False:",
        "tests/authz/test_row_security.py::test_nothing_is_added_that_nobody_asked_for",
    ),
    Mutant(
        "asking before a change",
        ROWS,
        "    if _need(row, changed) not in asked:\n",
        "    if False:\n",
        "tests/authz/test_row_security.py::test_rights_do_not_stay_when_a_transaction_goes_on_for_somebody_else",
    ),
    Mutant(
        "asking before taking away",
        ROWS,
        """is not None or _need(row, getattr(row, "managed", ())) not in asked:""",
        "is None and False:",
        "tests/authz/test_row_security.py::test_nothing_is_taken_away_that_nobody_asked_for",
    ),
    Mutant(
        "what never changes",
        ROWS,
        "if allowed is not None and not changed <= allowed:",
        "if False:",
        "tests/authz/test_row_security.py::test_who_may_comment_says_something_and_answers_nothing",
    ),
    Mutant(
        "what never moves",
        ROWS,
        "if isinstance(row, Guarded) and changed & _PLACE:",
        "if False:",
        "tests/authz/test_row_security.py::test_an_editor_cannot_change_what_needs_manage",
    ),
    Mutant(
        "managed settings",
        ROWS,
        "Permission.MANAGE if row.managed.intersection(changed) else row.write_needs",
        "row.write_needs",
        "tests/authz/test_row_security.py::test_news_of_a_hidden_section_is_hidden_from_owners_too",
    ),
    Mutant(
        "hiding who has left",
        "src/planwiki/authz/special_rules.py",
        "still_here = and_(col(Member.ended_at).is_(None), standing.meets(Member, who))",
        "still_here = standing.meets(Member, who)",
        WORLDS,
    ),
    Mutant(
        "grants for those who manage",
        ROWS,
        "standing.beside_section(Permission.MANAGE, table, who)",
        "standing.beside_section(Permission.READ, table, who)",
        WORLDS,
    ),
    Mutant(
        "seeing as restricts",
        ROWS,
        "_seen_by(standing, the_account, the_seen_member),",
        "_seen_by(standing, the_account),",
        WORLDS,
    ),
    Mutant(
        "seeing as never adds",
        ROWS,
        "_seen_by(standing, the_account, the_seen_member),",
        "_seen_by(standing, the_seen_member),",
        WORLDS,
    ),
    Mutant(
        "seeing as changes nothing",
        WORK,
        '        if self.principal.as_member_id is not None:\n            raise Forbidden("You are',
        '        if False:\n            raise Forbidden("You are',
        "tests/authz/test_row_security.py::test_seeing_as_changes_nothing",
    ),
    Mutant(
        "the section verbs' question",
        WORK,
        "        if not self.may(permission, section_id):\n",
        "        if False:\n",
        "tests/api/test_sections.py::test_settings_are_for_owners_and_text_for_editors",
    ),
    Mutant(
        "the owners' question",
        WORK,
        "        if not self.owns(plan_id):\n",
        "        if False:\n",
        "tests/pages/test_sharing_pages.py::test_the_overview_shows_everybody_against_every_section",
    ),
    Mutant(
        "levels nobody may give",
        "src/planwiki/circle/rules.py",
        "if level is not Level.NONE and level not in GRANTABLE_LEVELS:",
        "if False:",
        "tests/api/test_circle.py::test_what_cannot_be_given_is_refused",
    ),
    Mutant(
        "owners safe from stewards",
        "src/planwiki/circle/rules.py",
        "if member.role in OWNER_ROLES and member.id != changer.id and changer.role is not Role.PERSON:",
        "if False:",
        "tests/api/test_circle.py::test_a_steward_cannot_lower_or_remove_the_person",
    ),
    Mutant(
        "If-Match",
        "src/planwiki/web/conditional.py",
        """    if if_match.strip() == "*" or current""",
        """    if True or current""",
        "tests/api/test_sections.py::test_two_editors_never_overwrite_each_other",
    ),
    Mutant(
        "requests from other sites",
        "src/planwiki/web/guards.py",
        'if scope["method"] not in SAFE and not _same_site(headers, base_url):',
        "if False:",
        "tests/rights/test_doors.py::test_another_site_cannot_make_a_browser_share",
    ),
    Mutant(
        "the cookie kept from the API",
        "src/planwiki/web/asking.py",
        "Desk(database_of(request), token.strip(), LoginKind.TOKEN)",
        "Desk(database_of(request), token.strip(), LoginKind.BROWSER)",
        "tests/api/test_conventions.py::test_a_browsers_cookie_opens_nothing_here",
    ),
    Mutant(
        "the rule on joined aliases",
        "src/planwiki/authz/table_rules.py",
        "return ext_info._adapter.traverse(rule) if ext_info.is_aliased_class else rule",
        "return rule",
        "tests/authz/test_row_security.py::test_every_way_of_reading_is_narrowed",
    ),
    Mutant(
        "news of sections closed to an owner",
        ROWS,
        "return and_(standing.in_plan(table.plan_id, who, owner=True), seen)",
        "return or_(standing.in_plan(table.plan_id, who, owner=True), seen)",
        "tests/authz/test_row_security.py::test_nobody_has_a_unit_of_work_without_being_somebody",
    ),
    Mutant(
        "own rows alone",
        ROWS,
        "return table.account_id == ACCOUNT",
        "return table.account_id.is_not(None)",
        "tests/authz/test_row_security.py::test_own_rows_are_the_only_ones_outside_plans",
    ),
    Mutant(
        "whose a draft is",
        ROWS,
        "return and_(table.account_id == ACCOUNT, standing.beside_section(table.write_needs, table, who))",
        "return standing.beside_section(table.write_needs, table, who)",
        "tests/pages/test_draft_pages.py::test_nobody_but_their_writer_finds_them_owners_included",
    ),
    Mutant(
        "the end of a draft with the right to write",
        ROWS,
        "return and_(table.account_id == ACCOUNT, standing.beside_section(table.write_needs, table, who))",
        "return table.account_id == ACCOUNT",
        "tests/authz/test_row_security.py::test_a_draft_is_there_for_its_author_while_they_may_write",
    ),
    Mutant(
        "who writes a draft",
        ROWS,
        "if isinstance(row, OfOne) and (row.account_id != principal.account_id or principal.tablet_plan_id):",
        "if False:",
        "tests/authz/test_row_security.py::test_nobody_writes_a_draft_for_somebody_else",
    ),
    Mutant(
        "whose a reader's place is",
        ROWS,
        "return and_(table.account_id == ACCOUNT, standing.beside_section(table.write_needs, table, who))",
        "return standing.beside_section(table.write_needs, table, who)",
        "tests/pages/test_place_pages.py::test_nobody_but_the_reader_ever_finds_it_owners_included",
    ),
    Mutant(
        "the end of a reader's place with the right to read",
        ROWS,
        "return and_(table.account_id == ACCOUNT, standing.beside_section(table.write_needs, table, who))",
        "return table.account_id == ACCOUNT",
        "tests/authz/test_row_security.py::test_a_place_is_there_for_its_reader_while_they_may_read",
    ),
    Mutant(
        "that a place is kept from whoever looks as somebody else",
        ROWS,
        "if who is not the_account:\n        return false()\n    return and_(table.account_id",
        "if False:\n        return false()\n    return and_(table.account_id",
        "tests/authz/test_row_security.py::test_a_place_is_there_for_its_reader_while_they_may_read",
    ),
    Mutant(
        "that no place is kept on a tablet",
        ROWS,
        "if isinstance(row, OfOne) and (row.account_id != principal.account_id or principal.tablet_plan_id):",
        "if isinstance(row, OfOne) and row.account_id != principal.account_id:",
        "tests/authz/test_row_security.py::test_nobody_keeps_a_place_for_somebody_else_nor_on_a_tablet",
    ),
    Mutant(
        "asking who keeps a place",
        "src/planwiki/plans/place_commands.py",
        "    uow.require(Permission.READ, section)\n",
        "    uow._session.info['asked'].add((section.id, Permission.READ))\n",
        "tests/pages/test_place_pages.py::test_whoever_looks_as_somebody_else_keeps_no_place",
    ),
    Mutant(
        "that keeping a place is no look",
        "src/planwiki/web/looking.py",
        " or rest[2:] == _OWN_PLACE:",
        ":",
        "tests/pages/test_place_pages.py::test_keeping_a_place_is_written_nowhere_also_where_it_is_refused",
    ),
    Mutant(
        "that a draft of easy words is no draft of the full ones",
        "src/planwiki/plans/draft_queries.py",
        "WrittenDraft.section_id == section_id, WrittenDraft.face == face",
        "WrittenDraft.section_id == section_id",
        "tests/pages/test_easy_draft_pages.py::test_lines_that_were_kept_are_offered_again_with_their_pictures_and_saved",
    ),
    Mutant(
        "that a stale save of easy words ends no draft",
        "src/planwiki/plans/easy_commands.py",
        "        raise Stale\n",
        "        return\n",
        "tests/pages/test_easy_draft_pages.py::test_a_stale_save_ends_no_draft_and_a_second_page_takes_over_none",
    ),
    Mutant(
        "that two opened pages never write over each other",
        "src/planwiki/plans/draft_commands.py",
        "if draft is not None and draft.page not in hand.pages:",
        "if False:",
        "tests/pages/test_draft_pages.py::test_two_pages_never_write_over_each_other",
    ),
    Mutant(
        "manage that no grant gives",
        STANDING,
        "[one for one in GRANTABLE_LEVELS if one in levels]",
        "[one for one in Level if one in levels]",
        WORLDS,
    ),
    Mutant(
        "the day where the family lives",
        "src/planwiki/authz/database.py",
        "return now.astimezone(self._zone).date()",
        "return now.date()",
        WORLDS,
    ),
    Mutant(
        "what an invitation tells other owners",
        f"{CIRCLE}/invited_queries.py",
        "    rows = uow.all(select(Section.id, Section.key).where(Section.plan_id == plan_id))\n",
        """    with uow.system("no") as session:
        rows = session.exec(select(Section.id, Section.key).where(Section.plan_id == plan_id)).all()
""",
        "tests/rights/test_every_channel.py::test_what_is_found_is_what_was_given",
    ),
    Mutant(
        "the diary's ceiling",
        LAW,
        "p, others   , *       , diary           , *         , deny\n",
        "",
        "tests/policies/test_matrix.py::test_the_law_says_what_the_paper_says_cell_by_cell",
    ),
    Mutant(
        "denials",
        "policies/model.conf",
        " && !some(where (p.eft == deny))",
        "",
        "tests/policies/test_matrix.py::test_the_law_says_what_the_paper_says_cell_by_cell",
    ),
    Mutant(
        "a law that says something",
        POLICY,
        "    if not allowed:\n",
        "    if False:\n",
        "tests/policies/test_matrix.py::test_a_law_that_allows_nothing_stops_the_start",
    ),
    Mutant(
        "nothing for nothing",
        POLICY,
        "        if level == Level.NONE:\n",
        "        if False:\n",
        "tests/policies/test_matrix.py::test_a_law_that_makes_no_sense_stops_the_start",
    ),
    Mutant(
        "signing out",
        "src/planwiki/people/queries.py",
        "if login is None or login.ended_at is not None:",
        "if login is None:",
        "tests/api/test_identity.py::test_a_password_gives_a_token_until_it_is_given_back",
    ),
    Mutant(
        "the end of a token",
        "src/planwiki/people/queries.py",
        "if login.expires_at <= now:",
        "if False:",
        "tests/api/test_conventions.py::test_an_expired_token_is_told_apart",
    ),
    Mutant(
        "asking again before an answer is repeated",
        "src/planwiki/integrations/commands.py",
        "    permit(uow, kept.plan_id)\n",
        "",
        "tests/api/test_repeating.py::test_rights_are_asked_again",
    ),
    Mutant(
        "that an address which never was leaves no entry",
        "src/planwiki/authz/looks.py",
        " and _is_there(one, keys)",
        "",
        "tests/rights/test_two_worlds.py::test_the_record_tells_an_owner_nothing_of_what_is_closed_to_her",
    ),
    Mutant(
        "that a shared tablet opens its own pages alone",
        "src/planwiki/web/asking.py",
        "if principal.tablet_plan_id is not None and not self.on_tablet:",
        "if False:",
        "tests/rights/test_tablet.py::test_nothing_else_can_be_read_on_it",
    ),
    Mutant(
        "the end of a shared tablet's tries",
        "src/planwiki/circle/tablet_commands.py",
        "return tablet.tries >= tablet_rules.MOST_TRIES",
        "return False",
        "tests/rights/test_tablet.py::test_five_wrong_tries_lock_it_until_an_owner_unlocks_it",
    ),
    Mutant(
        "who may open the host's page",
        "src/planwiki/people/host_queries.py",
        "        raise NotFound\n",
        "        pass\n",
        "tests/rights/test_host.py::test_for_all_others_there_is_no_such_page",
    ),
    Mutant(
        "that nothing new is given while sharing is stopped",
        "src/planwiki/circle/grant_commands.py",
        "        check_not_frozen(uow.get(Plan, section.plan_id))\n",
        "        pass\n",
        "tests/pages/test_stewardship_pages.py::test_nothing_new_is_given_while_sharing_is_stopped",
    ),
    Mutant(
        "who starts sharing again",
        "src/planwiki/circle/freeze_commands.py",
        "    if not _may_end(uow, plan):\n",
        "    if False:\n",
        "tests/pages/test_stewardship_pages.py::test_a_steward_cannot_start_what_another_owner_stopped_until_that_one_has_gone",
    ),
    Mutant(
        "the labels under which things were said and answered",
        STANDING,
        "_permitted(Permission.READ, _BESIDE.c, _ME.c), *then)",
        "_permitted(Permission.READ, _BESIDE.c, _ME.c))",
        "tests/api/test_contributions.py::test_what_was_said_or_answered_in_a_diary_stays_there",
    ),
    Mutant(
        "who still reads what was taken back",
        "src/planwiki/authz/special_rules.py",
        "    return and_(standing.on_words(Contribution, who, Contribution.label, Contribution.answer_label), stays)\n",
        "    return standing.on_words(Contribution, who, Contribution.label, Contribution.answer_label)\n",
        "tests/api/test_contributions.py::test_its_author_takes_it_back_and_owners_remove_it",
    ),
    Mutant(
        "who reads what a suggestion holds of an earlier text",
        "src/planwiki/talk/views.py",
        "row.proposed_markdown if mine or place.opens_base else None",
        "row.proposed_markdown",
        "tests/api/test_contributions.py::test_a_suggestion_does_not_open_the_text_it_began_from",
    ),
    Mutant(
        "who removes what others said",
        SAID,
        "        uow.require(Permission.MANAGE, section)\n",
        "        pass\n",
        "tests/api/test_contributions.py::test_its_author_takes_it_back_and_owners_remove_it",
    ),
    Mutant(
        "that an answer is given once",
        SAID,
        "    rules.check_open(said.status, withdrawn=said.withdrawn_at is not None)\n",
        "",
        "tests/api/test_contributions.py::test_what_was_answered_is_never_answered_again",
    ),
    Mutant(
        "that an answer needs the right to edit, under every verb",
        ROWS,
        "next((row.needs[name] for name in changed if name in row.needs), row.write_needs)",
        "row.write_needs",
        "tests/authz/test_row_security.py::test_who_may_comment_says_something_and_answers_nothing",
    ),
    Mutant(
        "that showing again takes the second step too",
        "src/planwiki/people/commands.py",
        "        if account.totp_confirmed_at is not None and not second(session, account):\n",
        "        if False:\n",
        "tests/people/test_second_step.py::test_showing_again_takes_the_second_step_too",
    ),
    Mutant(
        "that a new app waits for its code",
        "src/planwiki/people/second_step_commands.py",
        "        if sealed is None or step is None:\n",
        "        if sealed is None:\n",
        "tests/people/test_second_step.py::test_a_new_app_counts_once_its_code_was_right",
    ),
    Mutant(
        "asking who writes easy words",
        "src/planwiki/plans/easy_commands.py",
        "    uow.require(Permission.EDIT, section)\n    voice",
        "    uow._session.info['asked'].add((section.id, Permission.EDIT))\n    voice",
        f"{EASY_PAGES}::test_only_who_may_change_the_section_writes_easy_words",
    ),
    Mutant(
        "that a link chooses no way of reading for whoever follows it",
        "src/planwiki/plans/section_pages.py",
        "    if chosen and face ==",
        "    if face ==",
        f"{EASY_PAGES}::test_the_way_somebody_reads_comes_first_for_them_alone_on_every_page_and_device",
    ),
    Mutant(
        "the label under which easy words were written",
        SPECIAL,
        "standing.on_words(EasyText, who, EasyText.label)",
        "standing.on_words(EasyText, who)",
        f"{EASY_PAGES}::test_easy_words_of_a_diary_stay_there_whatever_the_label_becomes",
    ),
    Mutant(
        "from which day earlier easy words are open",
        SPECIAL,
        "    newest = and_(is_newest.correlate_except(_HERE), standing",
        "    newest = and_(EasyText.number > 0, standing",
        f"{EASY_PAGES}::test_earlier_easy_words_are_open_from_the_day_a_grant_began",
    ),
    Mutant(
        "who looks back at easy words",
        "src/planwiki/plans/easy_queries.py",
        "    uow.permit(Permission.HISTORY, section.id)\n",
        "",
        f"{EASY_PAGES}::test_only_who_may_change_the_section_writes_easy_words",
    ),
    Mutant(
        "asking who says how they see it",
        SEEN,
        "    uow.require(Permission.COMMENT, section)\n    rules",
        "    uow._session.info['asked'].add((section.id, Permission.COMMENT))\n    rules",
        f"{SEEN_PAGES}::test_only_who_may_comment_writes_and_only_where_it_is_asked",
    ),
    Mutant(
        "who takes away how others see it",
        SEEN,
        "        uow.require(Permission.MANAGE, section)\n",
        "        pass\n",
        f"{SEEN_PAGES}::test_only_who_wrote_it_changes_it_and_owners_remove_it",
    ),
    Mutant(
        "who brings back how somebody saw it",
        SEEN,
        "    if row.ended_by != uow.principal.account_id:\n",
        "    if False:\n",
        f"{SEEN_PAGES}::test_only_who_wrote_it_changes_it_and_owners_remove_it",
    ),
    Mutant(
        "that nobody replaces the view of somebody else",
        SEEN,
        ", Perspective.author_id == uow.principal.account_id)",
        ")",
        f"{SEEN_PAGES}::test_each_says_it_for_themselves_and_the_persons_own_comes_first",
    ),
    Mutant(
        "the label under which somebody said how they see it",
        SPECIAL,
        "standing.on_words(Perspective, who, Perspective.label)",
        "standing.on_words(Perspective, who)",
        f"{SEEN_PAGES}::test_what_was_said_in_a_diary_stays_there_whatever_the_label_becomes",
    ),
    Mutant(
        "who still reads how somebody saw it before",
        SPECIAL,
        "    return and_(standing.on_words(Perspective, who, Perspective.label), stays)\n",
        "    return standing.on_words(Perspective, who, Perspective.label)\n",
        f"{SEEN_PAGES}::test_only_who_wrote_it_changes_it_and_owners_remove_it",
    ),
    Mutant(
        "turning the rule to an alias, whatever was asked before",
        "src/planwiki/authz/sql_question.py",
        "        return self.clause_expr.element",
        "        return self.__dict__.setdefault('kept', self.clause_expr.element)",
        "tests/authz/test_row_security.py::test_an_alias_is_narrowed_whatever_was_asked_before_it",
    ),
    Mutant(
        "whose row of what was read it is",
        ROWS,
        "return and_(table.account_id == ACCOUNT, standing.beside_section(table.write_needs, table, who))",
        "return standing.beside_section(table.write_needs, table, who)",
        "tests/authz/test_row_security.py::test_how_far_somebody_saw_is_theirs_alone_while_they_may_read",
    ),
    Mutant(
        "that a shared tablet, or whoever looks as somebody else, marks nothing as read",
        "src/planwiki/news/seen_commands.py",
        "    if not _keeps_account(uow):\n        return\n",
        "",
        "tests/news/test_news_pages.py::test_nobody_else_can_tell_that_or_how_somebody_read",
    ),
    Mutant(
        "putting aside only what is on one's own list",
        "src/planwiki/news/seen_commands.py",
        "    if one is None:\n        raise NotFound\n",
        "    if one is None:\n        return\n",
        "tests/news/test_news_pages.py::test_not_now_is_for_one_thing_and_for_me_alone",
    ),
    Mutant(
        "looking once more before a letter about news leaves",
        "src/planwiki/news/letter_commands.py",
        "if still else None",
        "",
        "tests/news/test_letters.py::test_what_ends_before_a_letter_leaves_drops_it",
    ),
    Mutant(
        "what a link that stops letters was sealed for",
        "src/planwiki/news/letter_commands.py",
        'database.sealer.open(token).get("stop_news", "")',
        "database.sealer.open(token).popitem()[1]",
        "tests/news/test_letters.py::test_the_link_in_a_letter_stops_them_without_signing_in_and_does_nothing_else",
    ),
    Mutant(
        "who decides whether a steward stays",
        "src/planwiki/circle/hand_over_commands.py",
        "    if uow.me(plan_id).role is not Role.PERSON:\n",
        "    if False:\n",
        "tests/pages/test_stewardship_pages.py::test_the_person_joins_and_decides_who_stays",
    ),
)


def lives(mutant: Mutant) -> str:
    """What the judges said when nobody noticed; empty where somebody did. Raises when there is nothing to replace."""
    text = (ROOT / mutant.file).read_text("utf-8")
    if mutant.old not in text:
        raise LookupError(f"{mutant.file} no longer holds the guard for {mutant.removes!r}")
    text, judges = text.replace(mutant.old, mutant.new), mutant.judges.split()
    with tempfile.TemporaryDirectory(prefix="planwiki-mutant-") as folder:
        said_in = Path(folder)
        at_once = mutant.file.endswith(".py")
        if at_once and not _missed(judged_at_once(mutant.file, text, judges, PATIENCE, said_in)):
            return ""
        tree = _copy(said_in)
        (tree / mutant.file).write_text(text, "utf-8")
        return _missed(judged(tree, judges, PATIENCE))


def _copy(folder: Path) -> Path:
    for name in ("src", "tests", "policies", "migrations", "pyproject.toml"):
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("static"))
        else:
            shutil.copy(source, target)
    (folder / "src/planwiki/web/static").symlink_to(ROOT / "src/planwiki/web/static")
    return folder


def _missed(answer: Ended) -> str:
    """What the judges said when no test failed."""
    ended, said = answer
    return "" if ended == 1 and "\nFAILED " in said else said[-2500:] or f"They ended with {ended}."


def main() -> int:
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lives, MUTANTS))
    for mutant, answer in zip(MUTANTS, answers, strict=True):
        print(f"{'LIVES ' if answer else 'caught'}  {mutant.removes}")
    living = [answer for answer in answers if answer]
    print(f"{len(MUTANTS) - len(living)} of {len(MUTANTS)} caught", *living, sep="\n")
    return 1 if living else 0


if __name__ == "__main__":
    sys.exit(main())

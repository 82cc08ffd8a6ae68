"""Whatever is recorded has a sentence for owners, and a kind that programs know."""

import ast
import re
from collections.abc import Iterator

from tests.house.tree import listed, sources

from planwiki.activity.rules import VERBS
from planwiki.base.vocabulary import Deed
from planwiki.web.looking import _verb

_VERB = re.compile(r"[a-z_]+\.[a-z_]+")
_RECORDING = {"record", "Look", "AuditEntry", "Entry", "_keep_each"}


def recorded_in(text: str) -> Iterator[str]:
    """Every verb given to `record`, or to what `record` makes: as it stands, or by a name set just before."""
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, ast.Call) and _name(function.func) in _RECORDING:
            yield from _verbs(function)
        if isinstance(function, ast.Assign) and any(_name(one) == "verb" for one in function.targets):
            yield from _verbs(function.value)


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _verbs(node: ast.AST) -> Iterator[str]:
    texts = (one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str))
    yield from (text for text in texts if _VERB.fullmatch(text))


def looked() -> set[str]:
    """Every verb that an answer leaving can be told as."""
    paths = ["/plans/1", "/v1/plans/1/document", "/plans/1/sections/a", "/plans/1/sections/a/history"]
    paths += ["/plans/1/media/2", "/plans/1/circle"]
    return {
        _verb(path.split("/plans/1")[1].strip("/").split("/"), in_section, reads=reads)
        for path in paths
        for in_section in (True, False)
        for reads in (True, False)
    }


def test_every_verb_has_a_sentence_and_a_kind() -> None:
    found = {verb: source.module for source in sources() for verb in recorded_in(source.text)}
    missing = [f"{found.get(verb, 'web.looking')} records {verb}" for verb in {*found, *looked()} - set(VERBS)]
    assert not missing, listed(missing)
    assert len(found) > 15


def test_no_sentence_is_kept_for_a_verb_that_nothing_records() -> None:
    used = {verb for source in sources() for verb in recorded_in(source.text)} | looked()
    assert set(VERBS) <= used


def test_every_sentence_names_who_did_it() -> None:
    for verb, said in VERBS.items():
        assert "%(who)s" in said.done, verb
        assert said.deed in Deed


def test_a_verb_nobody_described_is_found() -> None:
    assert set(recorded_in('uow.record("plan.burnt", plan_id)')) == {"plan.burnt"}
    assert set(recorded_in('verb = "a.b" if x else "c.d"')) == {"a.b", "c.d"}
    assert set(recorded_in('say("plan.burnt")')) == set()

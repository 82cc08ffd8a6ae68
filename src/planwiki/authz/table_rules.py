"""The rules of all tables as one option that a statement takes on, as SQLAlchemy asks of such an option."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm.interfaces import CriteriaOption
from sqlalchemy.orm.util import LoaderCriteriaOption

from planwiki.tables import TABLES


class _TableRule(LoaderCriteriaOption):
    """A table's rule, on its aliases too. By itself SQLAlchemy turns a rule to an alias in WHERE, but not in JOIN."""

    def _gen_cache_key(self, *_: Any) -> tuple[Any, ...]:
        """Rules are made once for a database, so itself says which: reading all of it costs each question a tenth of a
        millisecond. Its parameters, the account and today, are given with every statement and never kept."""
        return _TableRule, self

    def _resolve_where_criteria(self, ext_info: Any) -> ColumnElement[bool]:
        rule = super()._resolve_where_criteria(ext_info)
        return ext_info._adapter.traverse(rule) if ext_info.is_aliased_class else rule


class TableRules(CriteriaOption):
    """The rules of all tables for one kind of viewer, in one piece: each statement takes on one option, not twenty."""

    inherit_cache = True

    def __init__(self, rule: Callable[[Any], ColumnElement[bool]]) -> None:
        self._each = [_TableRule(table, rule(table), include_aliases=True) for table in TABLES]

    def _gen_cache_key(self, *_: Any) -> tuple[Any, ...]:
        """Made once for a database, as each rule is."""
        return TableRules, self

    def process_compile_state(self, compile_state: Any) -> None:
        for one in self._each:
            one.process_compile_state(compile_state)

    def process_compile_state_replaced_entities(self, compile_state: Any, mapper_entities: Any) -> None:  # noqa: ARG002 - the library's signature
        self.process_compile_state(compile_state)

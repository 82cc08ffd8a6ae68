"""An SQL element that stands for one question of the rule, over a few columns, until a statement is compiled."""

from typing import Any

from sqlalchemy.sql.functions import FunctionElement


class SqlQuestion(FunctionElement[Any]):
    """The library's own remembers its columns once it was compiled, and each copy of it does too. Turned to an alias,
    such a copy asked about the table instead, and hidden rows were counted."""

    inherit_cache = True

    @property
    def clauses(self) -> Any:
        """Looked up each time."""
        return self.clause_expr.element

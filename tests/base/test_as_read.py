"""What changed, as people read it: no marks of Markdown, and no change that is kept quiet."""

from planwiki.base.as_read import as_read, changes_as_read

MARKED = """\
## When it is *loud*

My ear **defenders** are in the `blue` bag.\\
Always.

- one
- two
  1. inner

> Nan said so.

![My dog](media:0198c0de-0000-7000-8000-000000000001) [the pool](https://pool.example/times) <https://a.example>

| Day | What |
|---|---|
| Monday | swim \\* |

---
"""
READ = """\
When it is loud

My ear defenders are in the blue bag.
Always.

• one
• two
  1. inner

    Nan said so.

[Picture or sound: My dog] the pool (pool.example/times) https://a.example

Day · What
Monday · swim *

———"""


def test_a_text_is_read_without_its_marks() -> None:
    assert as_read(MARKED) == READ


def test_no_change_is_kept_quiet() -> None:
    def changed(old: str, new: str) -> list[tuple[str, str]]:
        return [hunk for hunk in changes_as_read(old, new) if hunk.op != "equal"]

    assert changed("## Loud\n\n- one", "## Loud\n\n- one\n- two") == [("insert", "\n• two")]
    assert changed("[ask](https://a.example/)", "[ask](https://b.example/)") != []
    assert changed("I swim.", "I **swim**.") != []  # Nothing to read changed: then its marks are shown.
    assert changed("I swim.", "I swim.") == []

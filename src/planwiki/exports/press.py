"""Makes one PDF in a process of its own, which holds no secret and has little memory and time.

    python -I press.py PLAN < WORDS        PLAN is JSON: template, folder, letters, sizes, at, memory, seconds

Of several sizes of letters, the first that fits on one page is taken; where none does, the first of all. The PDF comes
out, made for screen readers (PDF/UA-1). Where letters are missing from every face, nothing does: they are named as JSON
instead, and it ends with 3. It imports nothing of ours: what goes wrong in here stays in here.
"""

import json
import re
import resource
import sys
from pathlib import Path
from typing import Any

import typst

MISSING = 3
LAST = 126
TRIES = 4  # What is missing in one face may be missing differently in the next.
_PAGES = re.compile(rb"/Type\s*/Pages\s*/Count (\d+)")
_MISSING = re.compile(r'the text `"((?:\\.|[^"\\])*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")


def limit(plan: dict[str, Any]) -> None:
    """The system ends this process where it asks for more."""
    for what, most in (
        (resource.RLIMIT_AS, plan["memory"]),
        (resource.RLIMIT_CPU, plan["seconds"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main() -> int:
    plan, words = json.loads(sys.argv[1]), sys.stdin.read()
    limit(plan)
    try:
        made = fitted(plan, words)
    except typst.TypstError as error:
        missing = missing_in(error)
        if not missing:
            raise
        print(json.dumps(sorted(missing)))
        return MISSING
    sys.stdout.buffer.write(made)
    return 0


def fitted(plan: dict[str, Any], words: str) -> bytes:
    compiler = typst.Compiler(root=plan["folder"], font_paths=[plan["letters"]])
    template, first = Path(plan["template"]).read_bytes(), b""
    for size in plan["sizes"]:
        given = {"said": words, "size": str(size)}
        made = compiler.compile(template, format="pdf", sys_inputs=given, pdf_standards=["ua-1"], timestamp=plan["at"])
        if not isinstance(made, bytes):
            raise TypeError("A paper is one document.")
        first = first or made
        if (pages := _PAGES.search(made)) and pages[1] == b"1":
            return made
    return first


def missing_in(error: typst.TypstError) -> frozenset[str]:
    """The letters that it says no face has. Every face has those up to LAST."""
    texts = [_plain(one) for one in _MISSING.findall(error.diagnostic)]
    return frozenset(letter for one in texts for letter in one if ord(letter) > LAST)


def _plain(written: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], written)


if __name__ == "__main__":
    sys.exit(main())

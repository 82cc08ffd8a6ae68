"""What a PDF of ours says and points at, read back from the file itself."""

import re

from pypdfium2 import PdfDocument

BREAK = re.compile("\u200b\\s*")  # Where a long word may go on in the next line.


def text_of(pdf: bytes) -> str:
    """Every word of the pages, and of the document's own title and descriptions."""
    written = re.findall(r"\(((?:\\.|[^\\()])*)\)", _open(pdf))
    return " ".join([*map(str, sheets_of(pdf)), *written])


def sheets_of(pdf: bytes) -> list[str]:
    """What each sheet says."""
    with PdfDocument(pdf) as document:
        return [BREAK.sub("", page.get_textpage().get_text_range()) for page in document]


def links_of(pdf: bytes) -> list[str]:
    return [one.decode() for one in re.findall(rb"/URI\s*\(([^)]*)\)", pdf)]


def _open(pdf: bytes) -> str:
    """What is written beside the streams."""
    return re.sub(rb"stream\r?\n.*?\nendstream", b"", pdf, flags=re.DOTALL).decode("latin-1")

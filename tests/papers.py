"""What a PDF of ours says and points at, read back from the file itself."""

import re
import zlib

_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(pdf: bytes) -> str:
    """Every word of the pages, and of the document's own title and descriptions."""
    objects = dict(re.findall(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", pdf, re.DOTALL))
    fonts = {}
    for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", pdf):
        table = re.search(rb"/ToUnicode (\d+) 0 R", objects[number])
        assert table
        fonts[name] = _letters(_content(objects[table[1]]))
    pages = [content for one in objects.values() if b"BT" in (content := _content(one))]
    said = [_page(page, fonts) for page in pages]
    return " ".join([*said, *re.findall(r"\(((?:\\.|[^\\()])*)\)", _open(pdf))])


def links_of(pdf: bytes) -> list[str]:
    return [one.decode() for one in re.findall(rb"/URI\s*\(([^)]*)\)", pdf)]


def _open(pdf: bytes) -> str:
    """What is written beside the streams."""
    return re.sub(rb"stream\r?\n.*?\nendstream", b"", pdf, flags=re.DOTALL).decode("latin-1")


def _content(written: bytes) -> bytes:
    found = re.search(rb"stream\r?\n(.*)\r?\nendstream", written, re.DOTALL)
    if found is None:
        return b""
    return zlib.decompress(found[1]) if b"/FlateDecode" in written[: found.start()] else found[1]


def _letters(table: bytes) -> dict[int, str]:
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", table.partition(b"beginbfchar")[2])
    return {int(glyph, 16): bytes.fromhex(letter.decode()).decode("utf-16-be") for glyph, letter in pairs}


def _page(page: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    said, font = [], dict[int, str]()
    for name, shown in re.findall(
        rb"/(f\d+) [\d.]+ Tf|(\[(?:\\.|[^\]\\])*\]TJ|\((?:\\.|[^\\()])*\)Tj)", page, re.DOTALL
    ):
        font = fonts[name] if name else font
        if shown:
            said.append(
                "".join(_decoded(one, font) for one in re.findall(rb"\(((?:\\.|[^\\()])*)\)", shown, re.DOTALL))
            )
    return " ".join(said)


def _decoded(written: bytes, font: dict[int, str]) -> str:
    raw = re.sub(rb"\\([0-7]{3}|.)", _unescaped, written, flags=re.DOTALL)
    return "".join(font.get(int.from_bytes(raw[at : at + 2]), "") for at in range(0, len(raw), 2))


def _unescaped(found: re.Match[bytes]) -> bytes:
    said = found[1]
    return bytes([int(said, 8)]) if len(said) == 3 else _ESCAPES.get(said, said)

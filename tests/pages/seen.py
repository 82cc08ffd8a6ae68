"""What a person sees of an answer: its words, without marks; and the forms it holds."""

import html
import re
from html.parser import HTMLParser

from httpx2 import Response


def words_of(answer: Response) -> str:
    """The main part as one line of text."""
    main = re.search(r"<main.*?</main>", answer.text, re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", main[0] if main else "")
    return re.sub(r"\s+", " ", html.unescape(text)).strip()


def form_of(answer: Response, action: str) -> dict[str, str]:
    """What the form with this address would send as it stands: its fields, hidden ones too."""
    reader = _Forms()
    reader.feed(answer.text)
    return dict(next(fields for at, fields in reader.forms if at == action))


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._choice, self._area = "", ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        name = given.get("name", "")
        if tag == "form":
            self.forms.append((given.get("action", ""), {}))
        elif tag == "select":
            self._choice = name
        elif tag == "textarea" and name:
            self._area, self.forms[-1][1][name] = name, ""
        elif tag == "option" and "selected" in given:
            self.forms[-1][1][self._choice] = given["value"]
        elif tag == "input" and name and (given.get("type") not in {"radio", "checkbox"} or "checked" in given):
            self.forms[-1][1][name] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1][1][self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:  # A browser drops the line end right after the opening tag.
            self.forms[-1][1][self._area] = self.forms[-1][1][self._area].removeprefix("\n")
            self._area = ""

"""Measures plain words: how long a sentence is, how old a reader has to be, and which words have a plainer one.

Reading age comes from the Flesch-Kincaid grade (Kincaid and others, 1975):

    0.39 * words / sentences + 11.8 * syllables / words - 15.59

A school grade in the United States is the age less five, so age 9 is grade 4, until the tenth birthday: below 5.
The formula was made for passages, and one long word in a button would fail it. So it is asked of a single text from 20
words on, and of all that a file or a folder says taken together, from 100 words on.
"""

import re
from collections.abc import Iterable, Iterator

LONGEST_SENTENCE = 15
READING_AGE = 9
A_LONG_TEXT, A_PASSAGE = 20, 100  # words

# What to write in place of what. A stem ends in `*`.
PLAINER = {
    "access need*": "what you need",
    "additional": "more",
    "amend*": "change",
    "appropriate": "right",
    "assist*": "help",
    "at risk": "what may happen",
    "attain*": "reach",
    "authenticat*": "sign in",
    "authori*": "allow",
    "baseline*": "start",
    "carer*": "the person's name, or family",
    "caseload": "the people you work with",
    "challenging behavio*": "say what happens, and why",
    "client*": "person",
    "co-produc*": "make together",
    "commenc*": "start",
    "complian*": "keeping to what was agreed",
    "comply": "do as agreed",
    "conforman*": "structured to",
    "configur*": "set up",
    "credential*": "e-mail and password",
    "deliverable*": "what we will make",
    "disclos*": "tell",
    "e.g.": "for example",
    "ehcp": "plan",
    "empower*": "help to decide",
    "engage*": "join in, or talk with",
    "ensur*": "make sure",
    "escalat*": "tell someone who can help",
    "etc": "and so on",
    "facilitat*": "help",
    "functionality": "what it can do",
    "going forward": "from now on",
    "holistic": "whole",
    "i.e.": "that is",
    "implement*": "do",
    "in order to": "to",
    "initiat*": "start",
    "interven*": "help",
    "invalid": "say what does not fit",
    "key stage": "class or age",
    "lac": "say who the child lives with",
    "leverag*": "use",
    "log in": "sign in",
    "login": "sign in",
    "mdt": "people from different jobs",
    "multi-agency": "people from different places",
    "multi-disciplinary": "people from different jobs",
    "multidisciplinary": "people from different jobs",
    "neet": "say what the person does",
    "non-complian*": "say what happens, and why",
    "non-verbal": "does not use words",
    "obtain*": "get",
    "parameter*": "say what it is",
    "parental responsibility": "who decides for a child",
    "pathway*": "way, or steps",
    "person-centred": "about the person",
    "prior to": "before",
    "provision*": "help",
    "purchas*": "buy",
    "regarding": "about",
    "requir*": "need",
    "respite": "a break",
    "revoke*": "stop",
    "safeguarding": "keeping safe",
    "service user*": "person",
    "session expired": "please sign in again",
    "signpost*": "show where",
    "special need*": "what the person needs",
    "stakeholder*": "people",
    "submit*": "send",
    "suffer*": "has",
    "sufficient*": "enough",
    "terminat*": "end",
    "transition*": "change, or moving on",
    "unauthori*": "not allowed",
    "unsuccessful*": "did not work",
    "user*": "person",
    "utilis*": "use",
    "utiliz*": "use",
    "via": "by, or through",
    "vulnerab*": "say what may happen",
    "wheelchair bound": "uses a wheelchair",
}

_SENTENCE_END = re.compile(r"(?<=[.!?…])[”’\"')]*\s+|\n+")
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?<=[^laeiouy])e[ds]?$|(?<=[aeiouy]l)e[ds]?$")


def _pattern(entry: str) -> re.Pattern[str]:
    stem = re.escape(entry.rstrip("*")).replace(r"\ ", r"\s+")
    return re.compile(rf"(?<![\w-]){stem}" + (r"\w*" if entry.endswith("*") else r"(?!\w)"), re.IGNORECASE)


_PLAINER = [(_pattern(entry), plain) for entry, plain in PLAINER.items()]


def words(text: str) -> list[str]:
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    """Parts that end in a full stop, a mark or a line end, and hold at least a word."""
    return [part for part in _SENTENCE_END.split(text) if words(part)]


def syllables(word: str) -> int:
    """Groups of vowels, but for an e at the end that nobody says. Near enough for English."""
    folded = word.lower()
    spoken = (
        folded
        if folded.endswith(("ted", "ded", "ses", "zes", "ces", "ges", "shes", "ches"))
        else _SILENT.sub("", folded)
    )
    return max(1, len(_VOWELS.findall(spoken)))


def reading_age(texts: Iterable[str]) -> float:
    """The age at which these texts, taken together, are read with ease."""
    parts = [part for text in texts for part in sentences(text)]
    said = [word for part in parts for word in words(part)]
    spoken = sum(map(syllables, said))
    return 5 + 0.39 * len(said) / len(parts) + 11.8 * spoken / len(said) - 15.59


def too_old(*texts: str, fewest: int = A_PASSAGE) -> bool:
    """Whether a nine-year-old would stumble. Fewer words than `fewest` are not judged."""
    return sum(len(words(text)) for text in texts) >= fewest and reading_age(texts) >= READING_AGE + 1


def faults(text: str) -> Iterator[str]:
    """What to mend in one shipped string."""
    for sentence in sentences(text):
        if len(words(sentence)) > LONGEST_SENTENCE:
            yield f"{len(words(sentence))} words in a sentence, at most {LONGEST_SENTENCE}: {sentence!r}"
    for pattern, plain in _PLAINER:
        if found := pattern.search(text):
            yield f"{found[0]!r} has plainer words ({plain}): {text!r}"
    if too_old(text, fewest=A_LONG_TEXT):
        yield f"reading age {reading_age([text]):.0f}, at most {READING_AGE}: {text!r}"

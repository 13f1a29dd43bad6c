"""What is wrong with a term before it is read as one: pasted quotes, regular expressions, letters of another script."""

from __future__ import annotations

import re
from typing import NamedTuple

QUOTES = "“”„‟«»‹›‘‚＂〝〞"
"""Marks that word processors write for quotes. Only straight ones " and ' quote in a rule file."""
_CALLED = {",": "comma", ";": "semicolon", ":": "colon"}
LONGEST = 200
_MOST_WORDS = 12
_REGEX = re.compile(r"\\|\.[*+?]|[()|\[\]{}^$+?]|\*[^\s*~]*\*")
_LEADING = re.compile(r"(?<!\S)[~*]+(?=[^\W_])")
_ALONE = re.compile(r"(?<!\S)[~*]+(?!\S)")
_TWICE = re.compile(r"[~*]{2,}")
_INSIDE = re.compile(r"[~*](?=[^\s~*\-‐‑–—])")


class WrongTerm(NamedTuple):
    """Why a text is no term, `offset` characters into it, and what to write."""

    code: str
    reason: str
    fix: str
    offset: int = 0


def wrong_term(written: str) -> WrongTerm | None:
    """What is wrong with a term, if anything."""
    return (
        _size(written) or _quotes(written) or _comma(written) or _regex(written) or _marks(written) or _letters(written)
    )


def _quotes(written: str) -> WrongTerm | None:
    if '"' in written:
        reason, at = "this quote has no partner", written.index('"')
        return WrongTerm("quotes", reason, f'Write "{written.replace(chr(34), "").strip()}".', at)
    found = next((at for at, char in enumerate(written) if char in QUOTES), None)
    if found is None:
        return None
    bare = "".join(char for char in written if char not in QUOTES).strip()
    fix = f'Write "{bare}".' if bare else "Delete it."
    return WrongTerm("quotes", f"{written[found]} quotes nothing here; only straight quotes do", fix, found)


def _comma(written: str) -> WrongTerm | None:
    found = re.search(r"[,;]\s|:\s|[,;]$", written)
    if not found:
        return None
    parts = [part.strip() for part in re.split(r"[,;:]\s|[,;]$", written) if part.strip()]
    reason = f"a {_CALLED[found[0][0]]} ends a phrase, so this term is found in no text"
    return WrongTerm("term", reason, f"Write separate terms: {', '.join(parts)}."[:120], found.start())


def _regex(written: str) -> WrongTerm | None:
    found = _REGEX.search(written)
    if not found:
        return None
    fix = "Write the words one by one, with word~ or word*; or put it under regex: in the group, by language."
    return WrongTerm(
        "regex-term", f"a term is no regular expression; {found[0]} has no meaning here", fix, found.start()
    )


def _marks(written: str) -> WrongTerm | None:
    if found := _ALONE.search(written):
        reason = f"{found[0]} alone would take any word"
        return WrongTerm("term", reason, "Write it at the end of a word: captiv* or captive~.", found.start())
    if found := _LEADING.search(written):
        word = written[found.end() :].split()[0]
        bare = word.rstrip("~*")
        fix = f"Write {bare}{found[0][0]}; a term cannot take what ends with a word."
        return WrongTerm("term", f"{found[0]} stands at the end of a word, not before it", fix, found.start())
    if found := _TWICE.search(written):
        before = (written[: found.start()].split() or ["word"])[-1]
        fix = f"Write {before}~ (with any ending of the language) or {before}* (whatever follows)."
        return WrongTerm("term", "a word carries one mark, ~ or *", fix, found.start())
    if found := _INSIDE.search(written):
        word = next(each for each in written.split() if found[0] in each[:-1])
        reason = f"{word} carries {found[0]} inside a word; it only stands at its end"
        return WrongTerm(
            "term", reason, f"Write {word.partition(found[0])[0]}*, or the words one by one.", found.start()
        )
    return None


def _letters(written: str) -> WrongTerm | None:
    """No letter or digit at all."""
    if not any(char.isalnum() for char in written):
        return WrongTerm("term", f"{written!r} holds no letter and no digit, so it stands in no text", "Delete it.")
    return None


def _size(written: str) -> WrongTerm | None:
    if len(written) <= LONGEST and len(written.split()) <= _MOST_WORDS:
        return None
    reason = f"this term is too long (at most {_MOST_WORDS} words and {LONGEST} letters); no text repeats it"
    return WrongTerm("term", reason, "Take the few words that tell it; between two terms stands a comma.")

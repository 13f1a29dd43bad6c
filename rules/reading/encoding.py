"""From the bytes of a file to its text, and what is wrong with them: how it was saved, and what cannot be typed."""

from __future__ import annotations

import codecs
import re

from rules.reading.flaws import Flaw

MAX_BYTES = 1_000_000
"""Bytes of a rule file, a list or the gazetteer that are read."""
_TOLD = 5
"""Control characters of a file that are told one by one."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_OTHERS = {
    b"PK\x03\x04": "a Word or Excel file (or another archive)",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"%PDF": "a PDF",
    b"{\\rtf": "a formatted text (RTF)",
}
_AS_UTF8 = "Save it again as plain text with the encoding UTF-8."


def decoded(data: bytes) -> tuple[str | None, list[Flaw]]:
    """The text, None where there is none to read on with; a character that cannot be is U+FFFD in it."""
    if len(data) > MAX_BYTES:
        reason = f"the file has {len(data):,} bytes, at most {MAX_BYTES:,} are read"
        return None, [Flaw(1, 1, "too-large", reason, "Share it out among several files.")]
    for begin, what in _OTHERS.items():
        if data.startswith(begin):
            fix = f"A rule is a plain text file. {_AS_UTF8}"
            return None, [Flaw(1, 1, "encoding", f"this is {what}, not a text", fix)]
    text, flaws = _text(data)
    controls = list(_CONTROL.finditer(text))
    text = _CONTROL.sub("\ufffd", text) if controls else text
    for found in controls[:_TOLD]:
        line, column = place_of(text, found.start())
        reason = f"a character that cannot be seen or typed, U+{ord(found[0]):04X}"
        flaws.append(Flaw(line, column, "control-character", reason, "Delete it."))
    return text, flaws


def place_of(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of a character of `text`."""
    lines = (text[:offset] + "x").splitlines()
    return len(lines), len(lines[-1])


def _text(data: bytes) -> tuple[str, list[Flaw]]:
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding, "replace"), [_saved_as(encoding.upper())]
    if data.count(0, 0, 200) > len(data[:200]) // 4:
        encoding = "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
        return data.decode(encoding, "replace"), [_saved_as("UTF-16")]
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        text = data.decode("utf-8-sig", "replace")
        line, column = place_of(data[: error.start].decode("utf-8-sig", "replace"), error.start)
        return text, [Flaw(line, column, "encoding", f"the file is not UTF-8{_guess(data)}", _AS_UTF8)]


def _saved_as(encoding: str) -> Flaw:
    reason = f'the file was saved as {encoding} (some editors call that "Unicode"), not as UTF-8'
    return Flaw(1, 1, "encoding", reason, _AS_UTF8)


def _guess(data: bytes) -> str:
    """Windows-1251, where nearly all that is not ASCII would be Cyrillic letters in it."""
    written = bytes(byte for byte in data[:100_000] if byte >= 0x80).decode("cp1251", "replace")
    cyrillic = sum("А" <= char <= "я" for char in written)
    return "; it looks like Windows-1251 (Cyrillic)" if len(written) > 3 and cyrillic > 0.9 * len(written) else ""

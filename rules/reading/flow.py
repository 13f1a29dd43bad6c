"""Brackets and quotes in the layout of a file: where one is never closed, and what stands where it cannot."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from rules.reading.flaws import Mending

_NEW_LINE = re.compile(r"""[ \t]*(?:- |-$|(?:"[^"]*"|'[^']*'|[^\s\#"'\[\]{},:-][^"'\[\]{},:]*):(?:\s|$))""")
_ESCAPES = frozenset('0abt\tnvfre "/\\N_LPxuU')
_CLOSES = {"[": "]", "{": "}"}
_QUOTE = 'Put the text into "quotes".'


class _Open(NamedTuple):
    char: str
    line: int
    column: int


def begins_anew(line: str, base: int) -> bool:
    """Whether a line begins with a key or a dash no deeper than `base`: what was opened above has been left."""
    return len(line) - len(line.lstrip(" \t")) <= base and bool(_NEW_LINE.match(line))


def read_quoted(mending: Mending, at: int, column: int, base: int, *, flow: bool) -> tuple[int, int]:
    """Behind the quote that closes the one at line `at`, `column`: line and column. `base` is the entry's indent."""
    quote, line, here = mending.lines[at][column], at, column + 1
    while True:
        end = _end_of_quote(mending, line, here, quote)
        if end is not None:
            return _behind(mending, (at, column), (line, end), flow=flow)
        line, here = line + 1, 0
        if line == len(mending.lines) or begins_anew(mending.lines[line], base):
            return _never_closed(mending, at, column, quote, flow=flow)


def _end_of_quote(mending: Mending, at: int, column: int, quote: str) -> int | None:
    line = mending.lines[at]
    while column < len(line):
        char = line[column]
        if quote == '"' and char == "\\":
            column = _escape(mending, at, column)
        elif char == quote:
            if quote == "'" and line.startswith("''", column):
                column += 1
            else:
                return column + 1
        column += 1
    return None


def _escape(mending: Mending, at: int, column: int) -> int:
    """Step over the character behind a backslash; only some may stand there."""
    line = mending.lines[at]
    char = line[column + 1 : column + 2]
    if char and char not in _ESCAPES:
        reason = f"in double quotes a backslash means something else: \\{char} is not known"
        mending.flaw(at, column, "escape", reason, "Put the text into 'single quotes'; there it stays as it is.")
        mending.replace(at, column, 1, "/", doubtful=True)
    return column + 1


def _behind(mending: Mending, start: tuple[int, int], end: tuple[int, int], *, flow: bool) -> tuple[int, int]:
    at, column = end
    rest = mending.lines[at][column:]
    follows = rest.lstrip()
    if not follows or follows[0] == ":" or (rest[0].isspace() and follows[0] == "#") or (flow and follows[0] in ",]}"):
        return end
    if not flow and follows[0] in "]}":
        return end
    place = column + len(rest) - len(follows)
    if mending.lines[at][column - 1] == "'" and not rest[0].isspace():
        reason, fix = "the text ends at this apostrophe", 'Put it into "double quotes".'
        mending.flaw(at, column - 1, "quote", reason, fix)
    else:
        reason = "text follows the closing quote: a comma is missing, or the text holds quotes itself"
        fix = "Inside \"double quotes\" write 'single' ones; between two texts put a comma."
        mending.flaw(at, place, "quote", reason, fix)
    if flow:
        mending.replace(at, column - 1, 1, " ", doubtful=True)
        mending.replace(*start, 1, " ", doubtful=True)
        return start
    begin = start[1] if at == start[0] else column
    line = mending.lines[at]
    bare = line[begin:].replace('"', " ").replace("'", " ").strip() if at == start[0] else ""
    text = f"'{bare}'" if bare else ""
    mending.replace(at, begin, len(line) - begin, text, doubtful=True)
    return at, begin + len(text)


def _never_closed(mending: Mending, at: int, column: int, quote: str, *, flow: bool) -> tuple[int, int]:
    mending.flaw(at, column, "quote", "this quote is never closed", f"Put a second {quote} where the text ends.")
    line = mending.lines[at]
    ends = re.compile(r"[,\]}]").search(line, column + 1) if flow else None
    end = ends.start() if ends else len(line)
    inside = line[column + 1 : end].replace("'", " ").replace("\\", " ")
    mending.replace(at, column, end - column, f"'{inside}'", doubtful=True)
    return at, column + len(inside) + 2


@dataclass(slots=True)
class _Flow:
    """Reads brackets from the one that opens first to its end."""

    mending: Mending
    base: int
    at: int
    column: int
    opened: list[_Open] = field(default_factory=list)
    fresh: bool = True
    """Whether a new text, quote or bracket may begin here."""
    keyed: bool = False
    """Whether the entry has its colon already."""
    ended: bool = False
    """Whether a quote or a bracket has just been closed, behind which no text may follow."""
    comment: tuple[int, int] | None = None

    def read(self) -> tuple[int, int]:
        while True:
            line = self.mending.lines[self.at]
            while self.column < len(line):
                self._char(line, line[self.column])
                if not self.opened:
                    return self.at, self.column
                line = self.mending.lines[self.at]
            if self.at + 1 == len(self.mending.lines) or begins_anew(self.mending.lines[self.at + 1], self.base):
                return self._never_closed()
            self.at, self.column = self.at + 1, 0

    def _char(self, line: str, char: str) -> None:
        if char.isspace():
            self.column += 1
        elif char == "#" and (self.column == 0 or line[self.column - 1].isspace()):
            self.comment = self.comment or (self.at, self.column)
            self.column = len(line)
        elif char in "]}":
            self._close(char)
        elif char == ",":
            self._comma()
        elif char == ":" and (self.column + 1 == len(line) or line[self.column + 1] in " \t,]}[{"):
            self._colon(line)
        elif self.ended and not (char == ":" and self.fresh is False):
            self._no_comma()
        elif char in "[{":
            self._open(line, char)
        elif char in "\"'" and self.fresh:
            self.at, self.column = read_quoted(self.mending, self.at, self.column, self.base, flow=True)
            self.fresh, self.ended = False, self.mending.lines[self.at][self.column - 1 : self.column] in ("'", '"')
        else:
            self._text(line, char)

    def _text(self, line: str, char: str) -> None:
        if self.fresh:
            wrong = char in "@`%*&!|>" or (char in "-?" and line[self.column + 1 : self.column + 2].isspace())
            if wrong:
                self._cannot_begin(line, char)
        self.fresh = False
        self.column += 1

    def _cannot_begin(self, line: str, char: str) -> None:
        code = {"*": "alias", "&": "anchor"}.get(char, "first-character")
        word = re.compile(r"[^\s,\[\]{}:]*").match(line, self.column + 1)
        fix = f"A prefix is written with the * at its end: {word[0]}*." if char == "*" and word and word[0] else _QUOTE
        if char == "*" and word and not word[0]:
            fix = "Alone it would take any word: write the beginning of one before it, captiv*."
        if char == "-":
            fix = "In brackets the items are parted by commas, without dashes."
        self.mending.flaw(self.at, self.column, code, f"a text cannot begin with {char}", fix)
        self.mending.replace(self.at, self.column, 1, "x", doubtful=True)

    def _open(self, line: str, char: str) -> None:
        if not self.fresh:
            before = line[: self.column].rstrip(" \t")
            if before.endswith(":"):
                self.mending.flaw(
                    self.at, self.column, "space", "a space is missing after the colon", f"Write : {char}"
                )
            elif line[self.column - 1].isspace():
                self.mending.flaw(
                    self.at, len(before), "comma", "a comma is missing here", "Put a comma between the two."
                )
                self.mending.replace(self.at, self.column, 0, ",", doubtful=True)
                self.column += 1
            else:
                self.mending.flaw(
                    self.at, self.column, "bracket", f"a {char} inside a text; brackets hold lists", _QUOTE
                )
                self.mending.replace(self.at, self.column, 0, ",", doubtful=True)
                self.column += 1
        self.opened.append(_Open(char, self.at, self.column))
        self.column += 1
        self.fresh, self.keyed, self.ended = True, False, False

    def _close(self, char: str) -> None:
        top = self.opened[-1]
        if _CLOSES[top.char] != char:
            if any(_CLOSES[each.char] == char for each in self.opened):
                reason = f"this {top.char} is never closed; a {char} stands where its {_CLOSES[top.char]} belongs"
                self.mending.flaw(top.line, top.column, "bracket", reason, f"Put the {_CLOSES[top.char]}.")
                self.mending.replace(self.at, self.column, 0, _CLOSES[top.char], doubtful=True)
            else:
                reason = f"this {char} closes a {top.char}, which wants a {_CLOSES[top.char]}"
                self.mending.flaw(self.at, self.column, "bracket", reason, f"Write {_CLOSES[top.char]}.")
                self.mending.replace(self.at, self.column, 1, _CLOSES[top.char], doubtful=True)
        self.opened.pop()
        self.column += 1
        self.fresh, self.keyed, self.ended = False, False, True

    def _comma(self) -> None:
        if self.fresh and not self.keyed:
            self.mending.flaw(self.at, self.column, "comma", "a comma too many: nothing stands before it", "Delete it.")
            self.mending.replace(self.at, self.column, 1, " ", doubtful=True)
        self.column += 1
        self.fresh, self.keyed, self.ended = True, False, False

    def _colon(self, line: str) -> None:
        if line[self.column + 1 : self.column + 2] in ("[", "{"):
            self.mending.flaw(
                self.at, self.column, "space", "a space is missing after the colon", "Put a space after the colon."
            )
            self.mending.replace(self.at, self.column + 1, 0, " ", doubtful=True)
        elif self.keyed:
            word = line[max(0, self.column - 60) : self.column].split()[-1:] or [""]
            reason = "a second colon: a comma is missing before its key, or a text with a colon stands without quotes"
            fix = f'Put a comma before {word[0]}, or the text into "quotes".'
            self.mending.flaw(self.at, self.column, "colon", reason, fix)
            self.mending.replace(self.at, self.column, 1, " ", doubtful=True)
            self.column += 1
            return
        self.column += 1
        self.fresh, self.keyed, self.ended = True, True, False

    def _no_comma(self) -> None:
        self.mending.flaw(
            self.at, self.column, "comma", "a comma is missing before this", "Put a comma between the two."
        )
        self.mending.replace(self.at, self.column, 0, ",", doubtful=True)
        self.column += 1
        self.fresh, self.keyed, self.ended = True, False, False

    def _never_closed(self) -> tuple[int, int]:
        top = self.opened[-1]
        fix = f"Put a {_CLOSES[top.char]} where the list ends."
        if self.comment and self.comment[0] == top.line:
            fix = "From the # on, the line is a comment: put the text that holds it into quotes."
        self.mending.flaw(top.line, top.column, "bracket", f"this {top.char} is never closed", fix)
        closers = "".join(_CLOSES[each.char] for each in reversed(self.opened))
        line = self.mending.lines[self.at]
        end = self.comment[1] if self.comment and self.comment[0] == self.at else len(line)
        self.mending.replace(self.at, end, len(line) - end, closers, doubtful=True)
        if len(self.opened) > 1 or self.at != top.line:
            self.mending.doubtful.add(top.line)
        return self.at, end + len(closers)


def read_flow(mending: Mending, at: int, column: int, base: int) -> tuple[int, int]:
    """Behind the bracket that closes the one at line `at`, `column`: line and column. `base` is the entry's indent."""
    char = mending.lines[at][column]
    return _Flow(mending, base, at, column + 1, [_Open(char, at, column)]).read()

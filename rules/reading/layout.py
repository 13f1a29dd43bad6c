"""What is wrong with the layout of a file that is not YAML: told in plain words, and mended so that the rest is read.

A YAML parser stops at the first fault, far behind its cause and in its own words. This walks the lines as an analyst
reads them (indentation, dashes, keys, quotes, brackets), notes each fault where it was made, and writes the line as it
was probably meant, so that the faults further down are told in the same run. Line numbers never change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.reading.flaws import Mending
from rules.reading.flow import read_flow, read_quoted
from rules.reading.indents import ODD_SPACES, Indents

COLONS = "：։∶﹕"
DASHES = "–—−•·"
SUSPECT = re.compile(
    rf"^[ \t]*[{ODD_SPACES}]|:[{ODD_SPACES}]|^[ \t]*[{DASHES}]\s|^[ \t]*[^\s:\[\]{{}}]+[{COLONS}](?:\s|$)", re.MULTILINE
)
"""What YAML takes for text although nobody means it so: such a file is walked through even when it is YAML."""

_QUOTED_KEY = re.compile(r"""(?:"(?:[^"\\]|\\.)*+"|'(?:[^']|'')*+')\s*+:(?=\s|$)""")
_NO_KEY = frozenset("#\"'[]{},&*!|>%@`")
_COLON = re.compile(r":(?=\s|$)")
_BEGINS_COMMENT = re.compile(r"\s#")
_GLUED = re.compile(r"[^\W\d][\w .-]{0,60}?:(?=[\[{\"'])|[^\W\d][\w-]*(?: [a-z]+)?:(?=\w)(?!.*:\s)")
_EQUALS = re.compile(r"([^\W\d][\w -]{0,60}?) *+=\s*")
_ODD_COLON = re.compile(rf"([^\W\d][\w -]{{0,60}}?) *+[{COLONS}]\s*")
_HEADER = re.compile(r"[|>](?:\d[+-]?|[+-]\d?)?\s*(?:#.*)?$")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_LONGEST, _MOST = 10_000, 200
"""Characters of a line, and flaws, with which a file is still walked through: the work grows with their square."""
_GLUED_DASH = "a space is missing after the dash of the list"
_NOT_OPENED = "Delete it, or put the bracket that opens it."
_NO_COLON = "this is no colon but a sign that looks like one"
_QUOTE = 'Put the text into "quotes".'


@dataclass(slots=True)
class Layout:
    """Walks through `mending.lines` once; the flaws and the mended lines are in `mending` then."""

    mending: Mending
    indents: Indents

    def walk(self) -> None:
        """Note all that is wrong."""
        lines, at = self.mending.lines, 0
        self._too_long()
        while at < len(lines) and len(self.mending.flaws) < _MOST:
            line = lines[at]
            if not line.strip() or line.lstrip().startswith("#") or line.startswith(("---", "...", "%YAML")):
                at += 1
                continue
            at = self._conflict(at) if line.startswith("<<<<<<< ") else self._line(at)
        self.indents.tell()

    def _too_long(self) -> None:
        for at, line in enumerate(self.mending.lines):
            if len(line) > _LONGEST:
                reason = f"this line has more than {_LONGEST:,} characters, and something in the file is no YAML"
                self.mending.flaw(at, 0, "too-long", reason, "Break it into several lines, behind commas.")
                self.mending.replace(at, 0, len(line), "", doubtful=True)

    def _conflict(self, at: int) -> int:
        """Read the first of two versions that a merge has left; the line behind them."""
        lines = self.mending.lines
        ends = [
            next((n for n in range(at, len(lines)) if lines[n].startswith(mark)), None) for mark in ("====", ">>>>")
        ]
        middle, end = ends[0] or at, ends[1] or at
        reason = "two versions stand here, one below the other, where a merge was left unfinished"
        fix = "Keep one of them, and delete the lines <<<<<<<, ======= and >>>>>>>."
        self.mending.flaw(at, 0, "merge", reason, fix)
        for each in (at, *range(middle, end + 1)):
            self.mending.replace(each, 0, len(lines[each]), "", doubtful=True)
        return at + 1

    def _line(self, at: int) -> int:
        """Read the line and what belongs to its value; the number of the next line to read."""
        self.indents.lead(at)
        line = self.mending.lines[at]
        if not line.strip():
            return at + 1
        begin = column = len(line) - len(line.lstrip(" "))
        if line[column] in DASHES and line[column + 1 : column + 2].isspace():
            reason = f"{line[column]} is no list dash; a list item begins with a hyphen and a space"
            self.mending.flaw(at, column, "dash", reason, f"Write - for {line[column]}.")
            line = self.mending.replace(at, column, 1, "-")
        glued = re.match(r"-[^\s-]", line[column:])
        if glued and (
            (self.indents.levels and self.indents.levels[-1] == (column, "seq")) or line[column + 1] in "{[\"'"
        ):
            fix = f"Write - {line[column + 1 : column + 30]}"
            self.mending.flaw(at, column, "dash", "a space is missing after the dash of the list", fix)
            line = self.mending.replace(at, column + 1, 0, " ", doubtful=True)
        while line[column:] == "-" or line.startswith("- ", column):
            shifted = self.indents.level(at, column, "seq") if column == begin else self.indents.push(column, "seq")
            line, column, begin = self.mending.lines[at], column + shifted, begin + shifted
            self.indents.value = "open"
            column += 1 + len(line[column + 1 :]) - len(line[column + 1 :].lstrip(" "))
        if column >= len(line) or line[column] == "#":
            return at + 1
        return self._content(at, column, first=column == begin)

    def _content(self, at: int, column: int, *, first: bool) -> int:
        line = self._glued(at, column)
        key = _key_end(line, column)
        if not key and first and (line[column] == "-" or not self._may_be_text(at, column)):
            line = self._no_key(at, column)
            key = _key_end(line, column)
        if not key:  # a value in a list: what a block text behind it holds is indented deeper than the list
            return self._value(at, column, self.indents.levels[-1].indent if self.indents.levels else column)
        before = column
        column += self.indents.level(at, column, "map") if first else self.indents.push(column, "map")
        line, end = self.mending.lines[at], key + column - before
        self.indents.value = "open"
        end += len(line[end:]) - len(line[end:].lstrip())
        return self._value(at, end, column) if end < len(line) else at + 1

    def _value(self, at: int, column: int, indent: int) -> int:
        line = self.mending.lines[at]
        if column >= len(line):
            return at + 1
        char = line[column]
        base = self.indents.levels[-1].indent if self.indents.levels else 0
        if char == "#":
            return at + 1
        if char in "\"'":
            return self._after(*read_quoted(self.mending, at, column, base, flow=False))
        if char in "[{":
            return self._after(*read_flow(self.mending, at, column, base))
        if char in "|>" and _HEADER.match(line, column):
            return self._block(at + 1, indent if self.indents.levels else -1)
        return self._plain(at, column)

    def _plain(self, at: int, column: int) -> int:
        """A bare text: how it must not begin, and what it must not hold."""
        self.indents.value = "text"
        line = self.mending.lines[at]
        text = _COMMENT.sub("", line[column:]).rstrip()
        colon = re.search(r":(?=\s|$)", text)
        wrong = self._beginning(text)
        if wrong:
            self.mending.flaw(at, column, *wrong)
        elif colon:
            reason = "a text that holds a colon and a space must stand in quotes"
            self.mending.flaw(at, column + colon.start(), "colon", reason, _quoted_fix(text))
        if wrong or colon:
            self.mending.replace(at, column, len(line) - column, "'" + text.replace("'", "''") + "'", doubtful=True)
        return at + 1

    def _beginning(self, text: str) -> tuple[str, str, str] | None:
        if text[:1] == "*" or text[:1] == "&":
            fix = (
                f"A prefix is written with the * at its end: {text[1:].split(',')[0].strip()}*."
                if text[0] == "*"
                else _QUOTE
            )
            return ("alias" if text[0] == "*" else "anchor"), f"a text cannot begin with {text[0]}", fix
        if (text[:1] and text[0] in "@`%,]}|>!") or re.match(r"[-?:](?:\s|$)", text):
            return "first-character", f"a text cannot begin with {text[0]}", _QUOTE
        return None

    def _after(self, at: int, column: int) -> int:
        """Behind a closed quote or bracket nothing may follow."""
        self.indents.value = "closed"
        line = self.mending.lines[at]
        rest = line[column:]
        if rest.strip() and not re.match(r"\s+#", rest):
            place = column + len(rest) - len(rest.lstrip())
            if rest.lstrip()[0] in "]}":
                reason, fix = f"this {rest.lstrip()[0]} closes nothing", "Delete it, or put the bracket that opens it."
            else:
                reason, fix = (
                    f"text follows the closing {line[column - 1]}",
                    "If all of it is one text, put it into quotes.",
                )
            self.mending.flaw(at, place, "bracket" if rest.lstrip()[0] in "]}" else "rest", reason, fix)
            self.mending.replace(at, column, len(rest), "", doubtful=True)
        return at + 1

    def _block(self, at: int, indent: int) -> int:
        """The lines of a text that begins with | or >."""
        self.indents.value = "closed"
        lines = self.mending.lines
        while at < len(lines) and (not lines[at].strip() or len(lines[at]) - len(lines[at].lstrip(" \t")) > indent):
            if lines[at].strip():
                self.indents.lead(at)
            at += 1
        return at

    def _glued(self, at: int, column: int) -> str:
        """The line with a space after the colon of its key, where that is missing."""
        line = self.mending.lines[at]
        odd = re.match(rf"[^\s:\[\]{{}}\"']+(?: [^\s:\[\]{{}}\"']+)*:(?=[{ODD_SPACES}])", line[column:])
        if odd:
            place = column + odd.end()
            self.mending.flaw(
                at, place, "space", "this is no usual space (it was probably pasted)", "Type a space here."
            )
            return self.mending.replace(at, place, 1, " ")
        glued = None if self._continues(column) else _GLUED.match(line, column)
        if not glued or line.startswith("//", glued.end()) or self._may_be_text(at, column):
            return line
        fix = f"Write {glued[0]} {line[glued.end() : glued.end() + 30].strip()}"
        self.mending.flaw(at, glued.end() - 1, "space", "a space is missing after the colon", fix)
        return self.mending.replace(at, glued.end(), 0, " ", doubtful=True)

    def _continues(self, column: int) -> bool:
        """Whether a line that begins there goes on with the text above it."""
        return self.indents.value == "text" and bool(self.indents.levels) and column > self.indents.levels[-1].indent

    def _may_be_text(self, at: int, column: int) -> bool:
        """Whether a line without a key goes on with a text, or is the one line of a value that stands below its key."""
        if not self.indents.levels:
            return False
        if self._continues(column):
            return True
        if self.indents.value != "open" or column <= self.indents.levels[-1].indent:
            return False
        following = next((line for line in self.mending.lines[at + 1 : at + 20] if line.strip()), "")
        indent = len(following) - len(following.lstrip(" "))
        return not (indent == column and _key_end(following, indent))

    def _no_key(self, at: int, column: int) -> str:
        """The line with what it lacks to be a key or an item of a list; blank where nothing can be made of it."""
        line = self.mending.lines[at]
        begin = line[column : column + 1]
        rest = line[column + 1 : column + 30]
        in_list = bool(self.indents.levels) and self.indents.levels[-1] == (column, "seq")
        if begin in "[{\"'":
            return line
        if begin == "-" and rest:
            self.mending.flaw(at, column, "dash", _GLUED_DASH, f"Write - {rest}")
        elif begin in "@`%,>|!&*" or (begin == "?" and rest[:1].isspace()):
            self.mending.flaw(at, column, "first-character", f"a line cannot begin with {begin}", _QUOTE)
        elif begin in "]}":
            self.mending.flaw(at, column, "bracket", f"this {begin} closes nothing", _NOT_OPENED)
        elif in_list and not _ODD_COLON.match(line, column):
            self.mending.flaw(
                at, column, "dash", "a dash is missing before this item of the list", f"Write - {begin}{rest}"
            )
        else:
            return self._no_colon(at, column)
        lost = "- lost" if in_list or begin == "-" else ""
        return self.mending.replace(at, column, len(line) - column, lost, doubtful=True)

    def _no_colon(self, at: int, column: int) -> str:
        """The line with a colon behind its key."""
        line = self.mending.lines[at]
        for pattern, wrong in ((_ODD_COLON, _NO_COLON), (_EQUALS, "a key is followed by a colon")):
            if found := pattern.match(line, column):
                place = found.start() + len(found[0].rstrip()) - 1
                fix = f"Write {found[1]}: {line[found.end() : found.end() + 30]}"
                self.mending.flaw(at, place, "colon", wrong, fix)
                return self.mending.replace(at, found.start(), len(found[0]), f"{found[1]}: ", doubtful=True)
        word, _, rest = _COMMENT.sub("", line[column:]).strip().partition(" ")
        fix = f"Write {word}: {rest[:30]}".rstrip()
        self.mending.flaw(at, column + len(word), "colon", "a colon is missing after the key", fix)
        return self.mending.replace(at, column + len(word), 0, ":", doubtful=True)


def _key_end(line: str, column: int) -> int | None:
    """Behind the colon of the key that begins there, if one does."""
    if quoted := _QUOTED_KEY.match(line, column):
        return quoted.end()
    if column >= len(line) or line[column] in _NO_KEY:
        return None
    colon = _COLON.search(line, column)
    return colon.end() if colon and not _BEGINS_COMMENT.search(line, column, colon.start()) else None


def _quoted_fix(text: str) -> str:
    if len(text) > 60:
        return _QUOTE
    return f'Write "{text}".' if '"' not in text else "Write '" + text.replace("'", "''") + "'."


def flaws_of(lines: list[str]) -> Mending:
    """What is wrong with the layout of these lines, and the lines as they were probably meant."""
    mending = Mending(lines, list(lines))
    Layout(mending, Indents(mending)).walk()
    return mending

"""A text with its matched words marked: in colour on a terminal, in brackets elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.text import Text

from bot.console import printable
from rules.match import Part
from rules.tools.why.words import Word

Mark = tuple[int, int, str]
"""Start and end in the text, and a style of rich."""


def marks(words: Iterable[Word], part: Part, style: str) -> list[Mark]:
    """The places of words in one part of the article."""
    return [(word.start, word.end, style) for word in words if word.part == part]


def marked(text: str, found: Iterable[Mark], *, colours: bool) -> Text:
    """The text for a terminal, made harmless; marks that overlap are one, in the style of the first that was named."""
    shown = printable(text)
    joined = _joined(found)
    if colours:
        dressed = Text(shown)
        for start, end, style in joined:
            dressed.stylize(style, start, end)
        return dressed
    pieces, at = [], 0
    for start, end, _ in joined:
        pieces += [shown[at:start], "[", shown[start:end], "]"]
        at = end
    return Text("".join([*pieces, shown[at:]]))


def _joined(found: Iterable[Mark]) -> Sequence[Mark]:
    joined: list[Mark] = []
    for start, end, style in sorted(dict.fromkeys(found), key=lambda mark: mark[:2]):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]), joined[-1][2])
        else:
            joined.append((start, end, style))
    return joined

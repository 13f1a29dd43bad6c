"""A rule file to begin from: it works as it stands, and says beside each key what to put there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from rules.reading.nodes import NAME
from rules.tools.formatting import laid_out

Kind = Literal["rule", "escalation", "list"]

_FOLDER = Path(__file__).parent / "skeletons"
_ANY_WORD = re.compile(r"[a-z0-9]+")


def skeleton(kind: Kind, name: str, title: str, *, file: str, command: str) -> str:
    """The text of a new file for `name`; `file` is where it will stand, `command` how the program was started."""
    text = (_FOLDER / f"{kind}.yaml").read_text("utf-8")
    for key, value in (("command", command), ("file", file), ("id", name), ("title", _quoted(title))):
        text = text.replace(f"{{{key}}}", value)
    return laid_out(text)


def title_of(name: str) -> str:
    """A title to begin with: `road-closed` is "Road closed"."""
    return name.replace("-", " ").capitalize()


def is_name(word: str) -> bool:
    """Whether a rule or a list may be called so."""
    return NAME.fullmatch(word) is not None


def proposed(word: str) -> str:
    """What the name was probably meant to be: `Road Closed` is road-closed; empty when nothing can be made of it."""
    found = "-".join(_ANY_WORD.findall(word.casefold())).lstrip("0123456789-")
    return found if is_name(found) else ""


def _quoted(title: str) -> str:
    """The title as YAML takes it, in one line."""
    line = " ".join(title.split())
    plain = re.fullmatch(r"[^\W_][\w ,.()–—/'’-]*", line) and not line.endswith((" ", ":"))
    return line if plain else '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '"'

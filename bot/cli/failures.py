"""What a person sees when a command cannot do its work: a sentence on stderr, never a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rules.errors import BorderwatchError

FOUND_WRONG, WRONG_USAGE, INTERRUPTED = 1, 2, 130
"""Exit statuses; see the outside interfaces in docs/operating.md."""
USAGE = ("UsageError", "QueryError", "SettingsError")
"""Errors in what was typed or set, by name: the modules that define them are loaded only by commands that use them."""


class CommandError(BorderwatchError):
    """A command cannot go on."""


class UsageError(CommandError):
    """The command was typed wrongly."""


@contextmanager
def explained() -> Iterator[None]:
    """Turn the errors that a person can mend into words on stderr and an exit status."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (head, less) has seen enough; nothing must be flushed into the closed pipe at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except Exception as error:
        words = in_words(error)
        if not words:
            raise
        from bot.console import printable

        print(printable(words), file=sys.stderr)
        sys.exit(WRONG_USAGE if type(error).__name__ in USAGE else FOUND_WRONG)


def in_words(error: Exception) -> str:
    """The error for a person, who can mend it; nothing for a fault of the program."""
    if isinstance(error, BorderwatchError):
        return str(error)
    if isinstance(error, UnicodeDecodeError):
        return f"a text file, most likely .env, is not in UTF-8 ({error}): save it in that encoding"
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}; check the path, and that you may read and write there"
    if "SQLAlchemyError" in (kind.__name__ for kind in type(error).__mro__):
        said = str(error).splitlines()[0]
        return f"the database could not be used: {said}; check the disk, and that the file or server is the right one"
    return ""

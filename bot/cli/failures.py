"""What a person sees when a command cannot do its work: a sentence on stderr, never a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rules.errors import BorderwatchError

FOUND_WRONG, WRONG_USAGE, INTERRUPTED = 1, 2, 130
"""Exit statuses; see the outside interfaces in docs/operating.md."""


class CommandError(BorderwatchError):
    """A command cannot go on."""


class UsageError(CommandError):
    """The command was typed wrongly."""


@contextmanager
def explained() -> Iterator[None]:
    """Turn the errors that a person can mend into words on stderr and an exit status."""
    try:
        yield
    except BorderwatchError as error:
        print(error, file=sys.stderr)
        usage = isinstance(error, UsageError) or type(error).__name__ in ("QueryError", "SettingsError")
        sys.exit(WRONG_USAGE if usage else FOUND_WRONG)
    except BrokenPipeError:
        # The reader (head, less) has seen enough; nothing must be flushed into the closed pipe at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        sys.exit(INTERRUPTED)

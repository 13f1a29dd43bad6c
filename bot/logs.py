"""The log: one line an event, on stderr, for people in a terminal and for machines otherwise."""

from __future__ import annotations

import logging
import sys

import structlog


def set_up_logs(level: int = logging.INFO) -> None:
    """Log through structlog, in colours on a terminal and as key=value elsewhere; libraries speak from WARNING on."""
    on_terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer()
            if on_terminal
            else structlog.processors.LogfmtRenderer(key_order=("timestamp", "level", "event"), bool_as_flag=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    # httpx writes addresses, and a Telegram address holds the token; APScheduler tells of every tick that was late.
    for name, from_level in (("httpx", logging.WARNING), ("httpcore", logging.WARNING), ("apscheduler", logging.ERROR)):
        logging.getLogger(name).setLevel(from_level)
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )

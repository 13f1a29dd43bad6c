"""`borderwatch rules`: the rule files, checked, tried and measured; one file a command."""

from __future__ import annotations

import typer

from bot.cli.rules import backtest, check, coverage, evaluate, examples, explain, fmt, new, schema, versions

app = typer.Typer(help="The rule files: check them, try them, measure them.", no_args_is_help=True)
for module in (new, check, fmt, examples, explain, backtest, evaluate, coverage, schema, versions):
    module.register(app)

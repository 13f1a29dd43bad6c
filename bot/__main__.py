"""`python -m bot`: the same as the `borderwatch` command."""

from bot.cli import main

main()

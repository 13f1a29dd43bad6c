"""The indicators that the analyst report asks to be watched, by their reserved ids."""

from __future__ import annotations

INDICATORS = (
    "border-incursion",
    "border-clash",
    "pow-release",
    "pow-held",
    "summit",
    "minsk-group",
    "russian-military",
    "peacekeepers",
    "demarcation",
    "transport-corridor",
    "gas-energy",
    "arms",
    "csto",
    "economic-leverage",
    "armenia-politics",
    "azerbaijan-politics",
    "karabakh-status",
)
"""They may be named before a rule file tells how to find them."""

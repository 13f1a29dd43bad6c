"""Reads a Dockerfile into its stages and instructions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction, continued lines joined."""

    word: str
    text: str


@dataclass(frozen=True, slots=True)
class Stage:
    """From one FROM to the next. `name` is empty for a stage that has none."""

    base: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)

    def all(self, word: str) -> list[str]:
        """The texts of one kind of instruction, in order."""
        return [instruction.text for instruction in self.instructions if instruction.word == word]


def read_dockerfile(path: Path) -> list[Stage]:
    """The stages in order."""
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
    stages: list[Stage] = []
    for line in re.sub(r"\\\n", " ", "\n".join(kept)).splitlines():
        word, _, text = re.sub(r"\s+", " ", line).strip().partition(" ")
        if word == "FROM":
            base, _, name = text.partition(" AS ")
            stages.append(Stage(base, name))
        elif word:
            stages[-1].instructions.append(Instruction(word, text))
    return stages

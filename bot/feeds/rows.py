"""Rows of a table in CSV or YAML, each with its line, and whatever is wrong with the file."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.feeds.document import SIZE_LIMIT


@dataclass(frozen=True, slots=True)
class Row:
    """One row: every value is text, stripped; a column that is missing is missing."""

    line: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows that could be read, and the faults, each as "line: what is wrong"."""

    rows: tuple[Row, ...]
    faults: tuple[str, ...] = ()


def read_table(path: Path, columns: Sequence[str], needed: str) -> Table:
    """Read a file of rows. `columns` are those known, `needed` the one that each row must have.

    Other columns are left alone, unless they look like a known one misspelt.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        return Table((), (f"1: the file cannot be read: {error.strerror}",))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Table((), (f"{line}: not UTF-8; save the file as UTF-8 text",))
    if len(data) > SIZE_LIMIT:
        return Table((), (f"1: the file is larger than {SIZE_LIMIT // 1_000_000} MB",))
    table = _yaml(text) if path.suffix in (".yaml", ".yml") else _csv(text)
    return Table(table.rows, (*table.faults, *_misspelt(table.rows, columns), *_missing(table.rows, needed)))


def _csv(text: str) -> Table:
    """Commas, or semicolons, as spreadsheets write them in half of the world."""
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
    rows: list[Row] = []
    faults: list[str] = []
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        line = reader.line_num + 1
        for values in reader:
            if len(values) > len(names):
                faults.append(f"{line}: {len(values)} values, but the first line names {len(names)} columns")
            elif any(value.strip() for value in values):
                cells = zip(names, values, strict=False)
                rows.append(Row(line, {name: value.strip() for name, value in cells}))
            line = reader.line_num + 1  # a quoted value may span lines
    except csv.Error as error:
        faults.append(f"{reader.line_num}: {error}")
    return Table(tuple(rows), tuple(faults))


def _yaml(text: str) -> Table:
    """A list of mappings. Composed, not loaded: every scalar stays text (`no` is no boolean) and knows its line."""
    try:
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return Table((), (f"{mark.line + 1 if mark else 1}: not YAML: {getattr(error, 'problem', None) or error}",))
    except (RecursionError, ValueError):
        return Table((), ("1: not YAML that can be read: nested too deep, or a number too large",))
    if root is None:
        return Table(())
    if not isinstance(root, yaml.SequenceNode):
        return Table((), (f"{root.start_mark.line + 1}: a list of feeds is expected, each `- feed_url: https://...`",))
    rows: list[Row] = []
    faults: list[str] = []
    for node in root.value:
        line = node.start_mark.line + 1
        values = _mapping(node, faults)
        if values is not None:
            rows.append(Row(line, values))
    return Table(tuple(rows), tuple(faults))


def _mapping(node: yaml.Node, faults: list[str]) -> dict[str, str] | None:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        faults.append(f"{line}: a feed is expected, such as `feed_url: https://example.org/feed`")
        return None
    values: dict[str, str] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or not isinstance(value, yaml.ScalarNode):
            faults.append(f"{line}: a name and a text are expected, such as `language: hy`")
        elif key.value in values:
            faults.append(f"{line}: {key.value} stands twice")
        else:
            values[str(key.value).strip().lower()] = str(value.value).strip()
    return values


def _misspelt(rows: Sequence[Row], columns: Sequence[str]) -> list[str]:
    """Names that look like a known column, told once each."""
    unknown = {name: row.line for row in reversed(rows) for name in row.values if name not in columns}
    near = ((name, line, difflib.get_close_matches(name, columns, 1, 0.8)) for name, line in unknown.items())
    return [f"{line}: there is no column {name!r}; {found[0]!r} is meant?" for name, line, found in near if found]


def _missing(rows: Sequence[Row], needed: str) -> list[str]:
    return [f"{row.line}: {needed} is missing" for row in rows if not row.values.get(needed)]

"""Reading the gazetteer: a CSV file of places, a fault told by its row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from rules.diagnostics import RuleError, did_you_mean
from rules.places import Entry, Place

COLUMNS = (
    *("id", "type", "precision", "match", "country", "admin", "name_en", "name_hy", "name_az", "name_ru", "name_tr"),
    *("alt_names", "lat", "lon", "uncertainty_km"),
)
PRECISIONS = ("exact", "near", "province", "country")
_LARGER_FIRST = ("border", "zone", "province", "city", "town", "lake", "pass", "height", "road", "venue", "village")
_SCRIPTS = {"hy": re.compile("[Ա-և]"), "ru": re.compile("[Ѐ-ӿ]")}
_LATIN_NAMES = {"en": ("name_en", "name_az"), "az": ("name_az",), "tr": ("name_tr", "name_az")}


def read_places(name: str, data: bytes) -> tuple[list[Entry], list[RuleError]]:
    """The rows of a gazetteer file `name`, and what is wrong with the others."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [RuleError(name, 1, 1, "encoding", "", "the file is not UTF-8", "Save it as UTF-8.")]
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    errors = [_missing(name, text, column) for column in COLUMNS if column not in _header(reader)]
    if errors:
        return [], errors
    entries: list[Entry] = []
    known: set[str] = set()
    try:
        for row in reader:
            fault = _fault(row) or (f"the id {row['id']} stands here a second time" if row["id"] in known else "")
            known.add(row["id"])
            if fault:
                errors.append(RuleError(name, reader.line_num, 1, "place", row["id"], fault))
            else:
                entries.append(_entry(row))
    except csv.Error as error:
        errors.append(RuleError(name, reader.line_num, 1, "csv", "", f"not CSV: {error}"))
    return entries, errors


def _header(reader: csv.DictReader[str]) -> list[str]:
    try:
        return list(reader.fieldnames or [])
    except csv.Error:
        return []


def _missing(name: str, text: str, column: str) -> RuleError:
    header = text.partition("\n")[0].strip()
    hint = did_you_mean(column, header.split(","))
    return RuleError(name, 1, 1, "column", header, f"the column {column} is missing", hint)


def _fault(row: dict[str, str]) -> str:
    if not row["id"] or not row["name_en"]:
        return "a place needs an id and a name_en"
    if row["match"] not in ("direct", "context"):
        return f"match is {row['match']!r}; it may be direct or context"
    if row["precision"] not in PRECISIONS:
        return f"precision is {row['precision']!r}; it may be {', '.join(PRECISIONS)}"
    try:
        lat, lon, off = float(row["lat"]), float(row["lon"]), float(row["uncertainty_km"] or 0)
    except ValueError:
        return "lat, lon and uncertainty_km must be numbers"
    return "" if -90 <= lat <= 90 and -180 <= lon <= 180 and 0 <= off < 20_000 else "lat or lon is no degree on a map"


def _entry(row: dict[str, str]) -> Entry:
    place = Place(
        row["id"], row["name_en"], row["country"], row["admin"], float(row["lat"]), float(row["lon"]), row["precision"],
        float(row["uncertainty_km"] or 0),
    )  # fmt: skip
    context = row["match"] == "context"
    size = _LARGER_FIRST.index(row["type"]) if row["type"] in _LARGER_FIRST else len(_LARGER_FIRST)
    return Entry(place, tuple(_names(row)), context, (context, place.country not in ("AM", "AZ"), size))


def _names(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Language and name, each once: further names belong to the languages of their script."""
    by_language = {language: [row[column] for column in columns] for language, columns in _LATIN_NAMES.items()}
    by_language |= {"hy": [row["name_hy"]], "ru": [row["name_ru"]]}
    for name in row["alt_names"].split(";"):
        script = next((language for language, letters in _SCRIPTS.items() if letters.search(name)), "")
        for language in (script,) if script else _LATIN_NAMES:
            by_language[language].append(name)
    for language, names in by_language.items():
        yield from ((language, name) for name in dict.fromkeys(names) if name)

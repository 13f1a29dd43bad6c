"""Reading the gazetteer: a CSV file of places, each fault told at its row and column."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rules.diagnostics import RuleError, meant
from rules.places import Entry, Place
from rules.reading.encoding import decoded

COLUMNS = (
    *("id", "type", "precision", "match", "country", "admin", "name_en", "name_hy", "name_az", "name_ru", "name_tr"),
    *("alt_names", "lat", "lon", "uncertainty_km"),
)
PRECISIONS = ("exact", "near", "province", "country")
MAX_ERRORS = 100
_NONE_NAMED = len(COLUMNS) - 3
"""So many columns missing mean that the first line names none: a row may hold the word country as well."""
_LONGEST = 20_000
_LARGER_FIRST = ("border", "zone", "province", "city", "town", "lake", "pass", "height", "road", "venue", "village")
_SCRIPTS = {"hy": re.compile("[Ա-և]"), "ru": re.compile("[Ѐ-ӿ]")}
_LATIN_NAMES = {"en": ("name_en", "name_az"), "az": ("name_az",), "tr": ("name_tr", "name_az")}
_NUMBERS = {"lat": 90.0, "lon": 180.0, "uncertainty_km": 20_000.0}
"""The columns of numbers, with the greatest that each can be."""
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+")
_NORTH, _EAST = (38.0, 42.0), (43.0, 51.0)
"""Armenia and Azerbaijan lie between these degrees."""
_COMMAS = 'A text that holds a comma stands in "quotes"; a number has a point, 39.5.'


def read_places(name: str, data: bytes) -> tuple[list[Entry], list[RuleError]]:
    """The rows of a gazetteer file `name`, and what is wrong with the others."""
    text, flaws = decoded(data)
    lines = (text or "").splitlines()
    reader = _Reader(name, lines)
    for flaw in flaws:
        reader.note(flaw.line, flaw.column, flaw.code, flaw.reason, flaw.fix)
    entries = list(reader.read()) if text is not None else []
    return entries, reader.errors


@dataclass(slots=True)
class _Reader:
    """A row is a line: a quote that is not closed on it spoils that row alone."""

    name: str
    lines: Sequence[str]
    errors: list[RuleError] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)

    def note(self, line: int, column: int, code: str, reason: str, fix: str = "") -> None:
        if len(self.errors) == MAX_ERRORS:
            code, reason, fix = "too-many", f"more than {MAX_ERRORS} faults in this file; the rest is not shown", ""
        if len(self.errors) <= MAX_ERRORS:
            source = self.lines[line - 1] if line <= len(self.lines) else ""
            self.errors.append(RuleError(self.name, line, column, code, source, reason, fix))

    def read(self) -> Iterator[Entry]:
        header = next((at for at, line in enumerate(self.lines) if line.strip()), None)
        if header is None:
            self.note(1, 1, "empty", "the file holds nothing", f"Its first line is: {','.join(COLUMNS)}")
            return
        if not self._header(header + 1):
            return
        for line, written in enumerate(self.lines[header + 1 :], header + 2):
            values = self._row(line, written) if written.strip() else None
            if values is not None:
                row = dict(zip(self.columns, values, strict=True))
                if self._sound(line, row):
                    yield _entry(row)

    def _header(self, line: int) -> bool:
        values = self._values(line, self.lines[line - 1])
        if values is None:
            return False
        self.columns = [value.strip() for value in values]
        missing = [column for column in COLUMNS if column not in self.columns]
        if not missing:
            return True
        for sign, called in ((";", "semicolons"), ("\t", "tabs")):
            if len(self.columns) == 1 and sign in self.lines[line - 1]:
                fix = "Save it as CSV with commas (in a spreadsheet: CSV UTF-8, separator comma)."
                self.note(line, 1, "column", f"the columns are parted by {called}, not by commas", fix)
                return False
        others = [column for column in self.columns if column not in COLUMNS]
        for column in missing if len(missing) < _NONE_NAMED else ():
            near = meant(column, others) or next((each for each in others if each.startswith(column)), "")
            fix = f"Write {column} for {near}." if near else "Add it to the first line, and a value to each row."
            self.note(
                line,
                self._begins(line, self.columns.index(near) if near else 0),
                "column",
                f"the column {column} is missing",
                fix,
            )
        if len(missing) >= _NONE_NAMED:
            self.note(line, 1, "column", "the first line must name the columns", f"Write: {','.join(COLUMNS)}")
        return False

    def _values(self, line: int, written: str) -> list[str] | None:
        if len(written) > _LONGEST:
            self.note(line, 1, "too-long", f"this row has more than {_LONGEST:,} characters", "Shorten it.")
            return None
        try:
            return next(csv.reader([written], strict=True), [])
        except csv.Error as error:
            place = _open_quote(written)
            if "unexpected end" in str(error) or place == len(written):
                at = written.rfind('"') if written.count('"') == 1 else place
                self.note(line, at + 1, "quote", "this quote is never closed", 'Put a second " where the text ends.')
            else:
                fix = 'A quote inside a quoted text is written twice: "".'
                self.note(line, place + 1, "quote", "text follows the closing quote", fix)
            return None

    def _row(self, line: int, written: str) -> list[str] | None:
        values = self._values(line, written)
        if values is None or len(values) == len(self.columns):
            return values
        many = len(values) > len(self.columns)
        for column in ("lat", "lon") if many else ():
            at = self.columns.index(column)
            if all(re.fullmatch(r"-?\d+", value) for value in values[at : at + 2]):
                number = ".".join(values[at : at + 2])
                reason = f"{column} is written with a comma, which begins another column"
                self.note(line, self._begins(line, at), "columns", reason, f"Write {number}.")
                return None
        last = self._begins(line, len(self.columns)) if many else len(written) + 1
        reason = f"the row has {len(values)} columns, the first line names {len(self.columns)}"
        self.note(
            line, last, "columns", reason, _COMMAS if many else "A comma is missing, also for what is left empty."
        )
        return None

    def _begins(self, line: int, index: int) -> int:
        """The column, from 1, at which a field of the line begins."""
        at = quoted = 0
        written = self.lines[line - 1]
        for place, char in enumerate(written):
            if at == index:
                return place + 1
            quoted ^= char == '"'
            at += char == "," and not quoted
        return len(written) + 1

    def _sound(self, line: int, row: Mapping[str, str]) -> bool:
        faults = [*self._words(line, row), *_figures(row)]
        for column, reason, fix in faults:
            self.note(line, self._begins(line, self.columns.index(column)), "place", reason, fix)
        self.known.setdefault(row["id"], line)
        return not faults

    def _words(self, line: int, row: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
        for column in ("id", "name_en"):
            if not row[column].strip():
                yield column, f"a place needs an {column}", "Write it."
        if row["id"] in self.known:
            yield (
                "id",
                f"the id {row['id']} stands here a second time; the first is in line {self.known[row['id']]}",
                "Keep one, or change one.",
            )
        for column, known in (("match", ("direct", "context")), ("precision", PRECISIONS)):
            if row[column] not in known:
                near = meant(row[column], known)
                fix = f"Did you mean {near}?" if near else f"It may be {', '.join(known)}."
                yield column, f"{column} is {row[column]!r}", fix
        if row["country"] and not all(re.fullmatch("[A-Z]{2}", code) for code in re.split("[/;]", row["country"])):
            yield "country", f"{row['country']!r} is no country code", "Write two capitals, e.g. AM or AZ."


def _figures(row: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """What is wrong with the numbers of a row: column, reason and fix."""
    values: dict[str, float] = {}
    for column, greatest in _NUMBERS.items():
        written = row[column].strip()
        if not written and column == "uncertainty_km":
            continue
        number = _number(written)
        if number is None:
            comma = _DECIMAL_COMMA.fullmatch(written)
            fix = f"Write {written.replace(',', '.')}." if comma else "Write e.g. 39.51."
            yield column, f"{column} is {written!r}, not a number" if written else f"{column} is missing", fix
        elif not (0 if column == "uncertainty_km" else -greatest) <= number <= greatest:
            yield column, f"{column} is {written}, at most {greatest:,.0f} can be", "Degrees are decimal, e.g. 39.51."
        else:
            values[column] = number
    lat, lon = values.get("lat", 0), values.get("lon", 0)
    if row["country"] in ("AM", "AZ") and _inside(lon, _NORTH) and _inside(lat, _EAST):
        yield (
            "lat",
            f"lat {row['lat']} and lon {row['lon']} lie outside {row['country']}: are they swapped?",
            "Swap the two.",
        )


def _number(written: str) -> float | None:
    try:
        number = float(written) if written.isascii() and "_" not in written else None
    except ValueError:
        return None
    return number if number is not None and abs(number) < 1e9 else None


def _inside(degree: float, span: tuple[float, float]) -> bool:
    return span[0] <= degree <= span[1]


def _open_quote(written: str) -> int:
    """Where text follows a closing quote, else where a quote opens that is not closed."""
    opened = None
    at = 0
    while at < len(written):
        if written[at] == '"':
            if opened is None:
                opened = at
            elif written[at + 1 : at + 2] == '"':
                at += 1
            elif written[at + 1 : at + 2] not in ("", ","):
                return at + 1
            else:
                opened = None
        at += 1
    return opened if opened is not None else len(written)


def _entry(row: Mapping[str, str]) -> Entry:
    place = Place(
        row["id"], row["name_en"], row["country"], row["admin"], float(row["lat"]), float(row["lon"]), row["precision"],
        float(row["uncertainty_km"] or 0),
    )  # fmt: skip
    context = row["match"] == "context"
    size = _LARGER_FIRST.index(row["type"]) if row["type"] in _LARGER_FIRST else len(_LARGER_FIRST)
    return Entry(place, tuple(_names(row)), context, (context, place.country not in ("AM", "AZ"), size))


def _names(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Language and name, each once: further names belong to the languages of their script."""
    by_language = {language: [row[column] for column in columns] for language, columns in _LATIN_NAMES.items()}
    by_language |= {"hy": [row["name_hy"]], "ru": [row["name_ru"]]}
    for name in row["alt_names"].split(";"):
        script = next((language for language, letters in _SCRIPTS.items() if letters.search(name)), "")
        for language in (script,) if script else _LATIN_NAMES:
            by_language[language].append(name)
    for language, names in by_language.items():
        yield from ((language, name) for name in dict.fromkeys(names) if name)

"""The gazetteer: each fault at its row and column, and the good rows beside it stay good."""

from __future__ import annotations

import pytest

from rules.reading.gazetteer import COLUMNS, read_places

HEADER = ",".join(COLUMNS)
GORIS = 'goris,town,exact,direct,AM,Syunik,Goris,Գորիս,Gorus,Горис,Goris,"Kores;Gerusy, old",39.51,46.34,2'
KAPAN = "kapan,town,exact,direct,AM,Syunik,Kapan,Կապան,Qafan,Капан,Kapan,Ghapan,39.21,46.41,"


@pytest.mark.parametrize(
    ("before", "after", "code", "pointed", "said"),
    [
        ("39.21", "39,21", "columns", "39,21", "Write 39.21."),
        ("Syunik", "Syunik, Goris", "columns", "", "16 columns"),
        ("39.21", '"39,21"', "place", '"39,21"', "Write 39.21."),
        ("39.21,46.41", "46.41,39.21", "place", "46.41", "swapped"),
        ("39.21", "", "place", "", "lat is missing"),
        ("39.21", "north", "place", "north", "not a number"),
        ("39.21", "nan", "place", "nan", "not a number"),
        ("39.21", "1e400", "place", "1e400", "not a number"),
        ("39.21", "139.21", "place", "139.21", "at most 90"),
        ("Ghapan,", "", "columns", "", "14 columns"),
        ("kapan,town", "goris,town", "place", "goris", "the first is in line 2"),
        ("kapan,town", ",town", "place", ",town", "needs an id"),
        ("direct", "directly", "place", "directly", "Did you mean direct?"),
        ("exact", "exactly", "place", "exactly", "Did you mean exact?"),
        ("AM,", "Armenia,", "place", "Armenia", "two capitals"),
        ("Kapan,Կ", '"Kapan,Կ', "quote", '"Kapan', "never closed"),
        ("Kapan,Կ", '"Ka"pan,Կ', "quote", "pan", "text follows"),
    ],
)
def test_a_fault_of_a_row_is_shown_in_its_column(before: str, after: str, code: str, pointed: str, said: str) -> None:
    assert before in KAPAN
    rows = f"{HEADER}\n{GORIS}\n{KAPAN.replace(before, after, 1)}\n"
    entries, (fault,) = read_places("places.csv", rows.encode())
    assert (fault.line, fault.code) == (3, code)
    assert fault.source[fault.column - 1 :].startswith(pointed)
    assert said in f"{fault.reason} {fault.fix}"
    assert [entry.place.id for entry in entries] == ["goris"]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (HEADER.replace(",", ";"), "semicolons"),
        (HEADER.replace(",", "\t"), "tabs"),
        (HEADER.replace(",lat", ",latitude"), "Write lat for latitude."),
        (HEADER.replace(",uncertainty_km", ""), "the column uncertainty_km is missing"),
        ("goris,town", "must name the columns"),
        ("", "holds nothing"),
    ],
)
def test_a_fault_of_the_first_line_is_told_once(header: str, said: str) -> None:
    entries, (fault,) = read_places("places.csv", f"{header}\n".encode())
    assert entries == []
    assert said in f"{fault.reason} {fault.fix}"


def test_a_gazetteer_in_another_encoding_is_told() -> None:
    _, faults = read_places("places.csv", f"{HEADER}\n{GORIS}\n".encode("utf-16"))
    assert [fault.code for fault in faults] == ["encoding"]


def test_empty_lines_and_further_columns_are_no_fault() -> None:
    rows = f"\n{HEADER},note\n\n{GORIS},a note\n\n"
    entries, faults = read_places("places.csv", rows.encode())
    assert (len(entries), faults) == (1, [])


def test_a_gazetteer_of_nothing_but_faults_is_told_in_bounds() -> None:
    _, faults = read_places("places.csv", f"{HEADER}\n{'x,,,' * 3}\n".encode() + b"x\n" * 5000)
    assert len(faults) == 101

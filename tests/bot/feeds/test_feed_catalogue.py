"""The catalogue: the shipped one, an operator's own, and every fault with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.feeds.catalogue import SIDES, CatalogueEntry, CatalogueError, outlet_of, read_catalogue
from rules.article import LANGUAGES, Source


def written(folder: Path, text: str, name: str = "feeds.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def faults(path: Path) -> list[str]:
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(path)
    return [fault.removeprefix(f"{path}:") for fault in caught.value.faults]


class TestTheShippedOne:
    def test_only_feeds_that_somebody_saw_alive_are_on(self) -> None:
        catalogue = read_catalogue()
        assert len(catalogue) > 200
        assert {entry.grade for entry in catalogue if entry.active} == {"live"}
        assert all(entry.active for entry in catalogue if entry.grade == "live")
        assert all(entry.note for entry in catalogue if not entry.active)

    def test_both_sides_and_all_five_languages_are_on(self) -> None:
        active = [entry for entry in read_catalogue() if entry.active]
        assert set(LANGUAGES) <= {entry.language for entry in active}
        assert {"am", "az", "ru", "tr"} <= {entry.source.side for entry in active}

    def test_every_row_names_outlet_owner_and_side(self) -> None:
        for entry in read_catalogue():
            assert entry.source.outlet
            assert entry.source.owner
            assert entry.source.side in SIDES[1:]

    def test_evidence_is_reduced_to_a_grade_and_a_date(self) -> None:
        header = Path("bot/feeds/catalogue.csv").read_text(encoding="utf-8").partition("\n")[0]
        assert header == "outlet,owner,side,kind,language,feed_url,format,site,grade,checked"


class TestAnOperatorsOwn:
    def test_only_the_address_must_be_there(self, tmp_path: Path) -> None:
        (entry,) = read_catalogue(written(tmp_path, "feed_url\nhttps://www.kura.example/rss\n"))
        assert entry.source == Source("kura.example", "kura.example", "")
        assert entry.active

    def test_yaml_says_the_same_and_no_stays_a_word(self, tmp_path: Path) -> None:
        text = "- feed_url: https://kura.example/rss\n  language: no\n  outlet: 010\n  active: no\n"
        (entry,) = read_catalogue(written(tmp_path, text, "feeds.yaml"))
        assert (entry.language, entry.source.outlet, entry.active) == ("no", "010", False)

    def test_a_spreadsheets_semicolons_and_byte_order_mark_are_read(self, tmp_path: Path) -> None:
        text = '\ufeffOutlet;feed_url;side\r\n"Kura; Wire";https://kura.example/rss;az\r\n;;\r\n'
        (entry,) = read_catalogue(written(tmp_path, text))
        assert entry.source == Source("Kura; Wire", "kura.example", "az")

    def test_evidence_gives_grade_and_date(self, tmp_path: Path) -> None:
        text = 'feed_url,evidence\nhttps://a.example/,"live: a map (2026-03-25), a list (2026-09-20)"\nhttps://b.example/,dead?\n'
        live, dead = read_catalogue(written(tmp_path, text))
        assert (live.grade, live.checked, live.active) == ("live", "2026-09-20", True)
        assert (dead.grade, dead.active, dead.note) == ("dead", False, "probably gone")

    def test_a_feed_can_be_switched_on_against_its_grade(self, tmp_path: Path) -> None:
        (entry,) = read_catalogue(written(tmp_path, "feed_url,grade,active\nhttps://a.example/,listed,yes\n"))
        assert entry.active

    def test_an_empty_file_is_an_empty_catalogue(self, tmp_path: Path) -> None:
        assert read_catalogue(written(tmp_path, "")) == read_catalogue(written(tmp_path, "", "feeds.yml")) == []


class TestFaults:
    def test_all_are_told_at_once_with_their_lines(self, tmp_path: Path) -> None:
        text = (
            "feed_url,side,language,active\n"
            "https://a.example/,xx,az,\n"
            ",az,az,\n"
            "ftp://b.example/,az,Azerbaijani,maybe\n"
            "https://c.example/,az,az,yes,more\n"
            '"https://d.example/\n",az,az,\n'
            "https://a.example/,az,az,\n"
        )
        assert faults(written(tmp_path, text)) == [
            "2: side: 'xx' is none of am, az, ka, ru, tr, ge, eu, us, int",
            "3: feed_url is missing",
            "4: feed_url: only http and https are fetched, not 'ftp'",
            "4: language: 'Azerbaijani' is no code such as hy, az or ru (ISO 639)",
            "4: active: 'maybe' is neither yes nor no",
            "5: 5 values, but the first line names 4 columns",
            "8: feed_url: the same as in line 2",
        ]

    def test_a_misspelt_column_is_told_with_what_was_meant(self, tmp_path: Path) -> None:
        told = faults(written(tmp_path, "feed_url,langauge,remarks\nhttps://a.example/,az,x\n"))
        assert told == ["2: there is no column 'langauge'; 'language' is meant?"]

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("feed_url: https://a.example/", "1: a list of feeds is expected"),
            ("- feed_url: https://a.example/\n- just text", "2: a feed is expected"),
            ("- feed_url: https://a.example/\n  feed_url: https://b.example/", "2: feed_url stands twice"),
            ("- feed_url: [a, b]", "1: a name and a text are expected"),
            ("- feed_url: 'open", "1: not YAML"),
            ("[" * 5000, "1: not YAML"),
        ],
    )
    def test_yaml_faults_are_told_with_their_line(self, tmp_path: Path, text: str, fault: str) -> None:
        assert faults(written(tmp_path, text, "feeds.yaml"))[0].startswith(fault)

    def test_a_file_that_is_not_there_or_no_text_is_told(self, tmp_path: Path) -> None:
        assert "No such file" in faults(tmp_path / "none.csv")[0]
        path = tmp_path / "feeds.csv"
        path.write_bytes(b"feed_url\nhttps://a.example/\n\xff\n")
        assert faults(path) == ["3: not UTF-8; save the file as UTF-8 text"]


class TestWhoSpeaks:
    CATALOGUE = (
        CatalogueEntry("https://kura.example/en/rss", Source("Kura Wire (en)", "Kura Group", "az"), site="https://kura.example"),
        CatalogueEntry("https://kura.example/az/rss", Source("Kura Wire (az)", "Kura Group", "az"), site="https://kura.example"),
        CatalogueEntry("https://en.ararat.example/feed", Source("Ararat", "Ararat Media", "am"), site="https://en.ararat.example"),
        CatalogueEntry("https://one.shared.example/", Source("One", "One", "ru")),
        CatalogueEntry("https://two.shared.example/", Source("Two", "Two", "tr")),
        CatalogueEntry("https://news.google.com/rss?q=x", Source("Search", "Google", "int"), site="https://news.google.com"),
    )  # fmt: skip

    @pytest.mark.parametrize(
        ("host", "source"),
        [
            ("www.kura.example", Source("Kura Wire", "Kura Group", "az")),
            ("m.kura.example", Source("Kura Wire", "Kura Group", "az")),
            ("ararat.example", Source("Ararat", "Ararat Media", "am")),
            ("hy.ararat.example", Source("Ararat", "Ararat Media", "am")),
            ("one.shared.example", Source("One", "One", "ru")),
            ("three.shared.example", Source("three.shared.example", "three.shared.example", "")),
            ("news.google.com", Source("news.google.com", "news.google.com", "")),
            ("unheard.example", Source("unheard.example", "unheard.example", "")),
            ("", Source("unknown", "unknown", "")),
        ],
    )
    def test_a_host_is_the_catalogues_outlet_or_its_own_owner(self, host: str, source: Source) -> None:
        assert outlet_of(host, self.CATALOGUE) == source

"""`rules explain`: why the rules match a text or do not, for a person and as JSON."""

from __future__ import annotations

import asyncio
import io
import json
import os
import pty
import re
import subprocess
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from bot.cli.rules.shown.explain_text import show
from bot.cli.rules.subject import Subject
from rules.article import Article, Source
from rules.rulebook import Rulebook, library, load_rulebook
from rules.tools.why.explain import explain
from storage.articles import add_article
from storage.database import Database
from tests.bot.cli.conftest import Ask
from tests.commandline import Answer, command, environment, typed
from tests.feedserver import FeedServer, Reply, feed_server

RELEASE = "Azerbaijan hands over ten Armenian servicemen"
LOOPBACK = {"ALLOW_PRIVATE": "127.0.0.0/8"}
WHEN = datetime(2021, 12, 4, 15, 10, tzinfo=UTC)
PAGE = f"""<!doctype html><html lang="en"><head><title>Kura Wire</title>
<meta property="og:title" content="{RELEASE}"><meta name="description" content="They are > well &amp; home.">
</head><body><p>Soldiers</p></body></html>"""
RSS = f"""<rss version="2.0"><channel><title>Kura Wire</title><link>https://kura.example/</link><language>en</language>
<item><title>Old news</title><link>https://kura.example/0</link><pubDate>Fri, 03 Dec 2021 15:10:00 GMT</pubDate></item>
<item><title>{RELEASE}</title><link>https://kura.example/1</link><pubDate>Sat, 04 Dec 2021 15:10:00 GMT</pubDate></item>
</channel></rss>"""


class TestText:
    def test_a_match_is_told_with_its_words_marked_clause_by_clause(self, ask: Ask) -> None:
        answer = ask("rules", "explain", RELEASE)
        assert (answer.status, answer.err) == (0, "")
        lines = answer.out.splitlines()
        assert lines[0] == "Title  [Azerbaijan hands over] ten [Armenian] [servicemen]"
        assert lines[1] == "Language: English (guessed)"
        assert "pow-release matches, stance report" in answer.out
        assert "+ freed-soldiers      “servicemen” (captives.soldiers), “hands over” (handing-over.freed)" in answer.out
        assert "- freed-captives      no word of captives.captives" in answer.out
        assert "holds by freed-soldiers, freed-from-there, freed-by-baku" in answer.out
        assert "guard      none" in answer.out
        assert "facts      count 10" in answer.out

    def test_the_nearest_of_the_others_are_told_in_short(self, ask: Ask) -> None:
        answer = ask("rules", "explain", RELEASE)
        assert "Nearest of the others:" in answer.out
        assert "summit: 1 clause short of a match" in answer.out

    def test_when_nothing_matches_it_is_said_with_what_is_nearest(self, ask: Ask) -> None:
        answer = ask("rules", "explain", "Armenian captives are well, a visitor says")
        assert answer.status == 0
        assert "No rule matches." in answer.out
        assert "Nearest:" in answer.out
        assert "no word of" in answer.out

    def test_when_nothing_of_any_rule_stands_there_it_is_said(self, ask: Ask) -> None:
        answer = ask("rules", "explain", "A quiet evening")
        assert "No rule matches.\nNothing of any rule stands in this text" in answer.out

    def test_the_guard_is_told_with_its_word(self, ask: Ask) -> None:
        answer = ask("rules", "explain", "Baku denies that Armenian captives were freed")
        assert "guard      denial: “denies” in the title, which makes it: denial" in answer.out

    def test_one_rule_is_shown_in_full_though_it_does_not_match(self, ask: Ask) -> None:
        answer = ask("rules", "explain", "Armenian captives are well", "--rule", "pow-release")
        assert "\n\npow-release does not match  (high:" in answer.out
        assert "- freed-captives" in answer.out
        assert "fails: one of these would have to hold: 1 of freed-*; " in answer.out

    def test_a_rule_of_which_nothing_is_there_is_one_line(self, ask: Ask) -> None:
        answer = ask("rules", "explain", "A quiet evening", "--rule", "pow-release")
        assert "pow-release: nothing of it stands in the text" in answer.out
        assert "condition" not in answer.out

    def test_a_broken_file_beside_it_does_not_keep_a_good_rule_from_being_asked(self, ask: Ask, folder: Path) -> None:
        (folder / "mine").mkdir()
        (folder / "mine" / "bad.yaml").write_text("id: bad\nlevle: high\n", "utf-8")
        answer = ask("rules", "explain", RELEASE, "--rules", "mine")
        assert answer.status == 0
        assert "pow-release matches" in answer.out
        assert "mine/bad.yaml cannot be used" in answer.err

    def test_lead_language_and_side_may_be_given(self, ask: Ask) -> None:
        answer = ask("rules", "explain", "Six prisoners of war come home", "--lead", "At dawn.", "--side", "am", "--language", "en")  # fmt: skip  # noqa: E501
        assert "Lead   At dawn." in answer.out
        assert "Language: English (given); source: am" in answer.out
        assert "+ region              by the article's source" in answer.out

    def test_of_a_language_that_no_rule_is_written_in_all_terms_are_tried(self, ask: Ask) -> None:
        answer = ask(
            "rules", "explain", "Les prisonniers sont de retour chez eux après une longue attente dans le froid"
        )
        assert "Language: fr, so the terms of all languages are tried (guessed)" in answer.out

    def test_a_stance_that_is_no_news_is_told_with_what_becomes_of_it(self, ask: Ask) -> None:
        answer = ask("rules", "explain", "Will Azerbaijan hand over ten Armenian servicemen?")
        assert "matches, stance question, which alerts nobody" in answer.out
        assert "question: a question mark, which makes it: question" in answer.out

    def test_what_would_move_the_cursor_is_only_shown(self, ask: Ask) -> None:
        answer = ask("rules", "explain", "Captives \x1b[31mfreed\u202e by Baku")
        assert "\x1b" not in answer.out
        assert "\u202e" not in answer.out


@pytest.fixture(scope="module")
def shipped() -> Rulebook:
    return load_rulebook(library())


class TestAnyText:
    @settings(max_examples=60)
    @given(title=st.text(max_size=60), lead=st.text(max_size=120), colours=st.booleans())
    def test_it_is_shown_without_a_character_that_a_terminal_would_obey(
        self, shipped: Rulebook, title: str, lead: str, colours: bool
    ) -> None:
        article = Article("", f"Baku freed captives {title}", lead, "en", WHEN, Source("", "", ""))
        console = Console(file=io.StringIO(), width=160, markup=False, force_terminal=colours, color_system="standard")
        show(console, explain(article, shipped, shipped.rules.values()), Subject(article, True), every=False)
        assert isinstance(console.file, io.StringIO)
        written = re.sub(r"\x1b\[[\d;]*m", "", console.file.getvalue())
        assert all(char.isprintable() or char in "\n\u200c\u200d" for char in written)


class TestColours:
    def test_a_terminal_gets_colours_and_no_brackets(self, folder: Path) -> None:
        ours, theirs = pty.openpty()
        settings = environment() | {"TERM": "xterm-256color", "COLUMNS": "200"}
        done = subprocess.run(
            command("rules", "explain", RELEASE), cwd=folder, env=settings, stdout=theirs, check=False
        )
        os.close(theirs)
        shown = os.read(ours, 100_000).decode(errors="replace")
        os.close(ours)
        assert done.returncode == 0
        assert "\x1b[1;32mAzerbaijan hands over\x1b[0m" in shown
        assert "hands over]" not in shown


class TestFiles:
    def test_the_first_line_of_a_file_is_the_title_and_the_rest_the_lead(self, ask: Ask, folder: Path) -> None:
        (folder / "news.txt").write_text(f"{RELEASE}\n\nThey flew to Yerevan.\nAll are well.\n", "utf-8")
        answer = ask("rules", "explain", "news.txt")
        assert answer.out.splitlines()[0].startswith("Title  [Azerbaijan hands over]")
        assert answer.out.splitlines()[1].startswith("Lead   They flew")

    def test_a_dash_reads_what_comes_in(self, folder: Path) -> None:
        done = subprocess.run(
            command("rules", "explain", "-"), input=RELEASE.encode(), cwd=folder, env=environment(),
            capture_output=True, check=False,
        )  # fmt: skip
        assert b"pow-release matches" in done.stdout

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_a_file_that_may_not_be_read_is_not_taken_for_a_headline(self, ask: Ask, folder: Path) -> None:
        (folder / "secret.txt").write_text("x", "utf-8")
        (folder / "secret.txt").chmod(0)
        answer = ask("rules", "explain", "secret.txt")
        assert answer.status == 1
        assert "secret.txt: Permission denied" in answer.err

    def test_a_headline_longer_than_any_name_is_a_headline(self, ask: Ask) -> None:
        answer = ask("rules", "explain", f"{RELEASE}, " + "and so on " * 1000)
        assert "pow-release matches" in answer.out

    def test_a_long_text_is_read_as_far_as_a_feeds_entry(self, ask: Ask, folder: Path) -> None:
        (folder / "news.txt").write_text(f"{RELEASE}\n" + "On and on. " * 500, "utf-8")
        assert "only the beginning is read" in ask("rules", "explain", "news.txt").out

    @pytest.mark.parametrize(
        ("words", "status", "told"),
        [
            (["none.txt"], 2, "There is no file none.txt"),
            (["/nowhere/at/all"], 2, "There is no file /nowhere/at/all"),
            (["."], 2, ". is a folder"),
            (["latin.txt"], 1, "latin.txt is not a text in UTF-8"),
            (["large.txt"], 1, "large.txt holds more than 1 MB"),
            (["empty.txt"], 2, "There is no text to explain"),
            ([""], 2, "There is no text to explain"),
            (["  "], 2, "There is no text to explain"),
            (["x", "--rule", "pow-relase"], 2, "There is no rule 'pow-relase'. Did you mean pow-release?"),
            (["x", "--rule", "escalation-incursions"], 2, "is an escalation rule: it looks at events, not at texts"),
            (["x", "--language", "de"], 2, "'de' is no language of the rules. Known are: en, ru, hy, az, tr."),
            (["x", "--side", "north"], 2, "'north' is no side. Known are: am, az"),
            (["x", "--db", "none.db", "--rules", "nowhere"], 1, "there is no such folder or file of rules"),
            (["https://kura.example/1", "--db", "none.db"], 1, "There is no database at"),
        ],
    )
    def test_what_cannot_be_explained_is_said(
        self, ask: Ask, folder: Path, words: list[str], status: int, told: str
    ) -> None:
        (folder / "latin.txt").write_bytes("Plünderung".encode("latin-1"))
        (folder / "large.txt").write_bytes(b"x" * 1_000_001)
        (folder / "empty.txt").write_bytes(b"\n\n")
        answer = ask("rules", "explain", *words)
        assert answer.status == status
        assert told in answer.err
        assert answer.out == ""


class TestJson:
    def test_one_object_with_stable_keys(self, ask: Ask) -> None:
        told = json.loads(ask("rules", "explain", RELEASE, "--format", "json").out)
        assert list(told) == [
            "title", "lead", "language", "language_guessed", "side", "url", "published", "matching", "rules",
        ]  # fmt: skip
        assert told["matching"] == ["pow-release"]
        rule = told["rules"][0]
        assert list(rule) == [
            "rule", "title", "version", "level", "status", "matches", "stance", "in_title", "condition", "held_by",
            "lacks", "nearest", "missing", "touched", "clauses", "guard", "guards_silenced", "guards_lifted", "facts",
            "numbers",
        ]  # fmt: skip
        assert rule["facts"] == {"numbers": {"count": 10}, "actors": {}, "places": []}

    def test_spans_index_the_text(self, ask: Ask) -> None:
        told = json.loads(
            ask("rules", "explain", "Ադրբեջանը Հայաստանին է հանձնել տասը ռազմագերի", "--format", "json").out
        )
        spans = [span for clause in told["rules"][0]["clauses"] for span in clause["spans"]]
        assert spans
        for span in spans:
            assert list(span) == ["part", "start", "end", "text", "term", "group", "where", "weak"]
            assert told["title"][span["start"] : span["end"]] == span["text"]

    def test_why_a_clause_does_not_hold_is_told_in_figures_and_in_words(self, ask: Ask) -> None:
        title = "Soldiers whom for a long time nobody at all had seen anywhere near were released by Baku"
        told = json.loads(ask("rules", "explain", title, "--rule", "pow-release", "--format", "json").out)
        clause = next(each for each in told["rules"][0]["clauses"] if each["clause"] == "freed-soldiers")
        (reason,) = clause["reasons"]
        assert (reason["kind"], reason["distance"], reason["allowed"]) == ("distance", 14, 8)
        assert reason["text"].startswith("captives.soldiers .. handing-over.freed: distance 14, allowed 8")


class TestTerms:
    def test_a_stem_is_told_with_its_forms(self, ask: Ask) -> None:
        answer = ask("rules", "explain", "captive~", "--language", "en")
        assert answer.out.startswith("captive~ in English\n  captive~: captive, captives, captived, captiving")

    def test_a_wildcard_is_told_with_the_common_words_that_it_takes(self, ask: Ask) -> None:
        answer = ask("rules", "explain", "плен*")
        assert answer.out.startswith("плен* in Russian\n  плен*: any word that begins so;")
        assert "пленарн" in answer.out
        assert "not:" in answer.out

    def test_a_plain_word_is_a_term_when_it_is_said(self, ask: Ask) -> None:
        assert "captive: that word" in ask("rules", "explain", "captive", "--term", "--language", "en").out

    def test_a_phrase_is_told_word_by_word(self, ask: Ask) -> None:
        answer = ask("rules", "explain", "hand~ over", "--language", "en")
        assert "a phrase, these words in a row" in answer.out
        assert "  over: that word" in answer.out

    def test_as_json(self, ask: Ask) -> None:
        (told,) = json.loads(ask("rules", "explain", "captive~", "--language", "en", "--format", "json").out)
        assert (told["term"], told["language"], told["words"][0]["kind"]) == ("captive~", "en", "stem")
        assert "captives" in told["words"][0]["forms"]

    @pytest.mark.parametrize("term", ["c*aptive~", "~~", "-*", "a*"])
    def test_what_is_no_term_is_said(self, ask: Ask, term: str) -> None:
        answer = ask("rules", "explain", "--term", "--", term)
        assert answer.status == 2
        assert "is no term" in answer.err


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with feed_server() as running:
        yield running


async def fetched(folder: Path, *words: str) -> Answer:
    """`borderwatch rules explain WORDS`, as a process beside the server."""
    return await asyncio.to_thread(typed, "rules", "explain", *words, folder=folder, settings=LOOPBACK)


class TestAddresses:
    def test_a_stored_article_is_explained_as_it_was_read(self, ask: Ask, log: Database) -> None:
        article = Article(
            "https://kura.example/1", RELEASE, "", "en", WHEN, Source("Kura Wire", "Kura", "az"), keys=("1",)
        )
        with log.write() as session:
            add_article(session, article, feed=None, fetched=WHEN, backlog=False)
        answer = ask("rules", "explain", "https://kura.example/1")
        assert "Language: English (given); source: az; stored; Kura Wire, 2021-12-04 15:10 UTC" in answer.out
        assert "pow-release matches" in answer.out

    async def test_a_page_is_explained_by_its_title_and_description(self, folder: Path, server: FeedServer) -> None:
        url = server.serve("/news", Reply(PAGE.encode(), headers={"content-type": "text/html; charset=utf-8"}))
        answer = await fetched(folder, url)
        assert answer.status == 0
        assert answer.out.splitlines()[1] == "Lead   They are > well & [home]."
        assert "a page, fetched now" in answer.out
        assert "pow-release matches" in answer.out

    async def test_of_a_feed_the_newest_entry_is_explained(self, folder: Path, server: FeedServer) -> None:
        answer = await fetched(folder, server.serve("/feed", RSS.encode()))
        assert "a feed of 2 entries, of which this is the newest: https://kura.example/1" in answer.out
        assert "pow-release matches" in answer.out

    async def test_what_cannot_be_fetched_is_said(self, folder: Path, server: FeedServer) -> None:
        answer = await fetched(folder, server.url + "/nowhere")
        assert answer.status == 1
        assert "cannot be fetched: the server answers 404" in answer.err

    async def test_what_is_neither_feed_nor_page_is_said(self, folder: Path, server: FeedServer) -> None:
        answer = await fetched(folder, server.serve("/x", b"\x00\x01"))
        assert answer.status == 1
        assert "is neither a feed nor a page with a title" in answer.err

    async def test_a_feed_without_entries_is_said(self, folder: Path, server: FeedServer) -> None:
        empty = b"<rss version='2.0'><channel><title>x</title></channel></rss>"
        answer = await fetched(folder, server.serve("/empty", empty))
        assert answer.status == 1
        assert "is a feed without entries" in answer.err

    def test_an_address_in_the_private_network_is_refused(self, ask: Ask) -> None:
        answer = ask("rules", "explain", "http://127.0.0.1:9/x")
        assert answer.status == 1
        assert "cannot be fetched" in answer.err

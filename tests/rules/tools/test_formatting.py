"""`rules fmt`: one layout for all files; comments and content stay, and a second time changes nothing."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest

from rules.rulebook import library
from rules.tools.formatting import formatted

LIBRARY = sorted(library().rglob("*.yaml"))


def laid(text: str) -> str:
    """The text laid out; it must be good, and stay as it is when it is laid out again."""
    got = formatted("a.yaml", dedent(text).lstrip("\n").encode())
    assert got.text is not None, got.faults
    assert formatted("a.yaml", got.text.encode()).text == got.text
    return got.text


def same(text: str) -> None:
    """The text is as it should be."""
    assert laid(text) == dedent(text).lstrip("\n")


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.name)
def test_every_file_of_the_library_says_the_same_afterwards_and_is_stable(path: Path) -> None:
    once = formatted(str(path), path.read_bytes())
    assert once.text is not None
    again = formatted(str(path), once.text.encode())
    assert (again.text, again.changes) == (once.text, False)
    assert not re.search(r"[ \t]$", once.text, re.MULTILINE)
    assert max(len(line) for line in once.text.splitlines() if "#" not in line) <= 120


def test_a_rule_that_is_laid_out_well_stays_as_it_is() -> None:
    same(
        """
        # A file begins with what it is about.

        id: a-rule
        title: A rule
        status: experimental           # experimental, test, stable, deprecated
        meaning: >-
          What is watched for, in a sentence that is too long for the line on which its key stands, so that it is
          folded.
        falsepositives:
          - one thing
          - and another
        uses: [actors, places]

        terms:
          freed:                       # somebody does it
            en: [freed, release~]
            not: {en: [release~ report~]}
          # Who it is about.
          captives: {en: [captive~]}

        clauses:
          freed: {near: [captives, freed], within: sentence}
        condition: freed

        extract:
          count: {number near: captives, within: 6 words}
        event: {open for: 72h}

        examples:
          match:
            - {en: Ten captives freed, facts: {count: 10}}
            - en: Ten captives freed
              lead: A long lead.
          no match:
            - {en: "Ten hostages freed, Baku says", why: freed}
        # The end.
        """
    )


def test_keys_stand_in_the_order_of_the_docs_with_their_comments() -> None:
    got = laid(
        """
        # Of the file.

        # Of the title.
        title: A
        condition: a
        # Of the id.
        id: a
        clauses: {a: {within: sentence, near: [x, y]}}
        """
    )
    assert got == dedent(
        """\
        # Of the file.

        # Of the id.
        id: a
        # Of the title.
        title: A

        clauses:
          a: {near: [x, y], within: sentence}
        condition: a
        """
    )


def test_the_head_of_a_file_is_what_a_blank_line_parts_from_its_first_key() -> None:
    assert laid("# Draft.\n\ntitle: A\nid: a\n") == "# Draft.\n\nid: a\ntitle: A\n"
    assert laid("# It is short.\ntitle: A\nid: a\n") == "id: a\n# It is short.\ntitle: A\n"


def test_the_line_that_names_a_schema_to_editors_stays_at_the_head() -> None:
    modeline = "# yaml-language-server: $schema=x"
    assert laid(f"{modeline}\ntitle: A\nid: a\n") == f"{modeline}\nid: a\ntitle: A\n"
    assert laid(f"{modeline}\n# Short.\ntitle: A\nid: a\n") == f"{modeline}\nid: a\n# Short.\ntitle: A\n"
    assert laid(f"{modeline}\n\n# Short.\ntitle: A\nid: a\n") == f"{modeline}\n\nid: a\n# Short.\ntitle: A\n"


def test_blank_lines_part_what_the_library_parts() -> None:
    got = laid("id: a\ncondition: a\nextract:\n  n: {actors of: b}\nevent: {open for: 48h}\nexamples: {}\n")
    assert got == "id: a\ncondition: a\n\nextract:\n  n: {actors of: b}\nevent: {open for: 48h}\n\nexamples: {}\n"


def test_an_unknown_key_leaves_the_order_alone() -> None:
    same(
        """
        title: A
        ids: a
        id: a
        """
    )


def test_terms_stand_in_brackets_and_are_wrapped_in_line() -> None:
    words = [f"word-number-{number}" for number in range(12)]
    got = laid("id: a\nterms:\n  a:\n    en:\n" + "".join(f"    - {word}\n" for word in words))
    first, second = got.splitlines()[4:]
    assert first.startswith("    en: [word-number-0, word-number-1, ")
    assert len(first) <= 120
    assert second.startswith("         word-number-")


def test_the_lines_of_a_list_stay_where_they_are_long_enough() -> None:
    line = ", ".join(["a" * 10] * 7)
    same(f"id: a\n\nterms:\n  a:\n    en: [{line},\n         {line},\n         b]\n")
    assert laid("id: a\n\nterms:\n  a:\n    en: [a,\n         b]\n").endswith("    en: [a, b]\n")


def test_a_list_with_comments_keeps_its_lines() -> None:
    same(
        """
        id: a

        terms:
          a:
            en:
              # The first.
              - one                    # why
              - two
              # None after it.
            ru: [один,                 # почему
                 два]
        """
    )


def test_a_clause_is_wrapped_within_its_brackets() -> None:
    names = ", ".join(f"list.a-rather-long-name-{number}" for number in range(3))
    got = laid(f"id: a\nclauses:\n  long: {{near: [[{names}], [{names}]], within: sentence}}\n")
    assert got.splitlines()[3:] == [
        f"  long: {{near: [[{names}],",
        f"                [{names}]],",
        "         within: sentence}",
    ]


def test_what_says_little_stands_in_brackets() -> None:
    got = laid(
        "id: a\nextract: {n: {number near: a, within: 6 words}}\nevent:\n  open for: 48h\n  countries:\n  - AM\n"
    )
    assert got == dedent(
        """\
        id: a

        extract:
          n: {number near: a, within: 6 words}
        event: {open for: 48h, countries: [AM]}
        """
    )


def test_dated_terms_stand_among_the_others() -> None:
    same(
        """
        id: a

        terms:
          land: {en: [{term: Artsakh, until: 2023-09-20}, Karabakh]}
        """
    )


def test_events_of_an_escalation_are_wrapped_within_their_braces() -> None:
    days = ", ".join(f"2021-10-{day:02}" for day in range(1, 11))
    got = laid(f"id: a\nexamples:\n  match:\n  - events: [{{province: Tavush, border-clash: [{days}]}}]\n")
    assert got.splitlines()[3:] == [
        "  match:",
        "    - events:",
        "        - {province: Tavush,",
        f"           border-clash: [{days[: days.index(' 2021-10-08')]}",
        "                          2021-10-08, 2021-10-09, 2021-10-10]}",
    ]


def test_an_example_too_long_for_a_line_stands_on_several() -> None:
    text = "A title " * 10
    got = laid(f'id: a\nexamples:\n  match: [{{en: "{text}", lead: "{text}", facts: {{count: 1}}}}]\n')
    assert [line.strip()[:8] for line in got.splitlines()[4:]] == ['- en: "A', 'lead: "A', "facts: {"]


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("'hand~ over'", "hand~ over"),
        ("'no'", "no"),
        ("'12:30'", "12:30"),
        ("'a: b'", '"a: b"'),
        ("'a #b'", '"a #b"'),
        ("'*'", '"*"'),
        ("'say \"no\"'", 'say "no"'),
        ("'\"no\"'", "'\"no\"'"),
        ("'\"it''s\"'", '"\\"it\'s\\""'),
        ("'@x'", '"@x"'),
        ("''", '""'),
        ('"a\\tb"', '"a\\tb"'),
        ("'\\bword: '", "'\\bword: '"),
        ("' a'", '" a"'),
        ("\n  two\n  lines", "two lines"),
        ("|-\n  two\n  lines", "|-\n  two\n  lines"),
        (">\n  with an end", ">\n  with an end"),
        ('"two\\n\\n"', '"two\\n\\n"'),
        ("-5", "-5"),
        ("'- a'", '"- a"'),
    ],
)
def test_quotes_stand_where_they_are_needed(written: str, wanted: str) -> None:
    assert laid(f"title: {written}\n") == f"title: {wanted}\n"


@pytest.mark.parametrize("text", ["a, b", "a?", "[a]", "a:", "{", "a:b,", "?a"])
def test_more_must_be_quoted_within_brackets(text: str) -> None:
    assert laid(f"id: a\nuses: ['{text}']\n") == f'id: a\nuses: ["{text}"]\n'


def test_folded_text_keeps_its_lines_unless_one_is_too_long() -> None:
    same("meaning: >-\n  One thing.\n  Another thing.\n")
    got = laid("meaning: >-\n  One thing.\n  " + "word " * 40 + "end.\n")
    assert all(len(line) <= 120 for line in got.splitlines())
    assert got.startswith("meaning: >-\n  One thing. word")
    assert laid(f"meaning: >-\n  One.  \n  {'word ' * 40}end.\n").startswith("meaning: >-\n  One.   word")
    assert laid("meaning: >-\n  One thing.\n") == "meaning: One thing.\n"


def test_blank_lines_are_one_at_most() -> None:
    assert laid("\n\nid: a\n\n\n\ntitle: b\n\n\n") == "id: a\n\ntitle: b\n"


def test_comments_in_odd_places_are_kept() -> None:
    got = laid(
        """
        --- # first
        id: # of the id
          a
        meaning: >-   # of the meaning
          One thing, which is told at such length that it cannot stand on the line on which its key stands, but below.
        uses: [ # of the list
          a # of a
          , b
          # of the end
        ]
        examples:
        - # of the item
          en: x
        # of the next
        event: {open for: # between
          72h}
        """
    )
    for what in ("first", "the id", "the meaning", "the list", "a", "the end", "the item", "the next"):
        assert len(re.findall(rf"# (?:of )?{what}$", got, re.MULTILINE)) == 1
    assert got.count("# between") == 1


def test_line_ends_of_windows_and_a_byte_order_mark_are_told() -> None:
    got = formatted("a.yaml", b"\xef\xbb\xbfid: a\r\ntitle: b\r\n")
    assert got.text == "id: a\ntitle: b\n"
    assert got.saved == ("with a byte order mark", "with the line ends of Windows")
    assert got.changes


@pytest.mark.parametrize("text", ["id: [a", "id: a\nid: b", "id: &x a", "", "# nothing", "- a", "id: a\n---\nid: b"])
def test_a_file_that_cannot_be_read_is_left_alone_with_its_faults(text: str) -> None:
    got = formatted("a.yaml", text.encode())
    assert got.text is None
    assert got.faults
    assert not got.changes


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"id: \xe9", b"id: a\0", b"PK\x03\x04"])
def test_bytes_that_are_no_text_are_faults(data: bytes) -> None:
    assert formatted("a.yaml", data).faults

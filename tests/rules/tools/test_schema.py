"""The JSON Schema: what editors complete from takes every good file and shows the common mistakes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from rules.rulebook import Rulebook, library, load_rulebook
from rules.tools import keys
from rules.tools.schema import list_schema, rule_schema
from tests.commandline import typed


@pytest.fixture(scope="module")
def shipped() -> Rulebook:
    return load_rulebook(library())


def wrong(schema: dict[str, Any], text: str) -> list[str]:
    return [str(error.message) for error in Draft202012Validator(schema).iter_errors(as_an_editor_reads(text))]


def as_an_editor_reads(text: str) -> object:
    """YAML with numbers and booleans; a moment becomes text, as in JSON."""
    return json.loads(json.dumps(yaml.safe_load(text), default=str))


def test_the_schemas_are_schemas(shipped: Rulebook) -> None:
    for schema in (rule_schema(shipped), list_schema()):
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("path", sorted(library().glob("*.yaml")), ids=lambda path: path.name)
def test_every_shipped_rule_is_valid(shipped: Rulebook, path: Path) -> None:
    assert wrong(rule_schema(shipped), path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", sorted(library().glob("lists/*.yaml")), ids=lambda path: path.name)
def test_every_shipped_list_is_valid(path: Path) -> None:
    assert wrong(list_schema(), path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("level: high", "level: hihg"),
        ("status: stable", "status: final"),
        ("meaning:", "meanig:"),
        ("uses: [actors", "uses: [acters"),
        ("within: sentence", "within: paragraph"),
        ("  match:", "  matches:"),
        ("region: {any:", "region: {some:"),
        ("    hy: [", "    arm: ["),
        ("captives.captives", "captives.nobody"),
        ("open for: 72h", "open for: 72"),
        ("    - {en: ", "    - {tr: Ankara, en: "),
    ],
)
def test_a_common_mistake_is_shown(shipped: Rulebook, before: str, after: str) -> None:
    text = (library() / "pow-release.yaml").read_text("utf-8")
    assert before in text
    assert wrong(rule_schema(shipped), text.replace(before, after, 1))


def test_it_knows_the_names_of_lists_guards_and_parts(shipped: Rulebook) -> None:
    schema = rule_schema(shipped)
    assert "captives" in schema["properties"]["uses"]["items"]["enum"]
    assert "denial" in schema["properties"]["lifts"]["items"]["enum"]
    clause = schema["properties"]["clauses"]["additionalProperties"]["properties"]["any"]
    proposed = clause["items"]["anyOf"][0]["anyOf"][0]["enum"]
    assert {"places", "captives.soldiers", "source.am", "actors.leaders"} <= set(proposed)


def test_every_key_of_a_rule_is_described(shipped: Rulebook) -> None:
    assert rule_schema(shipped)["properties"].keys() == keys.RULE.keys()
    assert all("description" in field for field in rule_schema(shipped)["properties"].values())


def test_it_is_written_where_editors_look(tmp_path: Path) -> None:
    (tmp_path / "my-rules" / ".vscode").mkdir(parents=True)
    settings = tmp_path / "my-rules" / ".vscode" / "settings.json"
    settings.write_text('{"editor.fontSize": 14, "yaml.schemas": {"other.json": "x.yaml"}}')
    done = typed("rules", "schema", folder=tmp_path)
    assert done.status == 0, done.err
    kept = json.loads(settings.read_text())
    assert kept["editor.fontSize"] == 14
    assert set(kept["yaml.schemas"]) == {
        "other.json", "./.borderwatch/rule.schema.json", "./.borderwatch/list.schema.json",
    }  # fmt: skip
    assert json.loads((tmp_path / "my-rules" / ".borderwatch" / "rule.schema.json").read_text())["properties"]


def test_settings_with_comments_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "my-rules" / ".vscode").mkdir(parents=True)
    settings = tmp_path / "my-rules" / ".vscode" / "settings.json"
    settings.write_text("{ // mine\n}")
    done = typed("rules", "schema", "--in", "my-rules", folder=tmp_path)
    assert done.status == 0
    assert "Add to it" in done.err
    assert settings.read_text() == "{ // mine\n}"


def test_it_can_be_printed_and_a_missing_folder_is_told(tmp_path: Path) -> None:
    assert json.loads(typed("rules", "schema", "--print", folder=tmp_path).out)["title"] == "A rule of borderwatch"
    assert typed("rules", "schema", folder=tmp_path).status == 1
    assert "rules new" in typed("rules", "schema", "--in", "nowhere", folder=tmp_path).err

"""An evaluation as one JSON object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import typer

from rules.tools.evaluate import Evaluation
from rules.tools.scores import Score


def show_json(found: Evaluation, errors: int) -> None:
    """Print the figures, and at most so many `errors` of each kind; with 0 no titles, ids and terms."""
    typer.echo(json.dumps(evaluation_json(found, errors), ensure_ascii=False, indent=1))


def evaluation_json(found: Evaluation, errors: int) -> dict[str, Any]:
    """The evaluation; shares are numbers from 0 to 1, null where there is nothing to share."""
    told: dict[str, Any] = {
        "items": found.items,
        "indicators": _scores(found.rules),
        "micro": _score(found.micro),
        "macro": asdict(found.macro) if found.macro else None,
        "languages": _scores(found.languages),
        "kinds": {kind: {"items": found.items_of[kind], **score} for kind, score in _scores(found.kinds).items()},
        "doubtful": {"items": found.doubtful_items, **_score(found.doubtful)},
        "labels_without_rule": dict(found.without_rule),
        "rules_without_label": list(found.without_labels),
        "unlabelled": _unlabelled(found),
    }
    if errors:
        told["worst_terms"] = [asdict(term) for term in found.worst[:errors]]
        told["missed"] = [asdict(each) for each in found.mistakes if each.missed][:errors]
        told["false"] = [asdict(each) for each in found.mistakes if not each.missed][:errors]
        told["unlabelled_alerts"] = [asdict(alert) for alert in found.alerts[:errors]]
    return told


def _scores(scores: Mapping[str, Score]) -> dict[str, dict[str, Any]]:
    return {name: _score(score) for name, score in scores.items()}


def _score(score: Score) -> dict[str, Any]:
    return {
        **asdict(score),
        "precision": score.precision,
        "precision_interval": score.precision_interval,
        "recall": score.recall,
        "recall_interval": score.recall_interval,
        "f1": score.f1,
    }


def _unlabelled(found: Evaluation) -> dict[str, Any]:
    return {"items": found.unlabelled, "alerted": found.alerted, "per_10000": found.per_10_000(found.alerted)}

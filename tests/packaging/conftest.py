"""A small machine for each test of `run`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.project import Project, make_project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A project on a machine without any Python. What it started and left running is ended."""
    project = make_project(tmp_path)
    yield project
    project.close()

"""What a checkpoint says of the source that it was made with."""

import subprocess
from pathlib import Path

import pytest

from vla_humanoid.tasks.language import words
from vla_humanoid.training import source


def test_the_revision_is_that_of_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "_ROOT", tmp_path)
    assert source.revision() == ""
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run([*git, "init", "--quiet"], check=True)
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "-m", "first"], check=True)
    subprocess.run([*git, "tag", "-a", "v3", "-m", "third"], check=True)
    assert source.revision() == "v3"


def test_the_grammar_follows_from_what_may_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = source.grammar(["PickPlace"])
    assert ours == source.grammar(["PickPlace", "imported"]) != source.grammar(["PressButton"])
    fewer = {shape: names[:1] for shape, names in words.OBJECT_NOUNS.items()}
    monkeypatch.setattr(source, "OBJECT_NOUNS", fewer)
    assert source.grammar(["PickPlace"]) != ours

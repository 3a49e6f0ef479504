"""Every sentence of the API's that requires something has a row or a reason, and a newer model names what is new."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from cdk_inference.facts import FOLDER, table
from cdk_inference.requirements import requirements
from cdk_inference.requirements.requirement import BOTOCORE
from scripts.refresh import __main__ as command
from scripts.refresh import requirements as source

COMMITTED = (FOLDER / "requirements.csv").read_text(encoding="utf-8")


def test_every_sentence_has_a_rule_or_a_reason() -> None:
    known = {one.id for one in requirements()}
    for row in table("requirements").rows():
        rules = row["rule"].split()
        assert set(rules) <= known, row
        assert bool(rules) != (row["reason"] in source.REASONS), row


def test_every_reason_is_in_use() -> None:
    assert {row["reason"] for row in table("requirements").rows()} - {""} == set(source.REASONS)


def test_rows_name_the_models_that_the_table_was_made_of() -> None:
    assert table("requirements").header["version"] == f"botocore {BOTOCORE}"


def test_sentences_are_split_without_their_tags() -> None:
    text = "<p>Use <code>A</code>. Required when <code>B</code> is set.</p><ul><li><p>One &amp; two</p></li></ul>"
    assert list(source.sentences(text)) == ["Use A.", "Required when B is set.", "One & two"]


@pytest.fixture
def doctored(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Shapes of a newer botocore's SageMaker that a test changes; all others are as installed."""
    models = source.models()
    sagemaker = models["sagemaker"]
    changed = {
        name: copy.deepcopy(sagemaker["shapes"][name]) for name in ("ProductionVariant", "PrefixAwareRoutingConfig")
    }
    newer = {**models, "sagemaker": {**sagemaker, "shapes": {**sagemaker["shapes"], **changed}}}
    monkeypatch.setattr(source, "models", lambda: newer)
    return changed


def test_a_new_sentence_is_named(doctored: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    doctored["ProductionVariant"]["members"]["EnableSSMAccess"]["documentation"] += (
        "<p>You can set this only when <code>NetworkIsolation</code> is off.</p>"
    )
    assert command.main(["--check", "requirements"]) == 1
    out = capsys.readouterr().out
    new = '  not decided: sagemaker ProductionVariant.EnableSSMAccess: "You can set this only when NetworkIsolation is off."'
    assert new in out.splitlines()
    assert out.endswith("1 changed\nout of date; run: make refresh\n")


def test_a_changed_sentence_is_named_with_the_row_that_rests_on_it(doctored: dict[str, Any]) -> None:
    member = doctored["PrefixAwareRoutingConfig"]["members"]["PrefixLength"]
    old = "Required when <code>RoutingStrategy</code> is <code>PREFIX_AWARE</code>."
    assert old in member["documentation"]
    member["documentation"] = member["documentation"].replace(old, "Required for every <code>RoutingStrategy</code>.")
    found = source.fresh().difference("requirements", COMMITTED)
    place = "sagemaker PrefixAwareRoutingConfig"
    assert [line for line in found if line.startswith(("  -", "  not", "  prefix"))] == [
        f"  - {place} PrefixLength {source.digest('Required when RoutingStrategy is PREFIX_AWARE.')}: "
        "begins Required when RoutingStrategy is PREFIX_AWARE., rule prefix-length",
        f'  not decided: {place}.PrefixLength: "Required for every RoutingStrategy."',
        "  prefix-length has no sentence: its words are not where the row locates them",
    ]


def test_a_written_sentence_that_nobody_decided_still_fails(doctored: dict[str, Any]) -> None:
    doctored["ProductionVariant"]["members"]["ModelName"]["documentation"] += "<p>It must be short.</p>"
    written = source.fresh()
    assert written.difference("requirements", written.text("requirements")) == [
        '  not decided: sagemaker ProductionVariant.ModelName: "It must be short."'
    ]

"""Whether answers agree: equal texts, cosines of embeddings, and a command of the user's own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from cdk_inference.cli.compare import _scorer
from cdk_inference.core.errors import CommandError
from cdk_inference.core.unknown import Unknown
from cdk_inference.proof.agreement import Agreed, agreement, answers_by_prompt, holds
from cdk_inference.proof.claim import Agreement
from cdk_inference.proof.request import Request
from tests.each import each

PROMPTS = [str(number) for number in range(100)]


def agreed(by: str, first: object, second: object) -> Agreed:
    found = agreement(by, {one: json.dumps(first) for one in PROMPTS}, {one: json.dumps(second) for one in PROMPTS})
    assert isinstance(found, Agreed)
    return found


def test_the_cosine_of_embeddings() -> None:
    # (1, 0) and (1, 1): cos 45 degrees.
    assert agreed("cosine", [1, 0], [1, 1]).interval.estimate == pytest.approx(2**-0.5)
    assert agreed("cosine", [1, 2], [2, 4]).interval.estimate == pytest.approx(1.0)


@each("answer", ["text", [1], [0, 0], {"a": 1}])
def test_other_answers_have_no_cosine(answer: object) -> None:
    found = agreement("cosine", dict.fromkeys(PROMPTS, json.dumps(answer)), dict.fromkeys(PROMPTS, "[1, 0]"))
    assert isinstance(found, Unknown)


def test_equal_answers_are_a_share_with_an_interval() -> None:
    other = {one: "same" if int(one) < 90 else "other" for one in PROMPTS}
    found = agreement("exact", dict.fromkeys(PROMPTS, "same"), other)
    assert isinstance(found, Agreed)
    # Wilson's interval of 90 in 100, as in the NIST handbook's formula: 0.8256 to 0.9448.
    assert (found.interval.low, found.interval.high) == pytest.approx((0.8256, 0.9448), abs=1e-4)
    limits = [holds(found, Agreement(by="exact", at_least=limit)) for limit in (0.8, 0.95, 0.9)]
    assert limits[:2] == [True, False]
    assert isinstance(limits[2], Unknown)


def test_too_few_answers_are_unknown() -> None:
    few = dict.fromkeys(PROMPTS[:9], "same")
    assert agreement("exact", few, few) == Unknown("answers to 9 common prompts were kept; 10 are needed")


def test_a_prompt_counts_once_and_failures_do_not() -> None:
    requests = [
        Request(step=0, sent=0, status="error", prompt="p", answer="no"),
        Request(step=0, sent=1, status="ok", prompt="p", answer="first"),
        Request(step=0, sent=2, status="ok", prompt="p", answer="second"),
    ]
    assert answers_by_prompt(requests) == {"p": "first"}


def test_the_users_scorer_reads_json_and_prints_numbers(tmp_path: Path) -> None:
    script = tmp_path / "scorer.py"
    script.write_text(
        "import json, sys\n"
        "for line in sys.stdin:\n"
        "    both = json.loads(line)\n"
        "    print(1.0 if both['candidate'] == both['baseline'] else 0.5)\n"
    )
    scorer = _scorer(f"{sys.executable} {script}")
    found = agreement("scorer", dict.fromkeys(PROMPTS, "a\nb"), dict.fromkeys(PROMPTS, "other"), scorer)
    assert isinstance(found, Agreed)
    assert found.interval.estimate == 0.5
    with pytest.raises(CommandError, match="printed 0 numbers for 1 answers"):
        _scorer("true")([("p", "a", "b")])
    with pytest.raises(CommandError, match="failed"):
        _scorer("false")([("p", "a", "b")])

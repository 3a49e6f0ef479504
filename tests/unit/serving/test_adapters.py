"""LoRA adapters: variables by hand, refusals in whole messages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.serving import Adapters, HuggingFaceModel, Lmi, Vllm
from cdk_inference.serving.presets import PRESETS, AwsServer
from tests.each import each
from tests.refusals import refusal_of
from tests.unit.serving.made_presets import made

BOTH = Adapters(folders={"billing": "adapters/billing", "legal": "adapters/legal"}, max_rank=64, at_once=2)
HUB = HuggingFaceModel(model_id="a/b", revision="v1", size_gb=1)


def refused(kind: type[AwsServer], **changes: Any) -> str:
    return refusal_of(made, kind, **changes)


def test_only_these_presets_have_adapters() -> None:
    assert [preset for preset in PRESETS if "adapters" in preset.__dataclass_fields__] == [Lmi, Vllm]


def test_variables_of_vllm_by_hand() -> None:
    assert made(Vllm, adapters=BOTH).variables == {
        **made(Vllm).variables,
        "SM_VLLM_ENABLE_LORA": "true",
        "SM_VLLM_LORA_MODULES": (
            '[{"name":"billing","path":"/opt/ml/model/adapters/billing"},'
            '{"name":"legal","path":"/opt/ml/model/adapters/legal"}]'
        ),
        "SM_VLLM_MAX_LORA_RANK": "64",
        "SM_VLLM_MAX_LORAS": "2",
    }


def test_variables_of_lmi_by_hand() -> None:
    assert made(Lmi, adapters=BOTH).variables == {
        **made(Lmi).variables,
        "OPTION_ENABLE_LORA": "true",
        "OPTION_MAX_LORA_RANK": "64",
        "OPTION_MAX_LORAS": "2",
    }


def test_lmi_finds_adapters_by_their_folders_names() -> None:
    adapters = Adapters(folders={"billing": "adapters/billing", "legal": "lora/legal"})
    assert refused(Lmi, adapters=adapters) == (
        "Lmi: adapters.folders: got ['lora/legal']; allowed: adapters/<name> for each name: LMI takes every folder in"
        " adapters/, by the folder's name; fix: move the folders, or use Vllm"
    )


def test_a_variable_holds_1024_characters() -> None:
    many = Adapters(folders={f"adapter-{number:02}": f"adapters/adapter-{number:02}" for number in range(20)})
    assert refused(Vllm, adapters=many) == (
        "Vllm: adapters.folders: got '20 folders, 1301 characters as SM_VLLM_LORA_MODULES'; allowed: up to 1024"
        " characters; fix: shorten names and folders, use fewer adapters, or use Lmi, which takes all in adapters/"
    )
    assert made(Lmi, adapters=many)


@each("kind", [Lmi, Vllm])
def test_adapters_lie_beside_a_model_in_s3(kind: type[AwsServer]) -> None:
    assert refused(kind, adapters=BOTH, model=HUB) == (
        f"{kind.__name__}: adapters: got ['billing', 'legal']; allowed: None: the adapters lie under the model's prefix"
        " in S3, and this model comes from the hub; fix: copy the model into S3, with the adapters in the same folder"
    )


@each("kind", [Lmi, Vllm])
@each("value", ["billing", {"billing": "adapters/billing"}, True])
def test_other_things_are_refused(kind: type[AwsServer], value: Any) -> None:
    assert refused(kind, adapters=value) == (
        f"{kind.__name__}: adapters: got {value!r}; allowed: Adapters or None; fix: adapters=Adapters(folders=...)"
    )


def test_everything_wrong_is_told() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Adapters(folders={"a/b": "x", "c": "../c", "d": "/d/"}, max_rank=24, at_once=0)
    folder = "allowed: a folder under the model's prefix: letters, digits, _, ., - and / between names"
    assert str(caught.value) == (
        "Adapters has 5 problems:\n"
        "  1. folders: got 'a/b'; allowed: names of letters, digits, _, . and -; fix: rename the adapter\n"
        f"  2. folders['c']: got '../c'; {folder}; fix: write it without / at either end\n"
        f"  3. folders['d']: got '/d/'; {folder}; fix: write it without / at either end\n"
        "  4. max_rank: got 24; allowed: 1, 8, 16, 32, 64, 128, 256, 320, 512; fix: choose the next larger one\n"
        "  5. at_once: got 0; allowed: a whole number from 1; fix: give a count of 1 or more"
    )


@each("folders", [{}, None, "adapters", ["a"]])
def test_there_is_at_least_one(folders: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Adapters(folders=folders)
    assert str(caught.value) == (
        f"Adapters: folders: got {folders!r}; allowed: a mapping of names to folders, not empty;"
        ' fix: for example folders={"billing": "adapters/billing"}'
    )


def test_folders_are_a_copy() -> None:
    mine = {"a": "b"}
    adapters = Adapters(folders=mine)
    mine.clear()
    assert adapters.folders == {"a": "b"}
    assert hash(adapters) == hash(Adapters(folders={"a": "b"}))


NAMES = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,8}", fullmatch=True)


@given(st.dictionaries(NAMES, st.lists(NAMES, min_size=1, max_size=3).map("/".join), min_size=1, max_size=5))
def test_vllm_is_told_every_adapter(folders: dict[str, str]) -> None:
    modules = json.loads(made(Vllm, adapters=Adapters(folders=folders)).variables["SM_VLLM_LORA_MODULES"])
    assert {one["name"]: one["path"] for one in modules} == {
        name: f"/opt/ml/model/{folder}" for name, folder in folders.items()
    }

"""LoRA adapters beside a model: several small changes of one model on one endpoint, chosen by the request."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cdk_inference.core.checks import is_token, one_of, whole_number
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.serving.hub import HuggingFaceModel
from cdk_inference.serving.servers import ENVIRONMENT_TEXT_MAX, MODEL_FOLDER

# MaxLoRARanks in https://github.com/vllm-project/vllm/blob/v0.26.0/vllm/config/lora.py (read 2026-11-24)
RANKS = (1, 8, 16, 32, 64, 128, 256, 320, 512)

_NAME = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"


@dataclass(frozen=True, kw_only=True)
class Adapters:
    """LoRA adapters that lie beside the model, in folders under its prefix. Their files count in the model's size_gb.

    folders: name that requests use -> folder under the model's prefix, 1 or more ({"billing": "adapters/billing"}).
    max_rank: the largest rank of the adapters: 1, 8, 16, 32, 64, 128, 256, 320 or 512. Default 16, as vLLM's. Memory
        grows with it.
    at_once: different adapters in one batch, 1 or more. Default 1, as vLLM's. Memory grows with it.

    Raises ConfigurationError.
    """

    folders: Mapping[str, str]
    max_rank: int = 16
    at_once: int = 1

    def __post_init__(self) -> None:
        raise_problems(
            "Adapters",
            *_folder_problems(self.folders),
            one_of("max_rank", self.max_rank, RANKS, "choose the next larger one"),
            whole_number("at_once", self.at_once, 1, None, "give a count of 1 or more"),
        )
        # A copy: what the caller does to the mapping afterwards was not checked.
        object.__setattr__(self, "folders", MappingProxyType(dict(self.folders)))

    def __hash__(self) -> int:
        return hash((tuple(self.folders.items()), self.max_rank, self.at_once))


def adapter_problems(
    adapters: object, model: object, engine_problem: Callable[[Adapters], Problem | None]
) -> list[Problem | None]:
    """What is wrong with a server's `adapters`, given its model and what its engine needs."""
    if adapters is None:
        return []
    if not isinstance(adapters, Adapters):
        return [Problem("adapters", adapters, "Adapters or None", "adapters=Adapters(folders=...)")]
    problems = [engine_problem(adapters)]
    if isinstance(model, HuggingFaceModel):
        allowed = "None: the adapters lie under the model's prefix in S3, and this model comes from the hub"
        fix = "copy the model into S3, with the adapters in the same folder"
        problems.append(Problem("adapters", sorted(adapters.folders), allowed, fix))
    return problems


def vllm_variables(adapters: Adapters) -> dict[str, str]:
    """For AWS's vLLM image; a request names the adapter as its "model".

    SM_VLLM_LORA_MODULES as a JSON array of name and path:
    https://github.com/aws/deep-learning-containers/blob/main/test/vllm/test_sagemaker_args.py (2026-08-19).
    """
    return {
        "SM_VLLM_ENABLE_LORA": "true",
        "SM_VLLM_LORA_MODULES": _modules(adapters),
        "SM_VLLM_MAX_LORA_RANK": str(adapters.max_rank),
        "SM_VLLM_MAX_LORAS": str(adapters.at_once),
    }


def vllm_problem(adapters: Adapters) -> Problem | None:
    """Why AWS's vLLM image cannot be given these adapters."""
    length = len(_modules(adapters))
    if length <= ENVIRONMENT_TEXT_MAX:
        return None
    got = f"{len(adapters.folders)} folders, {length} characters as SM_VLLM_LORA_MODULES"
    return Problem("adapters.folders", got, f"up to {ENVIRONMENT_TEXT_MAX} characters", _FEWER)


def lmi_variables(adapters: Adapters) -> dict[str, str]:
    """For LMI; a request names the adapter as its "adapters".

    https://github.com/deepjavalibrary/djl-serving/blob/master/serving/docs/adapters.md (2026-06-24)
    """
    return {
        "OPTION_ENABLE_LORA": "true",
        "OPTION_MAX_LORA_RANK": str(adapters.max_rank),
        "OPTION_MAX_LORAS": str(adapters.at_once),
    }


def lmi_problem(adapters: Adapters) -> Problem | None:
    """Why LMI cannot find these adapters: it takes every folder in adapters/, by the folder's name."""
    elsewhere = [folder for name, folder in adapters.folders.items() if folder != f"adapters/{name}"]
    if not elsewhere:
        return None
    allowed = "adapters/<name> for each name: LMI takes every folder in adapters/, by the folder's name"
    return Problem("adapters.folders", elsewhere, allowed, "move the folders, or use Vllm")


_FEWER = "shorten names and folders, use fewer adapters, or use Lmi, which takes all in adapters/"


def _modules(adapters: Adapters) -> str:
    modules = [{"name": name, "path": f"{MODEL_FOLDER}/{folder}"} for name, folder in adapters.folders.items()]
    return json.dumps(modules, separators=(",", ":"))


def _folder_problems(folders: object) -> list[Problem | None]:
    fix = 'for example folders={"billing": "adapters/billing"}'
    if not isinstance(folders, Mapping) or not folders:
        return [Problem("folders", folders, "a mapping of names to folders, not empty", fix)]
    problems: list[Problem | None] = []
    for name, folder in folders.items():
        if not _plain(name) or "/" in name:
            problems.append(Problem("folders", name, "names of letters, digits, _, . and -", "rename the adapter"))
        if not _plain(folder):
            allowed = "a folder under the model's prefix: letters, digits, _, ., - and / between names"
            problems.append(Problem(f"folders[{name!r}]", folder, allowed, "write it without / at either end"))
    return problems


def _plain(value: object) -> bool:
    """Names joined by "/", none of them "." or "..". A token is refused: the variable is made of it now."""
    if not isinstance(value, str) or is_token(value):
        return False
    return all(re.fullmatch(_NAME, name) is not None for name in value.split("/"))

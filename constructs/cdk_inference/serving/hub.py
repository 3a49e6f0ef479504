"""A model that the container itself downloads from the Hugging Face hub, and the variables that configure it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cdk_inference.core.checks import is_token, matching
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.serving.hub_token import TokenInEnvironment
from cdk_inference.serving.sizes import size_problem

# What branches are called by habit; the name of another branch cannot be distinguished from a tag's.
BRANCHES = ("main", "master", "HEAD")

_NAME = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
_MODEL_ID = rf"{_NAME}(/{_NAME})?"
_REVISION = r"[A-Za-z0-9_][A-Za-z0-9_./-]*"


@dataclass(frozen=True, kw_only=True)
class HuggingFaceModel:
    """A model on the Hugging Face hub. Every instance downloads it when it starts, also when the endpoint scales out.

    So it needs the network, which endpoints do not give by default, and Hugging Face to be there whenever an instance
    starts. A copy in S3 (`S3Model`) needs neither.

    model_id: "meta-llama/Llama-3.1-8B-Instruct".
    revision: the commit (40 hexadecimal digits) or a tag. A branch is refused: what it points to changes, and then
        instances of one endpoint serve different models. A tag can be moved too; a commit cannot.
    size_gb: size of the files that the container downloads, gigabytes (1e9 bytes), above 0. Start-up time-outs and the
        storage volume follow from it.
    token: for a gated or private model. Default: none is sent.

    Raises ConfigurationError.
    """

    model_id: str
    revision: str
    size_gb: float
    token: TokenInEnvironment | None = None

    def __post_init__(self) -> None:
        raise_problems(
            "HuggingFaceModel",
            matching(
                "model_id", self.model_id, _MODEL_ID, '"owner/name" as on the hub', "copy it from the model's page"
            ),
            _revision_problem(self.revision),
            size_problem("size_gb", self.size_gb, "add up the files of the revision, as the hub lists them"),
            None
            if self.token is None or isinstance(self.token, TokenInEnvironment)
            # The value is not repeated: it may be a token.
            else Problem(
                "token",
                type(self.token).__name__,
                "TokenInEnvironment or None: a token in code would be in the template",
                "keep it in Secrets Manager and write token=TokenInEnvironment(secret=...)",
            ),
        )

    @property
    def disk_gb(self) -> float:
        """Room that the files take on the instance, gigabytes."""
        return self.size_gb

    @property
    def title(self) -> str:
        """What messages call it."""
        return f"{self.model_id} from the Hugging Face hub"


@dataclass(frozen=True, kw_only=True)
class HubVariables:
    """Which variables of a container carry a hub model.

    model, revision, token: names of variables.
    source: who says so, with the date.
    """

    model: str
    revision: str
    token: str
    source: str

    def values(self, model: HuggingFaceModel) -> Mapping[str, str]:
        """The variables for `model`."""
        found = {self.model: model.model_id, self.revision: model.revision}
        return found if model.token is None else {**found, self.token: model.token.value}


def _revision_problem(revision: object) -> Problem | None:
    allowed = "a commit (40 hexadecimal digits) or a tag: what a branch points to changes"
    fix = 'copy the commit from the model\'s page, "Files and versions"'
    if not is_token(revision) and revision in BRANCHES:
        return Problem("revision", revision, allowed, fix)
    return matching("revision", revision, _REVISION, allowed, fix)

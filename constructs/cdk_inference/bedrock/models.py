"""What can be called on Bedrock, as values: models, profiles, and own models by ARN."""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass, field
from typing import ClassVar

from cdk_inference.bedrock import table
from cdk_inference.core.checks import as_tuple, instance_of, is_token, matching
from cdk_inference.core.errors import Problem, raise_problems

# Prefixes of cross-region profiles as of the tables' day; others are taken as they are written, with a warning: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
# (read 2026-11-22), and those that ListInferenceProfiles gives (profiles.csv).
PREFIXES = ("us", "eu", "apac", "jp", "au", "ca", "in", "us-gov", table.GLOBAL)

# Of the API's pattern for a model id (botocore 1.44.5, BaseModelIdentifier), without ARNs.
_MODEL_ID = r"[a-z0-9-]{1,63}[.][a-z0-9-]{1,63}([.:][a-z0-9-]{1,63}){0,3}"
_REGION = r"[a-z]{2,4}(-[a-z]+){1,2}-[0-9]"
_ACCOUNT_ARN = r"arn:aws(-[a-z]+)*:bedrock:[a-z0-9-]{{1,20}}:[0-9]{{12}}:{kind}/{name}"

_AN_ID = "an id of letters, digits, hyphens, dots and colons, as amazon.nova-lite-v1:0"
_COPY_ID = "copy it from `aws bedrock list-foundation-models`"


def _prefix(id: str) -> str | None:
    """The geography that a profile's id begins with; one of AWS's to come too, before the id of a known provider."""
    first, dot, rest = id.partition(".")
    provider = rest.partition(".")
    if not dot or not provider[1]:
        return None
    new = provider[0] in table.id_providers() and first not in table.id_providers()
    return first if first in PREFIXES or new else None


@dataclass(frozen=True)
class FoundationModel:
    """A model by its id, called in the stack's own region.

    id: as `aws bedrock list-foundation-models` gives it. One that the table does not know is taken, with a warning.
    on_demand: whether the region answers to the model's id although the table of its day has it through a profile only
        there. Default False: such a model is refused.

    Raises ConfigurationError for a profile's id, or for what is no id at all.
    """

    id: str
    _: KW_ONLY
    on_demand: bool = field(default=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        problem = matching("id", self.id, _MODEL_ID, _AN_ID, _COPY_ID)
        if problem is None and not is_token(self.id) and _prefix(self.id) is not None:
            allowed = "a model's id, without the geography that profiles begin with"
            fix = f'InferenceProfile("{self.id}") for the profile, or FoundationModel("{self.id.partition(".")[2]}")'
            problem = Problem("id", self.id, allowed, fix)
        on_demand = instance_of("on_demand", self.on_demand, bool, "True or False", "write True or False")
        raise_problems("FoundationModel", problem, on_demand)

    @property
    def fact(self) -> table.ModelFact | None:
        """What the table knows."""
        return table.models().get(self.id)


@dataclass(frozen=True)
class InferenceProfile:
    """A cross-region profile of AWS's, geographic or global.

    id: as `aws bedrock list-inference-profiles` gives it: "us.", "eu.", "global." and so on before the model's id.
    destinations: the regions that it routes to from the stack's region, where the table does not know them; `aws
        bedrock get-inference-profile` lists them. Default: the table's. A global profile routes to all commercial
        regions and takes none.

    Raises ConfigurationError.
    """

    id: str
    _: KW_ONLY
    destinations: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "destinations", as_tuple(self.destinations))
        problem = matching("id", self.id, rf"[a-z0-9-]{{1,20}}[.]{_MODEL_ID}", _A_PROFILE, _COPY_PROFILE)
        if problem is None and not is_token(self.id) and self.geography in table.id_providers():
            problem = Problem("id", self.id, _A_PROFILE, _COPY_PROFILE)
        if problem is None and is_token(self.id):
            problem = Problem("id", self.id, _A_PROFILE, "write the id itself: what it routes to follows from it")
        raise_problems("InferenceProfile", problem, self._destinations_problem())

    def _destinations_problem(self) -> Problem | None:
        given = self.destinations
        if given is None:
            return None
        if self.is_global:
            return Problem("destinations", given, "none for a global profile", "leave destinations out")
        names = given if isinstance(given, tuple) else ()
        if not names or not all(isinstance(name, str) and re.fullmatch(_REGION, name) for name in names):
            fix = "copy them from `aws bedrock get-inference-profile`: models[].modelArn has one region each"
            return Problem("destinations", given, 'a list of regions, as ("us-east-1", "us-west-2")', fix)
        return None

    @property
    def geography(self) -> str:
        """The prefix of the id."""
        return str(self.id).partition(".")[0]

    @property
    def is_global(self) -> bool:
        """Whether requests may be routed to any commercial region."""
        return self.geography == table.GLOBAL

    @property
    def model(self) -> FoundationModel:
        """The model that it routes to."""
        return FoundationModel(self.id.partition(".")[2])

    def destinations_from(self, region: str | None) -> tuple[str, ...] | None:
        """The regions that a request from `region` may be routed to; None where nobody said."""
        if self.destinations is not None:
            return self.destinations
        fact = table.profiles().get(self.id)
        return None if fact is None or region is None else fact.destinations.get(region)


_A_PROFILE = f"a profile's id, which begins with a geography and a dot; known ones: {', '.join(PREFIXES)}"
_COPY_PROFILE = "copy it from `aws bedrock list-inference-profiles`; for a model in one region: FoundationModel(id)"


@dataclass(frozen=True)
class OwnModel:
    """A model that your account has, by its ARN; of any region, but called in the stack's own.

    arn: as the API gives it.
    metric_id: the value of the dimension ModelId under which CloudWatch has its metrics. No page of AWS's says which it
        is for these models: look with `aws cloudwatch list-metrics --namespace AWS/Bedrock`. Default: not
        known, and no metrics.

    Raises ConfigurationError.
    """

    arn: str
    _: KW_ONLY
    metric_id: str | None = None

    resource: ClassVar[str] = ""
    listed_by: ClassVar[str] = ""

    def __post_init__(self) -> None:
        pattern = _ACCOUNT_ARN.format(kind=self.resource, name="[a-z0-9]{12}")
        allowed = f"an ARN as arn:aws:bedrock:us-east-1:111122223333:{self.resource}/abcdef123456"
        fix = f"copy it from `aws bedrock {self.listed_by}`"
        if ":custom-model/" in str(self.arn):
            fix = (
                "a custom model is called through what it is deployed on: ProvisionedModel or CustomModelDeployment "
                "with that ARN"
            )
        raise_problems(type(self).__name__, matching("arn", self.arn, pattern, allowed, fix))


@dataclass(frozen=True)
class ProvisionedModel(OwnModel):
    """A model with provisioned throughput, `arn:...:provisioned-model/...`. See `OwnModel`."""

    resource = "provisioned-model"
    listed_by = "list-provisioned-model-throughputs"


@dataclass(frozen=True)
class ImportedModel(OwnModel):
    """A custom model that was imported, `arn:...:imported-model/...`. See `OwnModel`."""

    resource = "imported-model"
    listed_by = "list-imported-models"


@dataclass(frozen=True)
class CustomModelDeployment(OwnModel):
    """A custom model deployed on demand, `arn:...:custom-model-deployment/...`. See `OwnModel`."""

    resource = "custom-model-deployment"
    listed_by = "list-custom-model-deployments"


@dataclass(frozen=True)
class ExistingProfile:
    """An application inference profile by its ARN, `arn:...:application-inference-profile/...`.

    arn: as `aws bedrock list-inference-profiles` gives it.
    of: what it was copied from, since permissions need that too: `aws bedrock get-inference-profile` shows it.

    To make one: `ApplicationProfile`. Raises ConfigurationError.
    """

    arn: str
    _: KW_ONLY
    of: FoundationModel | InferenceProfile

    def __post_init__(self) -> None:
        pattern = _ACCOUNT_ARN.format(kind="application-inference-profile", name="[a-zA-Z0-9-:.]{1,64}")
        allowed = "an ARN as arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abcdef123456"
        fix = "copy it from `aws bedrock list-inference-profiles --type APPLICATION`"
        raise_problems("ExistingProfile", matching("arn", self.arn, pattern, allowed, fix), of_problem(self.of))


@dataclass(frozen=True)
class ExistingRouter:
    """A prompt router by its ARN, `arn:...:prompt-router/...` or `default-prompt-router/...`.

    arn: as `aws bedrock list-prompt-routers` gives it.
    models: what it routes between: `aws bedrock get-prompt-router` shows them.

    To make one: `PromptRouter`. Raises ConfigurationError.
    """

    arn: str
    _: KW_ONLY
    models: tuple[FoundationModel | InferenceProfile, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "models", as_tuple(self.models))
        pattern = _ACCOUNT_ARN.format(kind="(default-)?prompt-router", name="[a-zA-Z0-9-:.]{1,128}")
        allowed = "an ARN as arn:aws:bedrock:us-east-1:111122223333:prompt-router/abcdef123456"
        given = self.models if isinstance(self.models, tuple) else ()
        wrong = next((one for one in given if of_problem(one) is not None), None)
        models = None
        if not given or wrong is not None:
            fix = "models=(FoundationModel(...), FoundationModel(...))"
            models = Problem("models", self.models, "a list of FoundationModel or InferenceProfile", fix)
        fix = "copy it from `aws bedrock list-prompt-routers`"
        raise_problems("ExistingRouter", matching("arn", self.arn, pattern, allowed, fix), models)


def models_fix(models: object) -> str:
    """How `models` would be written, with an id that was given as text."""
    listed = models if isinstance(models, (list, tuple)) else [models]
    id = next(
        (one for one in listed if isinstance(one, str) and re.fullmatch(r"[a-z0-9.:-]+[.][a-z0-9.:-]+", one)), None
    )
    if id is None:
        return 'models=[InferenceProfile("us....")]'
    made = "InferenceProfile" if id.partition(".")[0] in PREFIXES else "FoundationModel"
    return f'models=[{made}("{id}")]'


def of_problem(of: object) -> Problem | None:
    """An application profile is copied from a model or a profile of AWS's, never from another application profile."""
    if isinstance(of, (FoundationModel, InferenceProfile)):
        return None
    fix = 'of=InferenceProfile("us....") for several regions, of=FoundationModel("...") for one'
    return Problem("of", of, "a FoundationModel or an InferenceProfile", fix)


Model = FoundationModel | InferenceProfile | OwnModel | ExistingProfile | ExistingRouter

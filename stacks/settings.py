"""What each environment is: typed values, the same ones that the constructs take.

Changing a chip is changing one line here. While an endpoint is autoscaled that takes two deployments:
docs/changing-hardware.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cdk_inference.bedrock import ContentFilter, GuardrailPolicy, InferenceProfile, PiiFilter
from cdk_inference.core.checks import one_of
from cdk_inference.core.errors import raise_problems
from cdk_inference.cost import BurnRate, MonthlyBudget, UnitCost
from cdk_inference.endpoints import InstancePools
from cdk_inference.fit import PUBLISHED, Workload
from cdk_inference.health import HealthLimits
from cdk_inference.kit.log_groups import LogRetentionDays
from cdk_inference.rollout import Canary, Rollout
from cdk_inference.scaling import Scaling, TargetConcurrency, TargetInvocations
from cdk_inference.serving import Compiled, HuggingFaceNeuron, ImageException, Lmi, S3Model, Server, VllmNeuron

_NO_LATENCY_LIMIT = HealthLimits()


@dataclass(frozen=True, kw_only=True)
class EndpointSettings:
    """One endpoint of the fleet. Its model's bucket is added by the stack; no rollout is the construct's default.

    unit_cost: what its requests may cost each before someone is told. Default: nobody is.
    health: the limits of its health alarms. Default: no limit of latency.
    """

    server: Server
    hardware: str | InstancePools
    scaling: Scaling
    rollout: Rollout | None = None
    unit_cost: UnitCost | None = None
    health: HealthLimits = _NO_LATENCY_LIMIT


@dataclass(frozen=True, kw_only=True)
class NetworkSettings:
    """A private network: see `cdk_inference.network.InferenceNetwork`."""

    cidr: str = "10.0.0.0/16"
    zones: int = 2


@dataclass(frozen=True, kw_only=True)
class AccountGuardrail:
    """A guardrail for the whole account and region: see stacks/account.py, and docs/guardrails.md before turning it on.

    policies, tier: see `cdk_inference.bedrock.Guardrail`.
    enforced: whether every call of a model has to pass it. Default False: it is made, and can be granted and tried.
        **With True every role of the account that calls Bedrock and may not apply it is refused**, whoever made it.
    """

    policies: tuple[GuardrailPolicy, ...]
    tier: Literal["CLASSIC", "STANDARD"] = "CLASSIC"
    enforced: bool = False


@dataclass(frozen=True, kw_only=True)
class AccountCosts:
    """What watches the costs of the whole account: see stacks/account_costs.py.

    budget: for everything in the account, whatever its tags.
    billing_alarm_usd: charges of a month from which the billing alarm fires.
    anomaly_usd: US dollars above what was expected, from which a cost anomaly is told.
    notify: e-mail addresses.
    anomaly_monitor_arn: the account's monitor of services. Default: there is none yet, and the stack makes it. AWS has
        made one in many accounts, where this has to name it: `aws ce get-anomaly-monitors`.
    """

    budget: MonthlyBudget
    billing_alarm_usd: float
    anomaly_usd: float
    notify: tuple[str, ...]
    anomaly_monitor_arn: str | None = None


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One environment.

    name: begins every stack's and so every endpoint's name; two environments can share an account.
    region: where everything is.
    endpoints: construct id -> settings.
    tags: on every resource, for cost allocation.
    retention_days, keep_logs: see `cdk_inference.endpoints.Observability`.
    burn_rate: what all endpoints together may cost in an hour before someone is told.
    monthly_budget: what they may cost in a month, under a tag of their own.
    protected: whether CloudFormation refuses to delete the stacks.
    network: the private network that the endpoints run in; None for SageMaker's own, without a VPC. It has interface
        endpoints, which are billed per zone and hour whether used or not: https://aws.amazon.com/privatelink/pricing/
    teams: team -> the model on Amazon Bedrock that it calls, through a profile of its own, with `guardrail` applied.
    teams_budget: what the teams together may cost in a month. Default: no budget.
    guardrail: what is looked for in what teams ask and get; at least one policy where there are teams.
    account_guardrail: a guardrail for everybody in the account and region. Default: none. Only one environment of an
        account and region can enforce one.
    account_costs: what watches the whole account. Default: none. Only one environment of an account can ask for it.
    metering: whether all endpoints of the account and region are metered, those of other environments too: see
        stacks/region.py. Default False. Only one environment of an account and region can have it.
    """

    name: str
    region: str
    endpoints: Mapping[str, EndpointSettings]
    tags: Mapping[str, str]
    retention_days: LogRetentionDays
    keep_logs: bool
    protected: bool
    burn_rate: BurnRate
    monthly_budget: MonthlyBudget
    network: NetworkSettings | None = None
    teams: Mapping[str, InferenceProfile] = field(default_factory=dict)
    teams_budget: MonthlyBudget | None = None
    guardrail: tuple[GuardrailPolicy, ...] = ()
    account_guardrail: AccountGuardrail | None = None
    account_costs: AccountCosts | None = None
    metering: bool = False


# 8.03e9 parameters of 2 bytes (bfloat16): https://huggingface.co/meta-llama/Llama-3.1-8B-Instruct (read 2026-11-23)
LLAMA_8B = S3Model(prefix="llama-3.1-8b-instruct/", size_gb=16.1)
# 0.11e9 parameters, compiled; BERT base: https://huggingface.co/google-bert/bert-base-uncased (read 2026-11-23)
ENCODER = S3Model(prefix="bert-base-neuron/", size_gb=0.5)
ENCODER_COMPILED = Compiled(
    model="google-bert/bert-base-uncased",
    chip="Inferentia2",
    cores=1,
    sequence_length=128,
    batch_size=4,
    sdk_version="2.26.0",
)
# The 8B model again, exported for Neuron once per number of cores.
LLAMA_8B_TWO_CORES = S3Model(prefix="llama-3.1-8b-neuron-tp2/", size_gb=16.1)
LLAMA_8B_32_CORES = S3Model(prefix="llama-3.1-8b-neuron-tp32/", size_gb=16.1)


def llama(context_tokens: int, batch: int) -> Workload:
    """Returns `batch` requests at once of the 8B model, each of up to `context_tokens` tokens."""
    return Workload(
        architecture=PUBLISHED["meta-llama/Llama-3.1-8B"],
        precision="bf16",
        context_tokens=context_tokens,
        batch=batch,
    )


def compiled_llama(*, cores: int, sequence_length: int, batch_size: int) -> Compiled:
    """What one of these exports was made for: the versions are those of the image of `VllmNeuron`."""
    return Compiled(
        model="meta-llama/Llama-3.1-8B-Instruct",
        chip="Trainium",
        cores=cores,
        sequence_length=sequence_length,
        batch_size=batch_size,
        sdk_version="2.26.1",
        optimum_version="0.4.5",
    )


# Here to show how a second and a third chip are chosen; both images get critical fixes only.
NEURON_FOR_NOW = ImageException(
    reason="a compiled encoder on Inf2; the way back is TeiCpu or Tei, tried before this date", until="2027-05-31"
)
TRAINIUM_FOR_NOW = ImageException(
    reason="the example of an LLM on Trainium; Lmi on a GPU serves it too", until="2027-05-31"
)

# What every environment looks for. Customers of Support write their card numbers; no model needs them.
GUARDRAIL: tuple[GuardrailPolicy, ...] = (
    *(ContentFilter(category=one) for one in ("HATE", "INSULTS", "SEXUAL", "VIOLENCE", "MISCONDUCT", "PROMPT_ATTACK")),
    PiiFilter(entities=("CREDIT_DEBIT_CARD_NUMBER", "PASSWORD", "AWS_SECRET_KEY")),
)

DEV = Settings(
    name="inference-dev",
    region="us-east-1",
    endpoints={
        "Chat": EndpointSettings(
            server=Lmi(model=LLAMA_8B, tensor_parallel_degree=1, max_model_len=4096, workload=llama(2048, 4)),
            hardware=InstancePools(types=("ml.g6.2xlarge", "ml.g5.2xlarge")),
            scaling=TargetConcurrency(per_instance=4, max_instances=2),
            # Less than 304 requests an hour on the dearer type, at $1.52.
            unit_cost=UnitCost(usd_per_1000_requests=5),
        ),
        "Encoder": EndpointSettings(
            server=HuggingFaceNeuron(
                model=ENCODER, task="feature-extraction", compilation=ENCODER_COMPILED, image_exception=NEURON_FOR_NOW
            ),
            hardware="ml.inf2.xlarge",
            scaling=TargetInvocations(per_instance_per_minute=600, max_instances=2),
            # Less than 3,960 requests an hour, at $0.99; it scales at 36,000.
            unit_cost=UnitCost(usd_per_1000_requests=0.25),
        ),
        "Assistant": EndpointSettings(
            server=VllmNeuron(
                model=LLAMA_8B_TWO_CORES,
                tensor_parallel_degree=2,
                sequence_length=4096,
                batch_size=4,
                workload=llama(4096, 4),
                compilation=compiled_llama(cores=2, sequence_length=4096, batch_size=4),
                image_exception=TRAINIUM_FOR_NOW,
            ),
            hardware="ml.trn1.2xlarge",
            scaling=TargetConcurrency(per_instance=4, max_instances=2),
        ),
    },
    tags={"environment": "dev", "application": "inference"},
    retention_days=7,
    keep_logs=False,
    protected=False,
    teams={
        "Search": InferenceProfile("us.anthropic.claude-haiku-5-5"),
        "Support": InferenceProfile("us.amazon.nova-2-lite-v1:0"),
    },
    guardrail=GUARDRAIL,
    teams_budget=MonthlyBudget(usd=500),
    # One instance of each costs $3.75 to $4.05 an hour, two twice that; $2,738 to $2,957 in 730 hours.
    burn_rate=BurnRate(usd_per_hour=7),
    monthly_budget=MonthlyBudget(usd=4_000),
)

PROD = Settings(
    name="inference-prod",
    region="us-east-1",
    endpoints={
        "Chat": EndpointSettings(
            server=Lmi(model=LLAMA_8B, tensor_parallel_degree=4, max_model_len=8192, workload=llama(8192, 16)),
            hardware=InstancePools(types=("ml.g6.12xlarge", "ml.g5.12xlarge")),
            scaling=TargetConcurrency(per_instance=16, min_instances=2, max_instances=6),
            rollout=Canary(percent=10),
            # Less than 1,418 requests an hour and instance on the dearer type, at $7.09.
            unit_cost=UnitCost(usd_per_1000_requests=5),
        ),
        "Encoder": EndpointSettings(
            server=HuggingFaceNeuron(
                model=ENCODER, task="feature-extraction", compilation=ENCODER_COMPILED, image_exception=NEURON_FOR_NOW
            ),
            hardware="ml.inf2.xlarge",
            scaling=TargetInvocations(per_instance_per_minute=600, min_instances=2, max_instances=8),
            unit_cost=UnitCost(usd_per_1000_requests=0.25),
        ),
        "Assistant": EndpointSettings(
            server=VllmNeuron(
                model=LLAMA_8B_32_CORES,
                tensor_parallel_degree=32,
                sequence_length=8192,
                batch_size=16,
                workload=llama(8192, 16),
                compilation=compiled_llama(cores=32, sequence_length=8192, batch_size=16),
                image_exception=TRAINIUM_FOR_NOW,
            ),
            hardware="ml.trn1.32xlarge",
            scaling=TargetConcurrency(per_instance=16, max_instances=2),
        ),
    },
    tags={"environment": "prod", "application": "inference"},
    retention_days=90,
    keep_logs=True,
    protected=True,
    teams={
        "Search": InferenceProfile("us.anthropic.claude-opus-5-5"),
        "Support": InferenceProfile("us.amazon.nova-2-lite-v1:0"),
    },
    guardrail=GUARDRAIL,
    teams_budget=MonthlyBudget(usd=5_000),
    # The fewest instances cost $38.21 to $40.89 an hour: two of Chat and Encoder, one of Assistant; $27,893 to $29,850
    # in 730 hours.
    burn_rate=BurnRate(usd_per_hour=60, minutes=30),
    monthly_budget=MonthlyBudget(usd=38_000),
    network=NetworkSettings(),
    # For the account that both environments share: their budgets together are $47,500. At the prices above the fewest
    # instances of both cost $30,630 to $32,806 in 730 hours; the budget's first word, at 80 %, comes at $40,000.
    account_costs=AccountCosts(
        budget=MonthlyBudget(usd=50_000),
        billing_alarm_usd=55_000,
        anomaly_usd=500,
        notify=("inference-costs@example.com",),
    ),
    metering=True,
)

ENVIRONMENTS: Mapping[str, Settings] = {"dev": DEV, "prod": PROD}
DEFAULT_ENVIRONMENT = "dev"


def settings_for(environment: object) -> Settings:
    """The settings of an environment; raises ConfigurationError with the valid names."""
    fix = "pass one of these: -c environment=<name>"
    raise_problems("settings", one_of("environment", environment, tuple(ENVIRONMENTS), fix))
    return ENVIRONMENTS[str(environment)]

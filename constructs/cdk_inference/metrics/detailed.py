"""PromQL over what detailed observability publishes of an endpoint: tokens, time to first token, instances.

SageMaker scrapes the Prometheus path of the container and of each host, and publishes OpenTelemetry metrics, which
PromQL alone reads. Two sources of AWS differ in the names, and the queries here match both; none has been run in an
account.
- https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-detailed-observability-promql.html (read 2026-11-29):
  vllm_prompt_tokens_total, and histograms in buckets
- the post of 2026-06-18 on aws.amazon.com/blogs/machine-learning, "Monitor and debug generative AI inference with
  SageMaker detailed metrics" (read 2026-11-29): vllm:num_requests_running, and native histograms
"""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.core.checks import is_token, number_above, whole_number
from cdk_inference.core.errors import Problem, raise_problems

_ENGINES = "(vllm|sglang)[:_]"
_SECONDS_PER_HOUR = 3600
_MILLION = 1_000_000
# A policy of this package: a query looks back an hour at most.
_MINUTES_MAX = 60


@dataclass(frozen=True, kw_only=True)
class DetailedQueries:
    """PromQL queries about an endpoint, or about one inference component of it.

    Args:
        endpoint_name: The endpoint.
        component_name: An inference component; tokens and time to first token are then its own. Default: all of the
            endpoint.
        minutes: Rates are averaged over so many minutes, 1 to 60. Default 5.

    Tokens and time to first token come from vLLM's and SGLang's own metrics; other containers publish others. Raises
    ConfigurationError.
    """

    endpoint_name: str
    component_name: str = ""
    minutes: int = 5

    def __post_init__(self) -> None:
        raise_problems(
            "DetailedQueries",
            *(_name_problem(name, getattr(self, name)) for name in ("endpoint_name", "component_name")),
            whole_number("minutes", self.minutes, 1, _MINUTES_MAX, "choose a time within the limits"),
        )

    def tokens_per_second(self) -> str:
        """Tokens of prompts and answers together, per second."""
        return f"sum({self._rate(f'{_ENGINES}(prompt|generation)_tokens_total')})"

    def first_token_seconds(self, percentile: float = 99) -> str:
        """Time to first token in seconds, at a percentile, above 0, at most 100. Raises ConfigurationError."""
        raise_problems("DetailedQueries", number_above("percentile", percentile, 0, "write 99 for p99", high=100))
        quantile, name = f"{percentile / 100:g}", f"{_ENGINES}time_to_first_token_seconds"
        buckets = f"histogram_quantile({quantile}, sum by (le) ({self._rate(f'{name}_bucket')}))"
        native = f"histogram_quantile({quantile}, sum({self._rate(name)}))"
        return f"{buckets} or {native}"

    def instances(self) -> str:
        """Instances of the endpoint that publish their processor use."""
        hosts = f'node_cpu_seconds_total{{"aws.sagemaker.endpoint.name"="{self.endpoint_name}"}}'
        return f'count(count by ("@resource.host.id") ({hosts}))'

    def usd_per_million_tokens(self, usd_per_hour: float) -> str:
        """Cost of a million tokens: the instances that run, at so many US dollars an hour each, above 0.

        Of a component the price is that of all instances of the endpoint. Raises ConfigurationError.
        """
        raise_problems("DetailedQueries", number_above("usd_per_hour", usd_per_hour, 0, "write US dollars per hour"))
        each = f"{usd_per_hour * _MILLION / _SECONDS_PER_HOUR:.12g}"
        return f"{each} * {self.instances()} / {self.tokens_per_second()}"

    def _rate(self, name: str) -> str:
        labels = [f'__name__=~"{name}"', f'"aws.sagemaker.endpoint.name"="{self.endpoint_name}"']
        if self.component_name:
            labels.append(f'"aws.sagemaker.inference_component.name"="{self.component_name}"')
        return f"rate({{{','.join(labels)}}}[{self.minutes}m])"


def _name_problem(argument: str, name: object) -> Problem | None:
    # A name that only CloudFormation knows may stand in a query. Others have no character that PromQL would take for
    # its own: SageMaker's names are letters, digits and hyphens.
    if isinstance(name, str) and (is_token(name) or not set(name) & set('"\\\n')):
        return None if name or argument == "component_name" else Problem(argument, name, "a name", "write a name")
    return Problem(argument, name, "a name without quotes and backslashes", "write the endpoint's name")

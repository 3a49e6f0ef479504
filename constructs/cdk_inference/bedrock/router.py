"""A prompt router: one name for two models, of which Bedrock chooses one per prompt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import Validations
from aws_cdk import aws_bedrock as bedrock
from constructs import Construct

from cdk_inference.bedrock.models import ExistingRouter, FoundationModel, InferenceProfile, of_problem
from cdk_inference.bedrock.placement import problems_at
from cdk_inference.bedrock.statements import reach
from cdk_inference.bedrock.target import ModelTarget
from cdk_inference.core.checks import is_token, number_above
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.kit.physical_names import physical_name_at
from cdk_inference.kit.stack_context import path_below, stack_context

UNUSUAL_PERCENT = "cdk-inference:prompt-router-percent"
_STEP, _STEP_SOURCE = 5, "https://github.com/hashicorp/terraform-provider-aws/pull/45124, read 2026-11-29"
_PAGE = "https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-routing.html (read 2026-11-22)"


class PromptRouter(ModelTarget):
    """A prompt router between two models of one family; all but its tags is fixed once it is made.

    models: exactly two, of one provider. Which families can be routed: https://docs.aws.amazon.com/bedrock/latest/
        userguide/prompt-routing.html
    fallback: the one of them that is taken unless the other is as good.
    quality_difference_percent: how much better than the fallback the other one has to be, 0 to 100; a warning for what
        is not a multiple of 5.

    Who may invoke the router may invoke both models by themselves too: no page says on which authorization of a routed
    call the key bedrock:PromptRouterArn is.

    Raises ConfigurationError.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        models: Sequence[FoundationModel | InferenceProfile],
        fallback: FoundationModel | InferenceProfile,
        quality_difference_percent: float,
    ) -> None:
        location, path = stack_context(scope), path_below(scope, id)
        of_models = isinstance(models, (list, tuple)) and all(of_problem(one) is None for one in models)
        wrong = [] if not of_models else [problem for one in models for problem in problems_at("models", one, location)]
        raise_problems(
            f"PromptRouter {path}",
            _models_problem(models),
            *wrong,
            None
            if (fallback in models if of_models else of_problem(fallback) is None)
            else Problem("fallback", fallback, "one of the two models", "fallback=models[0]"),
            _percent_problem(quality_difference_percent),
        )
        super().__init__(scope, id)
        arns = {one: reach(one, location).entry for one in models}
        self.router_name = physical_name_at(path, location, "prompt router")
        target = bedrock.CfnIntelligentPromptRouter.PromptRouterTargetModelProperty
        resource = bedrock.CfnIntelligentPromptRouter(
            self,
            "Resource",
            prompt_router_name=self.router_name,
            models=[target(model_arn=arn) for arn in arns.values()],
            fallback_model=target(model_arn=arns[fallback]),
            routing_criteria=bedrock.CfnIntelligentPromptRouter.RoutingCriteriaProperty(
                response_quality_difference=quality_difference_percent
            ),
        )
        self.router_arn = resource.attr_prompt_router_arn
        self.model = ExistingRouter(self.router_arn, models=tuple(models))
        self.target_name = self.router_name
        self.model_id = self.router_arn
        self.metric_id = None
        self._warn()
        if not is_token(quality_difference_percent) and quality_difference_percent % _STEP:
            Validations.of(self).add_warning(
                UNUSUAL_PERCENT,
                f"quality_difference_percent is {quality_difference_percent:g}: AWS's own limits are 0 and 100, and a "
                f"provider's author reports that only multiples of {_STEP} are taken ({_STEP_SOURCE}).",
            )


def _percent_problem(percent: object) -> Problem | None:
    """https://docs.aws.amazon.com/bedrock/latest/APIReference/API_RoutingCriteria.html (read 2026-11-29)"""
    if percent == 0 and not isinstance(percent, bool):
        return None
    argument, fix = "quality_difference_percent", "a number of percent, as 25"
    problem = number_above(argument, percent, 0, fix, high=100)
    return None if problem is None else Problem(argument, percent, "a number from 0 to 100", fix)


def _models_problem(models: Any) -> Problem | None:
    fix = "two models of one provider's family, as Nova Lite and Nova Pro"
    if not isinstance(models, (list, tuple)) or any(of_problem(one) is not None for one in models):
        return Problem("models", models, "FoundationModel or InferenceProfile", fix)
    if len(set(models)) != 2:
        return Problem("models", models, f"exactly two models: {_PAGE}", fix)
    providers = {(one.model if isinstance(one, InferenceProfile) else one).id.partition(".")[0] for one in models}
    if len(providers) > 1:
        return Problem("models", models, f"models of one provider: {_PAGE}", fix)
    for one in models:
        fact = (one.model if isinstance(one, InferenceProfile) else one).fact
        if fact is not None and "text" not in fact.outputs:
            return Problem("models", one.id, f"models that answer with text, not with {', '.join(fact.outputs)}", fix)
    return None

"""Several candidates side by side, with what a comparison needs, and an end."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, cast

from aws_cdk import CfnOutput, Duration, Stack, Tags, TimeZone
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from constructs import Construct

from cdk_inference.comparison.candidate import EndpointCandidate
from cdk_inference.core.checks import has_members, instance_of
from cdk_inference.core.errors import ConfigurationError, Problem, raise_problems
from cdk_inference.cost import AlarmTopic, CostControls
from cdk_inference.cost.notifications import alarm_action, email_problems
from cdk_inference.endpoints import PayloadBucket, RealtimeEndpoint, VpcPlacement
from cdk_inference.kit.interfaces import Key, as_key
from cdk_inference.kit.physical_names import alarm_name, name_of
from cdk_inference.kit.region_checks import key_problem, region_problem
from cdk_inference.kit.stack_context import path_below, stack_context
from cdk_inference.scaling import FixedCount

TAG, CANDIDATE_TAG = "cdk-inference:comparison", "cdk-inference:candidate"
# Policies of this package: a comparison is an experiment of days; its results are kept for a year.
_DAYS_MAX, _RESULTS_DAYS = 14, 365
_WORDS = ("target_name", "grant_invoke", "metric_requests")


def now() -> datetime.datetime:
    """The time of the synth."""
    return datetime.datetime.now(datetime.UTC)


class Comparison(Construct):
    """Endpoints for the same load, tagged, watched, and deleted at a fixed time.

    Endpoints get equal settings: one key, network isolation, the same subnets and a fixed count of instances.
    `cdk-inference compare run` sends the load: docs/proof.md.

    Args:
        candidates: 2 or more: `EndpointCandidate`s, whose endpoints are made here, and targets that exist already, such
            as a model on Bedrock (`BedrockAccess(...).target()`).
        end: When EventBridge Scheduler deletes the endpoints that are made here, within 14 days of the synth, with a
            time zone: `datetime.datetime(2026, 12, 5, 18, tzinfo=datetime.UTC)`. Instances cost money until then. A
            comparison whose end has passed is refused at synth, so that it is not deployed again by accident.
        notify: E-mail addresses that get the alarms: an endpoint without requests for an hour, and a deletion that
            failed.
        encryption_key: Encrypts results, logs, messages and volumes. Default: a key of its own.
        vpc: Subnets and security groups of the containers. Default: SageMaker's own network.

    Attributes:
        endpoints: name -> the endpoint made for it.
        results: The bucket for what is measured; a year.
        key: Encrypts it.
        controls: The cost controls, with the dashboard of all candidates.

    Raises:
        ConfigurationError: Everything that is wrong with any candidate; the id can be used again.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        candidates: Sequence[Any],
        end: datetime.datetime,
        notify: Sequence[str],
        encryption_key: Key | None = None,
        vpc: VpcPlacement | None = None,
    ) -> None:
        subject, region = f"Comparison {path_below(scope, id)}", stack_context(scope).region
        shared = [
            None if encryption_key is None else key_problem(encryption_key, region),
            None if vpc is None else instance_of("vpc", vpc, VpcPlacement, "VpcPlacement", "vpc=VpcPlacement(vpc=...)"),
        ]
        listed = _candidate_problems(candidates, region)
        problems = [
            *listed,
            _end_problem(end, now()),
            *(
                email_problems("notify", notify)
                if notify
                else [Problem("notify", notify, "at least one address", 'notify=["oncall@example.com"]')]
            ),
            *shared,
        ]
        if any(listed) or any(shared):
            raise_problems(subject, *problems)  # what endpoints are made of
        super().__init__(scope, id)
        try:
            self._make(subject, problems, candidates, end, notify, encryption_key, vpc)
        except ConfigurationError:
            scope.node.try_remove_child(id)
            raise

    def _make(
        self,
        subject: str,
        problems: Sequence[Problem | None],
        candidates: Sequence[Any],
        end: datetime.datetime,
        notify: Sequence[str],
        encryption_key: Key | None,
        vpc: VpcPlacement | None,
    ) -> None:
        name = name_of(self)
        key: Key = encryption_key or kms.Key(
            self, "Key", description=f"Results, logs and volumes of the comparison {name}", enable_key_rotation=True
        )
        self.key = as_key(key)
        self.endpoints = self._endpoints(subject, problems, name, candidates, key, vpc)
        self.results = PayloadBucket(self, "Results", key=key, retention_days=_RESULTS_DAYS).bucket
        others = [one for one in candidates if not isinstance(one, EndpointCandidate)]
        topic = AlarmTopic(self, "Alarms", notify=notify, encryption_key=key)
        self._targets = [*self.endpoints.values(), *others]
        self.controls = CostControls(self, "Cost", targets=self._targets, alarm_topic=topic, under_use=None)
        self._end(name, end, topic)
        for one, endpoint in self.endpoints.items():
            CfnOutput(self, f"{one}Endpoint", value=endpoint.endpoint_name, description="endpoint of a [[candidate]]")
        CfnOutput(self, "ResultsBucket", value=self.results.bucket_name, description="For what compare run writes")

    def _endpoints(
        self,
        subject: str,
        problems: Sequence[Problem | None],
        name: str,
        candidates: Sequence[Any],
        key: Key,
        vpc: VpcPlacement | None,
    ) -> dict[str, RealtimeEndpoint]:
        made: dict[str, RealtimeEndpoint] = {}
        wrong = list(problems)
        for number, one in enumerate(candidates):
            if not isinstance(one, EndpointCandidate):
                continue
            try:
                made[one.name] = RealtimeEndpoint(
                    self,
                    one.name,
                    server=one.server,
                    hardware=one.hardware,
                    scaling=FixedCount(instances=one.instances),
                    encryption_key=key,
                    vpc=vpc,
                )
            except ConfigurationError as error:
                wrong += [
                    Problem(f"candidates[{number}].{problem.argument}", problem.got, problem.allowed, problem.fix)
                    for problem in error.problems
                ]
                continue
            Tags.of(made[one.name]).add(TAG, name)
            Tags.of(made[one.name]).add(CANDIDATE_TAG, one.name)
        raise_problems(subject, *wrong)
        return made

    def _end(self, name: str, end: datetime.datetime, topic: AlarmTopic) -> None:
        """Deletes each endpoint once, with Scheduler's retries over a day, and reports what it gave up."""
        group = scheduler.ScheduleGroup(self, "End")
        for one, endpoint in self.endpoints.items():
            scheduler.Schedule(
                self,
                f"End{one}",
                schedule_group=group,
                schedule=scheduler.ScheduleExpression.at(end.astimezone(datetime.UTC), TimeZone.ETC_UTC),
                description=f"Ends the comparison {name}: deletes the endpoint {endpoint.endpoint_name}",
                target=_deletion(endpoint),
            )
        alarm = group.metric_dropped(period=Duration.minutes(5)).create_alarm(
            self,
            "EndFailed",
            alarm_name=alarm_name(name, "end-failed"),
            alarm_description=(
                f"EventBridge Scheduler gave up deleting an endpoint of the comparison {name}. If it exists, its "
                "instances cost money: delete the stack."
            ),
            threshold=0,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(alarm_action(topic))

    def grant_run(self, grantee: iam.IGrantable) -> None:
        """Allows `grantee`, of this account, to invoke every candidate, and to write to `results`."""
        for target in self._targets:
            target.grant_invoke(grantee)
        principal = grantee.grant_principal
        write, encrypt = (
            # Without an id, so that a role can run several comparisons.
            iam.PolicyStatement(
                actions=["s3:PutObject", "s3:AbortMultipartUpload"], resources=[self.results.arn_for_objects("*")]
            ),
            # Decrypt is for uploads in parts: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
            iam.PolicyStatement(actions=["kms:GenerateDataKey", "kms:Decrypt"], resources=[self.key.key_arn]),
        )
        principal.add_to_principal_policy(write)
        principal.add_to_principal_policy(encrypt)


def _candidate_problems(candidates: Any, region: str) -> list[Problem | None]:
    if isinstance(candidates, str) or not isinstance(candidates, Sequence) or len(candidates) < 2:
        fix = "for example [EndpointCandidate(...), EndpointCandidate(...)]"
        return [Problem("candidates", candidates, "a list of 2 candidates or more", fix)]
    found: list[Problem | None] = []
    for number, one in enumerate(candidates):
        argument = f"candidates[{number}]"
        if isinstance(one, EndpointCandidate):
            if any(isinstance(other, EndpointCandidate) and other.name == one.name for other in candidates[:number]):
                found.append(Problem(f"{argument}.name", one.name, "each name once", "rename it"))
        elif not has_members(one, *_WORDS):
            allowed = "an EndpointCandidate, or a target such as BedrockAccess(...).target()"
            found.append(Problem(argument, type(one).__name__, allowed, "leave it out"))
        else:
            found.append(region_problem(argument, Stack.of(one), region, "a target", "comparison"))
    if not any(isinstance(one, EndpointCandidate) for one in candidates):
        fix = "compare targets that exist with cdk-inference compare run alone"
        found.append(Problem("candidates", "no EndpointCandidate", "at least one endpoint to make", fix))
    return found


def _end_problem(end: Any, here: datetime.datetime) -> Problem | None:
    latest = here + datetime.timedelta(days=_DAYS_MAX)
    allowed = f"a time with a time zone, after the synth and within {_DAYS_MAX} days of it"
    if not isinstance(end, datetime.datetime) or end.tzinfo is None:
        fix = f"for example datetime.datetime({here.year}, {here.month}, {here.day}, 18, tzinfo=datetime.UTC)"
        return Problem("end", end, allowed, fix)
    if here < end <= latest:
        return None
    return Problem("end", end.isoformat(), allowed, "choose another end, or take the comparison out of the app")


def _deletion(endpoint: RealtimeEndpoint) -> scheduler.IScheduleTarget:
    deletion = targets.Universal(
        service="sagemaker",
        action="deleteEndpoint",
        input=scheduler.ScheduleTargetInput.from_object({"EndpointName": endpoint.endpoint_name}),
        policy_statements=[
            iam.PolicyStatement(actions=["sagemaker:DeleteEndpoint"], resources=[endpoint.endpoint_arn])
        ],
    )
    # For pyright: https://github.com/aws/aws-cdk/issues/15584
    return cast(scheduler.IScheduleTarget, deletion)

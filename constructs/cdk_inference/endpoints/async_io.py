"""Where an asynchronous endpoint finds requests and leaves answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_sagemaker as sagemaker

from cdk_inference.core.checks import has_members, instance_of
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.endpoints.data_capture import prefix_problem
from cdk_inference.kit.iam import Statement, allow
from cdk_inference.kit.interfaces import Topic
from cdk_inference.kit.region_checks import key_problem as encryption_key_problem
from cdk_inference.kit.region_checks import region_problem

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3

Config = sagemaker.CfnEndpointConfig


@dataclass(frozen=True, kw_only=True)
class AsyncIo:
    """The bucket and the prefixes through which callers and an asynchronous endpoint exchange files.

    bucket: in the endpoint's region. What is written there stays until a lifecycle rule of the bucket ends it, as
        `PayloadBucket(retention_days=...)` brings along.
    input_prefix: callers put a request's body under it and name the object in InvokeEndpointAsync. Default "in/".
    output_prefix: prefix of the answers. Default "out/".
    failure_prefix: prefix of what became of requests that failed. Default "failed/".
    on_success, on_error: topics that get each answer's and each failure's notification, in the endpoint's region.
        Default: no notifications. SageMaker sends a test message whenever the endpoint is made or changed, a change
        of its count included.
    answers_in_notifications: whether answers of up to 128 KB are in the notification itself. Default False.

    https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-create-endpoint-prerequisites.html
    (read 2026-11-22)

    Raises ConfigurationError.
    """

    bucket: s3.IBucket
    input_prefix: str = "in/"
    output_prefix: str = "out/"
    failure_prefix: str = "failed/"
    on_success: Topic | None = None
    on_error: Topic | None = None
    answers_in_notifications: bool = False

    def __post_init__(self) -> None:
        raise_problems("AsyncIo", *self._problems())

    def _problems(self) -> list[Problem | None]:
        fits = has_members(self.bucket, "bucket_arn", "grant_put", "encryption_key")
        fix = 'for example s3.Bucket.from_bucket_name(self, "Exchange", "my-requests")'
        problems: list[Problem | None] = [
            None if fits else Problem("bucket", self.bucket, "a bucket (aws_s3.IBucket)", fix)
        ]
        prefixes = {name: getattr(self, name) for name in ("input_prefix", "output_prefix", "failure_prefix")}
        problems += [prefix_problem(name, value, "batch/in/") for name, value in prefixes.items()]
        if not any(problems):
            for name, value in prefixes.items():
                around = [other for key, other in prefixes.items() if key != name and value.startswith(other)]
                if around:
                    # An answer under the input prefix could be read as a request, and the role could write there.
                    allowed = f"a prefix outside {', '.join(around)}"
                    problems.append(Problem(name, value, allowed, "give each of the three a prefix of its own"))
        for name in ("on_success", "on_error"):
            topic = getattr(self, name)
            if topic is not None and not has_members(topic, "topic_arn", "master_key"):
                problems.append(Problem(name, topic, "a topic (aws_sns.ITopic)", 'for example sns.Topic(self, "Done")'))
        answers = self.answers_in_notifications
        flag = instance_of("answers_in_notifications", answers, bool, "True or False", "write True or False")
        if flag is None and answers and not self._topics():
            flag = Problem(
                "answers_in_notifications", answers, "True only together with a topic", "name on_success or on_error"
            )
        return [*problems, flag]

    def problems_in(self, region: str) -> list[Problem | None]:
        """Why these cannot be used by an endpoint in `region`."""
        given = {"on_success": self.on_success, "on_error": self.on_error}
        topics = {name: topic for name, topic in given.items() if topic is not None}
        return [
            region_problem("exchange.bucket", self.bucket, region, "a bucket"),
            *(region_problem(f"exchange.{name}", topic, region, "a topic") for name, topic in topics.items()),
            _key_problem("exchange.bucket.encryption_key", self.bucket.encryption_key, region),
            *(_key_problem(f"exchange.{name}.master_key", topic.master_key, region) for name, topic in topics.items()),
        ]

    def statements(self) -> list[Statement]:
        """What the endpoint's role may do with them.

        AWS's own policy names s3:ListBucket too, but on objects, where that action does not exist.
        """
        bucket, topics = self.bucket, self._topics()
        keys = [topic.master_key.key_arn for topic in topics if topic.master_key is not None]
        written = [f"{bucket.bucket_arn}/{prefix}*" for prefix in (self.output_prefix, self.failure_prefix)]
        found = [
            allow("AsyncInput", ["s3:GetObject"], [f"{bucket.bucket_arn}/{self.input_prefix}*"]),
            allow("AsyncOutput", ["s3:AbortMultipartUpload", "s3:PutObject"], written),
        ]
        if bucket.encryption_key is not None:
            key = bucket.encryption_key.key_arn
            found.append(allow("AsyncKey", ["kms:Decrypt", "kms:GenerateDataKey"], [key]))
        if topics:
            found.append(allow("Notifications", ["sns:Publish"], [topic.topic_arn for topic in topics]))
        if keys:
            # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html (read 2026-11-24)
            found.append(allow("NotificationsKey", ["kms:Decrypt", "kms:GenerateDataKey"], list(dict.fromkeys(keys))))
        return found

    def _topics(self) -> list[Topic]:
        return [topic for topic in (self.on_success, self.on_error) if topic is not None]

    def config(self, max_concurrent_per_instance: int | None) -> Config.AsyncInferenceConfigProperty:
        """SageMaker's AsyncInferenceConfig."""
        name, key = self.bucket.bucket_name, self.bucket.encryption_key
        notifications = None
        if self._topics():
            notifications = Config.AsyncInferenceNotificationConfigProperty(
                success_topic=None if self.on_success is None else self.on_success.topic_arn,
                error_topic=None if self.on_error is None else self.on_error.topic_arn,
                include_inference_response_in=self._included(),
            )
        output = Config.AsyncInferenceOutputConfigProperty(
            # SageMaker adds a slash of its own; AWS's examples have none either.
            s3_output_path=f"s3://{name}/{self.output_prefix.removesuffix('/')}",
            s3_failure_path=f"s3://{name}/{self.failure_prefix.removesuffix('/')}",
            kms_key_id=None if key is None else key.key_arn,
            notification_config=notifications,
        )
        client = None
        if max_concurrent_per_instance is not None:
            client = Config.AsyncInferenceClientConfigProperty(
                max_concurrent_invocations_per_instance=max_concurrent_per_instance
            )
        return Config.AsyncInferenceConfigProperty(output_config=output, client_config=client)

    def _included(self) -> list[str] | None:
        topics = (("SUCCESS_NOTIFICATION_TOPIC", self.on_success), ("ERROR_NOTIFICATION_TOPIC", self.on_error))
        return [name for name, topic in topics if topic is not None] if self.answers_in_notifications else None


def _key_problem(argument: str, key: Any, region: str) -> Problem | None:
    return None if key is None else encryption_key_problem(key, region, argument=argument)

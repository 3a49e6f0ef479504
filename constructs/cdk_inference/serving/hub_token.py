"""A hub token that is kept in Secrets Manager, and ends in the container's environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from cdk_inference.core.checks import has_members, matching
from cdk_inference.core.errors import Problem, raise_problems


class SecretText(Protocol):
    """The members that a secret's value needs; any `aws_cdk.SecretValue` fits."""

    def unsafe_unwrap(self) -> str: ...


class Secret(Protocol):
    """The members that a secret needs; any `aws_secretsmanager.ISecret` fits."""

    @property
    def secret_value(self) -> SecretText: ...

    def secret_value_from_json(self, key: str, /) -> SecretText: ...


@dataclass(frozen=True, kw_only=True)
class TokenInEnvironment:
    """A token out of Secrets Manager that the container gets as an environment variable.

    The template holds a reference, which CloudFormation resolves when it makes the model:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html ("can be used
    in all resource properties ... the secret value may show up in the service whose resource it's being used in").
    It does show up: SageMaker has no field for secrets, the variable is plain text, and whoever may call
    `sagemaker:DescribeModel` reads it. Of variables SageMaker says "Don't include any sensitive data":
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html (both read 2026-11-24).
    So use a token that can read this one model and nothing else. A copy of the model in S3 needs no token at all.

    A new value of the secret reaches the endpoint only with a new model, as when the revision changes.

    secret: the secret (`aws_secretsmanager.ISecret`), in the endpoint's region.
    json_field: the field of the secret's JSON that holds the token. Default: the secret is the token itself.

    Raises ConfigurationError.
    """

    secret: Secret
    json_field: str | None = None

    def __post_init__(self) -> None:
        fits = has_members(self.secret, "secret_value", "secret_value_from_json")
        fix = 'for example sm.Secret.from_secret_name_v2(self, "HubToken", "hub-token")'
        field_allowed = "the name of a field, without colons, braces, spaces and control characters"
        raise_problems(
            "TokenInEnvironment",
            None
            if fits
            else Problem("secret", type(self.secret).__name__, "a secret (aws_secretsmanager.ISecret)", fix),
            None
            if self.json_field is None
            else matching(
                "json_field",
                self.json_field,
                r"[^:{}\s\x00-\x1f\x7f]+",
                field_allowed,
                'for example json_field="token"',
            ),
        )

    @property
    def value(self) -> str:
        """The reference that CloudFormation resolves; never the token."""
        if self.json_field is None:
            return self.secret.secret_value.unsafe_unwrap()
        return self.secret.secret_value_from_json(self.json_field).unsafe_unwrap()

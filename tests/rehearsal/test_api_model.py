"""Calls by botocore's models: CloudFormation's texts become numbers, everything wrong is reported at once."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.api_model import RefusedError, conformed, renamed

TARGET = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/chat/variant/AllTraffic",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}


def test_texts_become_numbers_and_numbers_texts() -> None:
    assert conformed("application-autoscaling", "RegisterScalableTarget", {**TARGET, "MinCapacity": "1"}) == {
        **TARGET,
        "MinCapacity": 1,
    }
    limit = {
        "BudgetName": "b",
        "BudgetType": "COST",
        "TimeUnit": "MONTHLY",
        "BudgetLimit": {"Amount": 5, "Unit": "USD"},
    }
    made = conformed("budgets", "CreateBudget", {"AccountId": "111122223333", "Budget": limit})
    assert made["Budget"]["BudgetLimit"] == {"Amount": "5", "Unit": "USD"}


def test_a_java_pattern_with_surrogates_lets_plain_names_in() -> None:
    """Fifteen of the service's eighteen patterns do not compile with `re`."""
    assert conformed("application-autoscaling", "RegisterScalableTarget", TARGET) == TARGET


def test_every_problem_is_reported_at_once() -> None:
    params: dict[str, Any] = {
        "EndpointConfigName": "a b",
        "ProductionVariants": [
            {"VariantName": "V", "InstanceType": "ml.g6.big", "InitialInstanceCount": "x", "Nodes": 1}
        ],
    }
    with pytest.raises(RefusedError) as caught:
        conformed("sagemaker", "CreateEndpointConfig", params)
    assert str(caught.value) == (
        "CreateEndpointConfig, 4 problems by the API's model (sagemaker 2017-07-24): "
        "EndpointConfigName: 'a b' does not match the pattern [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62} of EndpointConfigName; "
        "ProductionVariants[0].Nodes: unknown member of ProductionVariant; "
        "ProductionVariants[0].InstanceType: 'ml.g6.big' is not in the enum ProductionVariantInstanceType; "
        "ProductionVariants[0].InitialInstanceCount: 'x' is not of type integer (InitialTaskCount)"
    )


def test_bedrocks_names_get_a_small_first_letter() -> None:
    properties = {"InferenceProfileName": "a", "ModelSource": {"CopyFrom": "b"}, "Tags": [{"Key": "k", "Value": "v"}]}
    assert renamed("bedrock", "CreateInferenceProfile", properties) == {
        "inferenceProfileName": "a",
        "modelSource": {"copyFrom": "b"},
        "tags": [{"key": "k", "value": "v"}],
    }

"""What exists, read by describe calls, and what moved between two looks: events are not trusted for that."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
from botocore.config import Config

from rehearsal.workspace import Workspace

# (kind, name) -> what describe answers, as text per property.
State = Mapping[tuple[str, str], Mapping[str, str]]
# Kinds that every region's calls answer.
GLOBAL = ("role", "bucket", "budget")
_TIMES = ("CreationTime", "LastModifiedTime", "CreateDate", "StateUpdatedTimestamp", "LastUpdatedTime", "UpdatedAt")


class Look:
    """Clients of the emulator, whatever account the shell has."""

    def __init__(self, workspace: Workspace, region: str | None = None) -> None:
        self._workspace = workspace
        self.region = region or workspace.regions[0]
        self._clients: dict[str, Any] = {}
        self._session = boto3.Session(
            aws_access_key_id=workspace.account, aws_secret_access_key="rehearsal", region_name=self.region
        )

    def client(self, service: str) -> Any:
        """Returns a boto3 client of the emulator, made once."""
        if service not in self._clients:
            config = Config(retries={"total_max_attempts": 1}, read_timeout=30, proxies={})
            made = self._session.client(service, endpoint_url=self._workspace.endpoint, config=config)
            self._clients[service] = made
        return self._clients[service]

    def rehearsal(self, operation: str, **params: Any) -> dict[str, Any]:
        """Calls one of the emulator's own reports."""
        account = self._workspace.account
        scope = f"AWS4-HMAC-SHA256 Credential={account}/20260101/{self.region}/rehearsal/aws4_request"
        headers = {"X-Amz-Target": f"Rehearsal.{operation}", "Authorization": scope}
        request = urllib.request.Request(f"{self._workspace.endpoint}/", json.dumps(params).encode(), headers)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def reset(self) -> None:
        """Empties the account."""
        request = urllib.request.Request(f"{self._workspace.endpoint}/_ministack/reset", method="POST")
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            answer.read()
        self.rehearsal("Reset")

    def endpoints(self) -> list[dict[str, Any]]:
        """Returns every endpoint as DescribeEndpoint answers it, with its config's variants."""
        client = self.client("sagemaker")
        found = []
        for one in client.list_endpoints()["Endpoints"]:
            endpoint = client.describe_endpoint(EndpointName=one["EndpointName"])
            config = client.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
            found.append({**endpoint, "Config": config})
        return found

    def state(self) -> State:
        """Returns everything that the describe calls know."""
        return {(kind, name): _flat(one) for kind, name, one in self._all()}

    def _all(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        sagemaker, scaling = self.client("sagemaker"), self.client("application-autoscaling")
        for one in sagemaker.list_models()["Models"]:
            yield "model", one["ModelName"], sagemaker.describe_model(ModelName=one["ModelName"])
        for one in sagemaker.list_endpoint_configs()["EndpointConfigs"]:
            name = one["EndpointConfigName"]
            yield "endpoint config", name, sagemaker.describe_endpoint_config(EndpointConfigName=name)
        for one in self.endpoints():
            yield "endpoint", one["EndpointName"], {key: value for key, value in one.items() if key != "Config"}
        for one in sagemaker.list_inference_components()["InferenceComponents"]:
            name = one["InferenceComponentName"]
            found = sagemaker.describe_inference_component(InferenceComponentName=name)
            yield "inference component", name, found
        for one in scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]:
            yield "scalable target", one["ResourceId"], one
        for one in scaling.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]:
            yield "scaling policy", one["PolicyName"], one
        pages = self.client("cloudwatch").get_paginator("describe_alarms")
        for page in pages.paginate(AlarmTypes=["MetricAlarm", "CompositeAlarm"]):
            for kind, key in (("alarm", "MetricAlarms"), ("composite alarm", "CompositeAlarms")):
                for one in page.get(key, []):
                    yield kind, one["AlarmName"], one
        for one in self.client("budgets").describe_budgets(AccountId=self._workspace.account).get("Budgets", []):
            yield "budget", one["BudgetName"], one
        for page in self.client("iam").get_paginator("list_roles").paginate():
            for one in page["Roles"]:
                if not one["RoleName"].startswith("cdk-"):
                    role = self.client("iam").get_role(RoleName=one["RoleName"])["Role"]
                    yield "role", one["RoleName"], {key: role[key] for key in role if key != "RoleLastUsed"}
        s3 = self.client("s3")
        for one in s3.list_buckets()["Buckets"]:
            if not one["Name"].startswith("cdk-"):
                count = s3.list_objects_v2(Bucket=one["Name"])["KeyCount"]
                versions = s3.get_bucket_versioning(Bucket=one["Name"]).get("Status", "none")
                yield "bucket", one["Name"], {"objects": count, "versions": versions}
        for one in self.client("logs").describe_log_groups()["logGroups"]:
            yield "log group", one["logGroupName"], {"retention": one.get("retentionInDays", "unlimited")}
        for one in self.client("kms").list_keys()["Keys"]:
            key = self.client("kms").describe_key(KeyId=one["KeyId"])["KeyMetadata"]
            yield "key", one["KeyId"], {"description": key.get("Description", ""), "state": key["KeyState"]}
        for one in self.client("sns").list_topics()["Topics"]:
            yield "topic", one["TopicArn"].rpartition(":")[2], {}
        bedrock = self.client("bedrock")
        for one in bedrock.list_guardrails()["guardrails"]:
            yield "guardrail", one["name"], {"status": one["status"]}
        for one in bedrock.list_inference_profiles(typeEquals="APPLICATION")["inferenceProfileSummaries"]:
            if one["type"] == "APPLICATION":  # the emulator lists the others all the same
                yield "inference profile", one["inferenceProfileName"], {"arn": one["inferenceProfileArn"]}


def _flat(one: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Property path -> value as text; times and the response's own data left out."""
    found: dict[str, str] = {}
    for key, value in one.items():
        if key in _TIMES or key == "ResponseMetadata":
            continue
        if isinstance(value, Mapping):
            found |= _flat(value, f"{prefix}{key}.")
        elif isinstance(value, list):
            pairs = {str(number): item for number, item in enumerate(value)}
            found |= _flat(pairs, f"{prefix}{key}.")
        else:
            found[prefix + key] = str(value)
    return found


def _difference(old: str, new: str) -> str:
    """Both values; a long beginning that they share is left out."""
    same = next((place for place, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), 0)
    shared = old[:same].rpartition("-")[0]
    if len(shared) < 12:
        return f"{old} -> {new}"
    return f"...{old[len(shared) :]} -> ...{new[len(shared) :]}"


def moved(before: State, after: State) -> list[tuple[str, str, str]]:
    """Returns (kind, name, what happened): made, deleted, or each property that changed."""
    rows = [(*key, "made") for key in sorted(after.keys() - before.keys())]
    rows += [(*key, "deleted") for key in sorted(before.keys() - after.keys())]
    for key in sorted(before.keys() & after.keys()):
        old, new = before[key], after[key]
        for name in sorted(old.keys() | new.keys()):
            if old.get(name) != new.get(name):
                rows.append((*key, f"{name}: {_difference(old.get(name, 'none'), new.get(name, 'none'))}"))
    return rows

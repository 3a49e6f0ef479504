"""The emulator as tests use it: one process for all of a worker's tests, stacks deployed by CloudFormation's API."""

from __future__ import annotations

import io
import json
import os
import time
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cdk_inference.hardware import instance_types
from rehearsal import environment, workspace
from rehearsal.state import Look
from tests.support import Template

PYTHON = environment.PYTHON
_RUNS = PYTHON.exists() and os.environ.get("REHEARSE_ALL") == "1"
needs_emulator = pytest.mark.skipif(not _RUNS, reason="make rehearse-all runs these on the emulator")


def each_on_emulator(argument: str, rows: Iterable[Any]) -> pytest.MarkDecorator:
    """Parametrizes a test that needs the emulator. Without the emulator one skipped test represents all rows."""
    found = list(rows)
    return pytest.mark.parametrize(argument, found if _RUNS else found[:1], ids=str)


# Enough for every example; accelerated types that are not listed have none.
PLENTY = dict.fromkeys((one.name for one in instance_types()), 64)
_SECONDS = 60.0  # in which a stack stands still, on a busy machine
_BODY = 51_200  # longest template without a bucket
_CAPABILITIES = ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]


class Cloud:
    """The emulator and clients of it."""

    def __init__(self, place: workspace.Workspace) -> None:
        self.place = place
        self._others: dict[tuple[str, str], Cloud] = {}
        self.look = Look(place)
        self.formation, self.s3 = self.look.client("cloudformation"), self.look.client("s3")

    def inside(self, region: str, account: str | None = None) -> Cloud:
        """The same emulator in another region or account; made once, since clients are slow to make."""
        place = replace(self.place, regions=(region,), account=account or self.place.account)
        key = (place.account, region)
        if key not in self._others:
            own = (self.place.account, self.place.regions[0])
            self._others[key] = self if key == own else Cloud(place)
        return self._others[key]

    def clear(self, quotas: Mapping[str, int]) -> None:
        """Everything anew, with these quotas."""
        self.look.reset()
        self.look.rehearsal("Quotas", Quotas=dict(quotas))

    def bootstrap(self) -> None:
        """What the CDK's templates read of its bootstrap stack: a version and a bucket."""
        self.look.client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String")
        self.make_bucket(self.assets)

    def make_bucket(self, name: str) -> None:
        """Makes a bucket in this region."""
        where = {"CreateBucketConfiguration": {"LocationConstraint": self.look.region}}
        self.s3.create_bucket(Bucket=name, **({} if self.look.region == "us-east-1" else where))

    @property
    def assets(self) -> str:
        """The bucket of the CDK's assets."""
        return f"cdk-hnb659fds-assets-{self.place.account}-{self.place.regions[0]}"

    def publish(self, folder: Path) -> None:
        """Uploads an assembly's file assets, as `cdk deploy` does."""
        for file in folder.glob("*.assets.json"):
            for key, one in json.loads(file.read_text()).get("files", {}).items():
                source = folder / one["source"]["path"]
                zipped = one["source"]["packaging"] == "zip"
                body, suffix = (_zip(source), ".zip") if zipped else (source.read_bytes(), source.suffix)
                self.s3.put_object(Bucket=self.assets, Key=f"{key}{suffix}", Body=body)

    def upload(self, bucket: str, keys: Iterable[str]) -> None:
        """Makes a bucket with small objects."""
        self.make_bucket(bucket)
        for key in keys:
            self.s3.put_object(Bucket=bucket, Key=key, Body=b"{}")

    def deploy(self, template: Template, stack: str, *, update: bool = False) -> tuple[str, list[str]]:
        """Returns the stack's last status and the reasons of its failures."""
        before = self._events(stack) if update else []
        call = self.formation.update_stack if update else self.formation.create_stack
        text = json.dumps(template)
        body = {"TemplateBody": text}
        if len(text) > _BODY:
            self.s3.put_object(Bucket=self.assets, Key="template.json", Body=text.encode())
            body = {"TemplateURL": f"{self.place.endpoint}/{self.assets}/template.json"}
        try:
            call(StackName=stack, Capabilities=_CAPABILITIES, **body)
        except ClientError as error:
            if "No updates are to be performed" not in str(error):
                raise
            return "UPDATE_COMPLETE", []
        status = self.settled(stack)
        known = {one["EventId"] for one in before}
        new = [one for one in self._events(stack) if one["EventId"] not in known]
        failed = [one for one in new if one["ResourceStatus"].endswith("FAILED")]
        return status, [one.get("ResourceStatusReason", "") for one in failed]

    def _events(self, stack: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.formation.describe_stack_events(StackName=stack)["StackEvents"]
        return found

    def settled(self, stack: str) -> str:
        """Waits until a stack stands still; returns its status. Fails with the emulator's log when it never does."""
        until = time.monotonic() + _SECONDS
        while time.monotonic() < until:
            status = str(self.formation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"])
            if not status.endswith("IN_PROGRESS"):
                return status
            time.sleep(0.02)
        log = (self.place.folder / "emulator.log").read_text()
        pytest.fail(f"{stack} is {status} after {_SECONDS:.0f} s; the emulator's log ends: {log[-3000:]}")

    def reports(self) -> list[tuple[str, str]]:
        """(rule, message) of what breaks later."""
        return [(one["Rule"], one["Message"]) for one in self.look.rehearsal("Reports")["Reports"]]

    def endpoint(self, name: str) -> dict[str, Any]:
        """DescribeEndpoint, or an empty one where it does not exist."""
        return next((one for one in self.look.endpoints() if one["EndpointName"] == name), {})


def _zip(folder: Path) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, str(file.relative_to(folder)))
    return made.getvalue()

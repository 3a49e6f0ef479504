"""The story of a rehearsal: bootstrap, deploy, look, invoke, change, fail, destroy."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from typing import Any

from rehearsal import changes, processes
from rehearsal.assembly import QUALIFIER, Assembly, Source, model_sources
from rehearsal.s3_place import place
from rehearsal.stand_in import files
from rehearsal.state import GLOBAL, Look, State, moved
from rehearsal.tables import alarm_rows, endpoint_rows, table
from rehearsal.tools import Tools
from rehearsal.workspace import DeploymentFailedError, Workspace

HONEST = "Validated against AWS's API models and the rules in docs/rehearsal.md; not run on AWS."
_PROGRESS = re.compile(
    r"\| (?P<status>[A-Z_]+(?:COMPLETE|FAILED|SKIPPED)) +\| (?P<kind>AWS::\S+|Custom::\S+) +\| (?P<rest>.+)"
)
# What follows the logical id, which is in brackets where the template has paths.
_REASON = re.compile(r"([0-9A-F]{8}\)?) (.+)$")

Moved = tuple[str, str, str]  # kind, name, what happened


class Story:
    """One rehearsal, on standard output. Each line begins with the seconds since the start.

    Args:
        parameters: Values of templates' parameters, as `cdk deploy --parameters` takes them.
    """

    def __init__(
        self,
        workspace: Workspace,
        process: subprocess.Popen[str],
        assembly: Assembly,
        tools: Tools,
        parameters: Sequence[str] = (),
    ) -> None:
        self.workspace, self.process, self.assembly, self.tools = workspace, process, assembly, tools
        self.looks = [Look(workspace, region) for region in workspace.regions]
        self.look = self.looks[0]
        self._deploy = [*_DEPLOY, *(word for one in parameters for word in ("--parameters", one))]
        stages = any("/" in one.selector for one in assembly.stacks().values())
        self._all = "**" if stages else "--all"
        self._began = time.monotonic()

    def say(self, text: str = "") -> None:
        """Prints a line with its time."""
        print(f"[{time.monotonic() - self._began:5.1f} s] {text}" if text else "", flush=True)

    def rows(self, lines: list[str]) -> None:
        """Prints lines of a table."""
        for line in lines:
            print(f"          {line}", flush=True)

    def cdk(self, *arguments: str, assembly: Assembly | None = None) -> int:
        """Runs the stock CDK CLI, its progress condensed."""
        app = (assembly or self.assembly).folder
        lines: list[str] = []
        told: set[str] = set()

        def line(text: str) -> None:
            lines.append(text)
            found = _PROGRESS.search(text)
            if found and _important(found["status"], found["kind"]):
                rest = _REASON.sub(r"\1", found["rest"]).strip()
                text = f"  {found['status']:18} {found['kind']:32} {rest}"
                if text not in told:
                    told.add(text)
                    self.say(text)
                    if (reason := _REASON.search(found["rest"])) is not None:
                        self.say(f"    {reason[2]}")

        code = processes.run(
            [*self.tools.command(*arguments), "--app", str(app)],
            folder=self.workspace.folder,
            variables=self.workspace.variables(),
            line=line,
            beside=self.process,
        )
        self._last = lines
        return code

    def must(self, *arguments: str, assembly: Assembly | None = None) -> None:
        """Runs the CLI.

        Raises:
            DeploymentFailedError: It failed; with its last lines.
        """
        if self.cdk(*arguments, assembly=assembly):
            raise DeploymentFailedError(f"cdk {' '.join(arguments)} failed:\n" + "\n".join(self._last[-12:]))

    def run(self) -> None:
        """Tells everything."""
        self.say(HONEST)
        self.bootstrap()
        self.deploy()
        self.exists()
        self.invoke()
        self.change()
        self.fail()
        self.destroy()

    def bootstrap(self) -> None:
        """The CDK's own stack in each region; once more for each qualifier that a template names."""
        self.say("cdk bootstrap")
        places = [f"aws://{self.workspace.account}/{region}" for region in self.workspace.regions]
        for qualifier in sorted(self.assembly.qualifiers()):
            own = ("--qualifier", qualifier, "--toolkit-stack-name", f"CDKToolkit-{qualifier}")
            self.must("bootstrap", *places, *(own if qualifier != QUALIFIER else ()))

    def deploy(self) -> None:
        """The stacks without endpoints first: the models' bucket is there before the models are."""
        first = self.assembly.before_endpoints()
        if first and len(first) < len(self.assembly.stacks()):
            self.say(f"cdk deploy {' '.join(first)}")
            self.must("deploy", *first, *self._deploy)
        self.upload()
        self.say(f"cdk deploy {self._all}")
        self.must("deploy", self._all, *self._deploy)

    def _described(self) -> Iterator[dict[str, Any]]:
        """The assembly's stacks as DescribeStacks answers them."""
        names = set(self.assembly.stacks())
        for look in self.looks:
            found = look.client("cloudformation").describe_stacks()["Stacks"]
            yield from (one for one in found if one["StackName"] in names)

    def state(self) -> State:
        """Returns what the describe calls of every region know; names in further regions begin with it."""
        found = dict(self.look.state())
        for look in self.looks[1:]:
            more = look.state().items()
            found |= {(kind, f"{look.region} {name}"): one for (kind, name), one in more if kind not in GLOBAL}
        return found

    def upload(self) -> None:
        """The stand-in, to each place that a template reads a model from and that exists before its endpoint."""
        s3, done = self.look.client("s3"), []
        where = (self.workspace.account, self.workspace.regions[0])
        for source, key in sorted(set(model_sources(self.assembly, *where)), key=str):
            bucket = self._bucket(source)
            if bucket is None:
                self.say(f"no upload to {key}: its bucket is in the stack of the endpoint")
                continue
            names = files() if key.endswith("/") else {}
            s3.put_object(Bucket=bucket, Key=f"{key}config.json" if key.endswith("/") else key, Body=b"{}")
            for name, file in names.items():
                s3.put_object(Bucket=bucket, Key=key + name, Body=file.read_bytes())
            done.append(key)
        if done:
            self.say(f"uploaded a stand-in for each model: {', '.join(done)}")

    def _bucket(self, source: Source) -> str | None:
        """The name of a model's bucket: written in the template, or the output of a stack that is there."""
        if isinstance(source, str):
            self._assume(self.look, source)
            return source
        stack, output = source
        for one in self._described():
            if one["StackName"] == stack:
                return next((o["OutputValue"] for o in one.get("Outputs", []) if o["OutputKey"] == output), None)
        return None

    def _assume(self, look: Look, bucket: str) -> None:
        """Makes a bucket that the app names and does not make."""
        s3 = look.client("s3")
        if bucket not in {one["Name"] for one in s3.list_buckets()["Buckets"]}:
            # us-east-1 is the one region that a location may not name.
            where = {"CreateBucketConfiguration": {"LocationConstraint": look.region}}
            s3.create_bucket(Bucket=bucket, **({} if look.region == "us-east-1" else where))
            self.say(f"bucket {bucket}: not in this app, assumed to exist")

    def exists(self) -> None:
        self.say("what exists (describe calls)")
        rows: list[list[str]] = []
        alarms: list[dict[str, Any]] = []
        topics: dict[str, dict[str, Any]] = {}
        for look in self.looks:
            scaling = look.client("application-autoscaling")
            targets = scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
            policies = scaling.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]
            rows += endpoint_rows(look.endpoints(), targets, policies)
            pages = look.client("cloudwatch").get_paginator("describe_alarms")
            for page in pages.paginate(AlarmTypes=["MetricAlarm", "CompositeAlarm"]):
                alarms += [*page.get("MetricAlarms", []), *page.get("CompositeAlarms", [])]
            topics |= look.rehearsal("Account")["Topics"]
        heads = ["endpoint", "status", "variant", "instance type", "now", "capacity", "scaling"]
        self.rows(table(heads, rows))
        print()
        self.rows(table(["alarms publish to", "alarms", "subscriptions"], alarm_rows(alarms, topics)))
        counts: dict[str, int] = {}
        for kind, _ in self.state():
            counts[kind] = counts.get(kind, 0) + 1
        print()
        self.rows([", ".join(f"{kind} {count}" for kind, count in counts.items())])
        self.reports()

    def reports(self) -> None:
        """What AWS allows and what breaks later; and what the emulator did not keep."""
        found = [one for look in self.looks for one in look.rehearsal("Reports")["Reports"]]
        self.say(f"AWS would allow this, and it breaks later: {len(found) or 'nothing found'}")
        for one in found:
            self.say(f"  {one['Message']} [{one['Rule']}: {one['Source']}]")
        unread = self.look.rehearsal("Unread")["Unread"]
        left = [f"{kind.removeprefix('AWS::')} {', '.join(names)}" for kind, names in unread.items()]
        self.say(f"not rehearsed, since the emulator does not read it: {'; '.join(left) or 'nothing'}")

    def invoke(self) -> None:
        """Each endpoint through boto3, or each of its inference components."""
        for look in self.looks:
            self._invoke(look)

    def _invoke(self, look: Look) -> None:
        client, sagemaker = look.client("sagemaker-runtime"), look.client("sagemaker")
        for endpoint in look.endpoints():
            name = endpoint["EndpointName"]
            if "AsyncInferenceConfig" in endpoint["Config"]:
                self._invoke_async(look, endpoint)
                continue
            found = sagemaker.list_inference_components(EndpointNameEquals=name)["InferenceComponents"]
            for component in [one["InferenceComponentName"] for one in found] or [None]:
                more = {"InferenceComponentName": component} if component else {}
                body = json.dumps({"inputs": _TEXTS})
                answer = client.invoke_endpoint(EndpointName=name, Body=body, ContentType="application/json", **more)
                self._answered(component or name, json.loads(answer["Body"].read()))

    def _invoke_async(self, look: Look, endpoint: dict[str, Any]) -> None:
        """Puts a request where the execution role may read, calls, and reads what lies at the place of the answer."""
        name, s3 = endpoint["EndpointName"], look.client("s3")
        output = endpoint["Config"]["AsyncInferenceConfig"]["OutputConfig"]["S3OutputPath"]
        model = endpoint["Config"]["ProductionVariants"][0]["ModelName"]
        role = look.client("sagemaker").describe_model(ModelName=model)["ExecutionRoleArn"]
        bucket, _ = place(output)
        prefix = look.rehearsal("Readable", Role=role, Bucket=bucket)["Prefix"]
        if prefix is None:
            self.say(f"{name} is asynchronous: not invoked, its role reads nothing in {bucket}")
            return
        self._assume(look, bucket)
        key = f"{prefix}rehearsal.json"
        s3.put_object(Bucket=bucket, Key=key, Body=json.dumps({"inputs": _TEXTS}))
        client, uri = look.client("sagemaker-runtime"), f"s3://{bucket}/{key}"
        answer = client.invoke_endpoint_async(EndpointName=name, InputLocation=uri, ContentType="application/json")
        answered, found = place(answer["OutputLocation"])
        body = s3.get_object(Bucket=answered, Key=found)["Body"].read()
        for one in ((bucket, key), (answered, found)):
            s3.delete_object(Bucket=one[0], Key=one[1])
        self.say(f"invoke_endpoint_async {name}: {uri}, answered at {output}")
        self._answered(name, json.loads(body))

    def _answered(self, name: str, answer: dict[str, Any]) -> None:
        read = ", ".join(
            f"{count} object{'s' * (count > 1)} of {uri}" for uri, count in answer["model_objects"].items()
        )
        hardware = " or ".join(answer["instance_types"]) or "serverless"
        self.say(f"invoke_endpoint {name}, {answer['variant']} on {hardware}:")
        found = zip(_TEXTS[1:], answer.get("similarities", []), strict=False)
        alike = ", ".join(f"{_TEXTS[0]}/{text} {value:.2f}" for text, value in found)
        self.say(f"  {answer['rehearsal']}{f': {alike}' if alike else ''}; {read}")

    def change(self) -> list[Moved] | None:
        """Applies a change that AWS makes; returns what moved, None where the templates hold nothing to change."""
        said: list[str] = []
        copy = self.assembly.changed(self.workspace.folder / "changed", changes.harmless(said))
        if not said:
            copy = self.assembly.changed(self.workspace.folder / "changed-text", changes.other(said))
        if not said:
            self.say("no change is derived from these templates")
            return None
        before = self.state()
        self.say("a change:")
        for one in said:
            self.say(f"  {one}")
        self.must("deploy", self._all, *self._deploy, assembly=copy)
        self.assembly = copy
        return self._moved(before, "what moved")

    def fail(self) -> list[Moved]:
        """Makes an update that AWS refuses, or, where no endpoint is autoscaled, one that needs a name in use.

        Returns what moved although the update was rolled back.
        """
        said: list[str] = []
        copy = self.assembly.changed(self.workspace.folder / "refused", changes.refused(said))
        taken = not said
        if taken:
            copy = self.assembly.changed(self.workspace.folder / "taken", changes.name_in_use(said))
            for look in self.looks:
                look.client("logs").create_log_group(logGroupName=changes.TAKEN)
        before = self.state()
        self.say("a change that synth lets through:")
        self.say(f"  {said[0]}")
        if self.cdk("deploy", self._all, *self._deploy, assembly=copy) == 0:
            raise DeploymentFailedError("the change was not refused")
        for stack in self._described():
            self.say(f"  {stack['StackName']}: {stack['StackStatus']}")
        rows = self._moved(before, "what moved, after the rollback")
        for look in self.looks if taken else []:
            look.client("logs").delete_log_group(logGroupName=changes.TAKEN)
        return rows

    def _moved(self, before: State, title: str) -> list[Moved]:
        rows = moved(before, self.state())
        self.say(f"{title} (describe calls before and after): {len(rows) or 'nothing'}")
        if rows:
            self.rows(table(["kind", "name", "what"], rows))
        return rows

    def destroy(self) -> State:
        """Destroys every stack; returns what is left."""
        for stack in self._described():
            if stack.get("EnableTerminationProtection"):
                region = stack["StackId"].split(":")[3]
                client = next(look for look in self.looks if look.region == region).client("cloudformation")
                client.update_termination_protection(EnableTerminationProtection=False, StackName=stack["StackName"])
                self.say(f"termination protection of {stack['StackName']} lifted, in the rehearsal only")
        self.say(f"cdk destroy {self._all}")
        self.must("destroy", self._all, "--force")
        left = self.state()
        self.say(f"what is left: {len(left) or 'nothing'}")
        if left:
            rows = [[*key, ", ".join(f"{a}: {b}" for a, b in one.items())] for key, one in sorted(left.items())]
            self.rows(table(["kind", "name", "state"], rows))
        self.say(f"done. {HONEST}")
        return left


# What each endpoint is sent: the stand-in says how alike the first text is to the others.
_TEXTS = ["dog", "puppy", "tax"]
_DEPLOY = ("--require-approval", "never", "--method", "direct", "--concurrency", "4")


def _important(status: str, kind: str) -> bool:
    """Failures, what is retained, stacks, endpoints made and deleted; the emulator reports updates of everything."""
    if status.endswith(("FAILED", "SKIPPED")) or kind == "AWS::CloudFormation::Stack":
        return True
    return kind == "AWS::SageMaker::Endpoint" and not status.startswith("UPDATE")

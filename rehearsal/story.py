"""The story of a rehearsal: bootstrap, deploy, look, invoke, change, fail, destroy."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from rehearsal import changes, processes
from rehearsal.assembly import Assembly, Source, model_sources, resources_of
from rehearsal.emulator.private_names import VERSION
from rehearsal.stand_in import files
from rehearsal.state import Look, State, moved
from rehearsal.tables import alarm_rows, endpoint_rows, table
from rehearsal.workspace import ACCOUNT, REGION, ROOT, CannotRehearseError, Workspace

HONEST = "Validated against AWS's API models and the rules in docs/rehearsal.md; not run on AWS."
_PROGRESS = re.compile(
    r"\| (?P<status>[A-Z_]+(?:COMPLETE|FAILED|SKIPPED)) +\| (?P<kind>AWS::\S+|Custom::\S+) +\| (?P<rest>.+)"
)
# What follows the logical id in brackets.
_REASON = re.compile(r"(?<=[0-9A-F]{8})\) (.+)$")
_NODE = Path("nodejs", "bin", "node")


class Story:
    """One rehearsal, told on standard output. Each line begins with the seconds since the start."""

    def __init__(self, workspace: Workspace, process: subprocess.Popen[str], assembly: Assembly) -> None:
        self.workspace, self.process, self.assembly = workspace, process, assembly
        self.look = Look(workspace)
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
        node = ROOT / ".venv" / _NODE
        command = [str(node), str(ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk"), *arguments, "--no-notices"]
        lines: list[str] = []
        told: set[str] = set()

        def line(text: str) -> None:
            lines.append(text)
            found = _PROGRESS.search(text)
            if found and _important(found["status"], found["kind"]):
                text = f"  {found['status']:18} {found['kind']:32} {_REASON.sub(')', found['rest']).strip()}"
                if text not in told:
                    told.add(text)
                    self.say(text)
                    if (reason := _REASON.search(found["rest"])) is not None:
                        self.say(f"    {reason[1]}")

        variables = self.workspace.variables(NODE_OPTIONS=f'--require "{ROOT / "rehearsal" / "only_local.cjs"}"')
        code = processes.run(
            [*command, "--app", str(app)],
            folder=self.workspace.folder,
            variables=variables,
            line=line,
            beside=self.process,
        )
        self._last = lines
        return code

    def must(self, *arguments: str, assembly: Assembly | None = None) -> None:
        """Runs the CLI.

        Raises:
            CannotRehearseError: It failed; with its last lines.
        """
        if self.cdk(*arguments, assembly=assembly):
            raise CannotRehearseError(f"cdk {' '.join(arguments)} failed:\n" + "\n".join(self._last[-12:]))

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
        self.say("cdk bootstrap")
        self.must("bootstrap", f"aws://{ACCOUNT}/{REGION}")

    def deploy(self) -> None:
        """The stacks without endpoints first: the models' bucket is there before the models are."""
        first = [name for name in self.assembly.stacks() if not self._endpoints(name)]
        if first:
            self.say(f"cdk deploy {' '.join(first)}")
            self.must("deploy", *first, *_DEPLOY)
        self.upload()
        self.say("cdk deploy --all")
        self.must("deploy", "--all", *_DEPLOY)

    def _endpoints(self, stack: str) -> bool:
        return bool(resources_of(self.assembly.template(stack), "AWS::SageMaker::Endpoint"))

    def upload(self) -> None:
        """The stand-in, to each place that a template reads a model from and that exists before its endpoint."""
        s3, done = self.look.client("s3"), []
        for source, key in sorted(set(model_sources(self.assembly)), key=str):
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
            if source not in {one["Name"] for one in self.look.client("s3").list_buckets()["Buckets"]}:
                self.look.client("s3").create_bucket(Bucket=source)
                self.say(f"bucket {source}: not in this app, assumed to exist")
            return source
        stack, output = source
        for one in self.look.client("cloudformation").describe_stacks()["Stacks"]:
            if one["StackName"] == stack:
                return next((o["OutputValue"] for o in one.get("Outputs", []) if o["OutputKey"] == output), None)
        return None

    def exists(self) -> None:
        self.say("what exists (describe calls)")
        scaling = self.look.client("application-autoscaling")
        targets = scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
        policies = scaling.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]
        rows = endpoint_rows(self.look.endpoints(), targets, policies)
        heads = ["endpoint", "status", "variant", "instance type", "now", "capacity", "scaling"]
        self.rows(table(heads, rows))
        alarms = []
        pages = self.look.client("cloudwatch").get_paginator("describe_alarms")
        for page in pages.paginate(AlarmTypes=["MetricAlarm", "CompositeAlarm"]):
            alarms += [*page.get("MetricAlarms", []), *page.get("CompositeAlarms", [])]
        topics = self.look.rehearsal("Account")["Topics"]
        print()
        self.rows(table(["alarms publish to", "alarms", "subscriptions"], alarm_rows(alarms, topics)))
        counts: dict[str, int] = {}
        for kind, _ in self.look.state():
            counts[kind] = counts.get(kind, 0) + 1
        print()
        self.rows([", ".join(f"{kind} {count}" for kind, count in counts.items())])
        self.reports()

    def reports(self) -> None:
        """What AWS allows and what breaks later; and what the emulator did not keep."""
        found = self.look.rehearsal("Reports")["Reports"]
        self.say(f"AWS would allow this, and it breaks later: {len(found) or 'nothing found'}")
        for one in found:
            self.say(f"  {one['Message']} [{one['Rule']}: {one['Source']}]")
        unread = self.look.rehearsal("Unread")["Unread"]
        left = [f"{kind.removeprefix('AWS::')} {', '.join(names)}" for kind, names in unread.items()]
        self.say(f"not rehearsed, since the emulator does not read it: {'; '.join(left) or 'nothing'}")

    def invoke(self) -> None:
        """Each endpoint through boto3, or each of its inference components."""
        client, sagemaker = self.look.client("sagemaker-runtime"), self.look.client("sagemaker")
        for endpoint in self.look.endpoints():
            name = endpoint["EndpointName"]
            if "AsyncInferenceConfig" in endpoint["Config"]:
                self.say(f"{name} is asynchronous: not invoked")
                continue
            found = sagemaker.list_inference_components(EndpointNameEquals=name)["InferenceComponents"]
            for component in [one["InferenceComponentName"] for one in found] or [None]:
                more = {"InferenceComponentName": component} if component else {}
                body = json.dumps({"inputs": _TEXTS})
                answer = client.invoke_endpoint(EndpointName=name, Body=body, ContentType="application/json", **more)
                self._answered(component or name, json.loads(answer["Body"].read()))

    def _answered(self, name: str, answer: dict[str, Any]) -> None:
        read = ", ".join(
            f"{count} object{'s' * (count > 1)} of {uri}" for uri, count in answer["model_objects"].items()
        )
        hardware = " or ".join(answer["instance_types"]) or "serverless"
        self.say(f"invoke_endpoint {name}, {answer['variant']} on {hardware}:")
        found = zip(_TEXTS[1:], answer.get("similarities", []), strict=False)
        alike = ", ".join(f"{_TEXTS[0]}/{text} {value:.2f}" for text, value in found)
        self.say(f"  {answer['rehearsal']}{f': {alike}' if alike else ''}; {read}")

    def change(self) -> None:
        said: list[str] = []
        copy = self.assembly.changed(self.workspace.folder / "changed", changes.harmless(said))
        if not said:
            self.say("no change is derived from these templates")
            return
        before = self.look.state()
        self.say("a change:")
        for one in said:
            self.say(f"  {one}")
        self.must("deploy", "--all", *_DEPLOY, assembly=copy)
        self.assembly = copy
        self._moved(before, "what moved")

    def fail(self) -> None:
        said: list[str] = []
        copy = self.assembly.changed(self.workspace.folder / "refused", changes.refused(said))
        if not said:
            self.say("no autoscaled endpoint whose instance type could change")
            return
        before = self.look.state()
        self.say("a change that synth lets through:")
        self.say(f"  {said[0]}")
        if self.cdk("deploy", "--all", *_DEPLOY, assembly=copy) == 0:
            raise CannotRehearseError("the change was not refused")
        for stack in self.look.client("cloudformation").describe_stacks()["Stacks"]:
            if stack["StackName"] in self.assembly.stacks():
                self.say(f"  {stack['StackName']}: {stack['StackStatus']}")
        self._moved(before, "what moved, after the rollback")

    def _moved(self, before: State, title: str) -> None:
        rows = moved(before, self.look.state())
        self.say(f"{title} (describe calls before and after): {len(rows) or 'nothing'}")
        if rows:
            self.rows(table(["kind", "name", "what"], rows))

    def destroy(self) -> None:
        client = self.look.client("cloudformation")
        for stack in client.describe_stacks()["Stacks"]:
            if stack.get("EnableTerminationProtection") and stack["StackName"] in self.assembly.stacks():
                client.update_termination_protection(EnableTerminationProtection=False, StackName=stack["StackName"])
                self.say(f"termination protection of {stack['StackName']} lifted, in the rehearsal only")
        self.say("cdk destroy --all")
        self.must("destroy", "--all", "--force")
        left = [
            [*key, ", ".join(f"{a}: {b}" for a, b in one.items())] for key, one in sorted(self.look.state().items())
        ]
        self.say(f"what is left: {len(left) or 'nothing'}")
        self.rows(table(["kind", "name", "state"], left))
        self.say(f"done. {HONEST}")


# What each endpoint is sent: the stand-in says how alike the first text is to the others.
_TEXTS = ["dog", "puppy", "tax"]
_DEPLOY = ("--require-approval", "never", "--method", "direct", "--concurrency", "4")


def _important(status: str, kind: str) -> bool:
    """Failures, what is retained, stacks, endpoints made and deleted; the emulator reports updates of everything."""
    if status.endswith(("FAILED", "SKIPPED")) or kind == "AWS::CloudFormation::Stack":
        return True
    return kind == "AWS::SageMaker::Endpoint" and not status.startswith("UPDATE")


def synthesized(workspace: Workspace, environment: str, say: Callable[[str], None]) -> Assembly:
    """Synthesizes this repository's app, as `cdk synth` does: the same context, no account of the shell.

    Raises:
        CannotRehearseError: The app fails.
    """
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    context |= {"environment": environment, "aws:cdk:enable-path-metadata": True, "aws:cdk:version-reporting": False}
    folder = workspace.folder / "cdk.out"
    variables = workspace.variables(
        CDK_OUTDIR=str(folder),
        CDK_CONTEXT_JSON=json.dumps(context),
        CDK_DEFAULT_ACCOUNT=ACCOUNT,
        CDK_DEFAULT_REGION=REGION,
        PYTHONPATH=str(ROOT / "constructs"),
        PYTHONDONTWRITEBYTECODE="1",
        # The cache of jsii is 213 MB: the user's own is used.
        HOME=str(Path.home()),
        JSII_NODE=str(ROOT / ".venv" / _NODE),
    )
    lines: list[str] = []
    python = str(ROOT / ".venv" / "bin" / "python")
    code = processes.run(
        [python, str(ROOT / "app.py")], folder=workspace.folder, variables=variables, line=lines.append
    )
    if code:
        raise CannotRehearseError("the app does not synthesize:\n" + "\n".join(lines[-30:]))
    say(f"synthesized {environment}")
    return Assembly(folder)


def needs() -> None:
    """Checks what must be there.

    Raises:
        CannotRehearseError: Node, the CDK CLI or the emulator is missing; all at once.
    """
    problems = []
    if not (ROOT / ".venv" / _NODE).exists():
        problems.append("Node: got none in .venv; fix: make rehearse, which brings it")
    if not (ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk").exists():
        problems.append("CDK CLI: got none in node_modules; fix: make rehearse, which brings it")
    try:
        found = version("ministack")
    except PackageNotFoundError:
        found = "none"
    if found != VERSION:
        fix = "fix: make rehearse, which makes .venv/rehearsal"
        problems.append(f"ministack: got {found} for {sys.executable}; allowed: {VERSION}; {fix}")
    if problems:
        raise CannotRehearseError("\n".join(problems))

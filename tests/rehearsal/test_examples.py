"""Both environments and every example: created, updated, broken, rolled back and destroyed, as `make rehearse` does.

The stacks go to the engine by its API: the CDK CLI would take ten seconds for each.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from rehearsal.assembly import Assembly, StackFile
from rehearsal.story import Story
from rehearsal.synthesis import placed
from rehearsal.workspace import DeploymentFailedError
from tests.rehearsal.cloud import PLENTY, Cloud, each_on_emulator, needs_emulator
from tests.synthesized import SUBJECTS, subject

# The synthesized apps are shared with the snapshots: the same worker runs both.
pytestmark = [needs_emulator, pytest.mark.xdist_group("synthesized")]
# Kinds that a destroyed stack may leave: what its template retains, and buckets that it does not make.
RETAINED = {"log group", "bucket", "key", "guardrail"}

# Rules that report an example, since it names an endpoint that another app has.
REPORTED = {key: {"metric-never-comes"} for key in ("example-caller", "example-cost_alarms", "example-serve_either")}
# An instance type that botocore does not know yet: the API's model refuses it.
REFUSED = {"example-new_hardware": "'ml.g99.2xlarge' is not in the enum ProductionVariantInstanceType"}


class Direct(Story):
    """The story without the CLI."""

    def __init__(self, cloud: Cloud, assembly: Assembly, folder: Path) -> None:
        place = placed(replace(cloud.place, folder=folder), assembly)
        super().__init__(place, None, assembly, None)  # type: ignore[arg-type]  # the CLI's alone
        self._clouds = {region: cloud.inside(region, place.account) for region in place.regions}
        self.looks = [one.look for one in self._clouds.values()]
        self.look = self.looks[0]

    def bootstrap(self) -> None:
        for cloud in self._clouds.values():
            cloud.bootstrap()
            cloud.publish(self.assembly.folder)

    def _cloud(self, stack: StackFile) -> Cloud:
        return self._clouds.get(stack.region) or next(iter(self._clouds.values()))

    def cdk(self, *arguments: str, assembly: Assembly | None = None) -> int:
        """Deploys or destroys as the CLI does: in the order of dependencies, ended by the first failure."""
        found, known = assembly or self.assembly, self._known()
        self._last = []
        chosen = {name: one for name, one in _ordered(found) if {one.selector, self._all} & set(arguments)}
        if arguments[0] == "destroy":
            for name, one in reversed(chosen.items()):
                self._cloud(one).formation.delete_stack(StackName=name)
                while self._known().get(name) == "DELETE_IN_PROGRESS":
                    time.sleep(0.02)
            return int(bool(self._known()))
        for name, one in chosen.items():
            status, self._last = self._cloud(one).deploy(found.template(name), name, update=name in known)
            if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
                return 1
        return 0

    def _known(self) -> dict[str, str]:
        return {one["StackName"]: one["StackStatus"] for one in self._described()}


def _ordered(assembly: Assembly) -> list[tuple[str, StackFile]]:
    left, ordered = dict(assembly.stacks()), []
    while left:
        waiting = {one.artifact for one in left.values()}
        ready = [name for name, one in left.items() if not waiting & {*one.dependencies}]
        ordered += [(name, left.pop(name)) for name in ready]
    return ordered


def _arrange(story: Direct, cloud: Cloud) -> None:
    """What examples take for granted in their account: a topic, a secret and an image's repository."""
    story.bootstrap()
    cloud.look.client("sns").create_topic(Name="on-call")
    cloud.look.client("secretsmanager").create_secret(Name="hub-token", SecretString='{"token": "x"}')
    for look in story.looks:
        look.client("ecr").create_repository(repositoryName="ranking")


@each_on_emulator("name", SUBJECTS)
def test_it_is_created_updated_rolled_back_and_destroyed(cloud: Cloud, name: str, tmp_path: Path) -> None:
    cloud.clear(PLENTY)
    story = Direct(cloud, Assembly(subject(name).folder), tmp_path)
    _arrange(story, cloud)
    before = story.state()
    if name in REFUSED:
        with pytest.raises(DeploymentFailedError, match=REFUSED[name]):
            story.deploy()
        return
    story.deploy()
    reported = {one["Rule"] for look in story.looks for one in look.rehearsal("Reports")["Reports"]}
    assert reported == REPORTED.get(name, set())
    story.invoke()
    assert story.change()
    assert story.fail() == []
    left = story.destroy().keys() - before.keys()
    assert {kind for kind, _ in left} <= RETAINED

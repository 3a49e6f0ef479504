"""What cdk-nag and the CDK's own validation say of the fleet, and what was accepted, with reasons."""

from __future__ import annotations

import re

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from stacks.settings import ENVIRONMENTS
from tests.each import each
from tests.synthesized import HELD_TO_PACKS, fleet, subject

pytestmark = pytest.mark.xdist_group("synthesized")

PACKS = {"AwsSolutions", "HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321"}


@each("environment", ENVIRONMENTS)
def test_no_finding_is_open(environment: str) -> None:
    report = fleet(environment).report()
    assert [plugin for plugin in report["pluginReports"] if plugin["violations"]] == []


@each("environment", ENVIRONMENTS)
def test_all_four_packs_have_run(environment: str) -> None:
    names = {plugin["pluginName"] for plugin in fleet(environment).report()["pluginReports"]}
    assert names >= PACKS


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_acknowledgements(environment: str, snapshot: SnapshotAssertion) -> None:
    table = [list(row) for row in fleet(environment).acknowledgements()]
    assert table == snapshot(extension_class=JSONSnapshotExtension)


@each("name", HELD_TO_PACKS)
def test_every_acknowledgement_meets_a_finding(name: str) -> None:
    found = subject(name)
    met = {
        (violation["acknowledgedAt"], violation["acknowledgedId"])
        for plugin in found.report()["pluginReports"]
        for violation in plugin.get("suppressedViolations", [])
    }
    assert [(path, rule) for path, rule, _ in found.acknowledgements() if (path, rule) not in met] == []


@each("name", HELD_TO_PACKS)
def test_every_reason_names_the_property_and_a_page(name: str) -> None:
    pattern = re.compile(r"[A-Z]\w+: .+\. https://docs\.aws\.amazon\.com/\S+")
    reasons = {reason for _, _, reason in subject(name).acknowledgements()}
    assert [reason for reason in reasons if not pattern.fullmatch(reason)] == []

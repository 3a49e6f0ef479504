"""Alarms that run a step policy act, so the rule packs have nothing to say about them, and nothing is acknowledged."""

from __future__ import annotations

import json
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from cdk_nag import HIPAASecurityChecks, NIST80053R5Checks

from cdk_inference.kit.autoscaling import attach
from cdk_inference.scaling import ScalableTarget, TargetBacklog
from tests.each import each


@each(("acts", "findings"), [(True, 0), (False, 2)])
def test_the_alarm_that_wakes_passes_the_packs(tmp_path: Path, acts: bool, findings: int) -> None:
    app = cdk.App(outdir=str(tmp_path))
    cdk.Validations.of(app).add_plugins(NIST80053R5Checks(app), HIPAASecurityChecks(app))
    stack = cdk.Stack(app, "fleet")
    policy = TargetBacklog(per_instance=1, min_instances=0, max_instances=2)
    attach(stack, policy, ScalableTarget.variant("async", "chat", "AllTraffic"), depends_on=[])
    if not acts:
        alarm = stack.node.find_child("WakeAlarm").node.default_child
        assert isinstance(alarm, cloudwatch.CfnAlarm)
        alarm.alarm_actions = []
        with pytest.raises(RuntimeError):
            app.synth()
    else:
        app.synth()
    report = (tmp_path / "validation-report.json").read_text()
    assert json.dumps(json.loads(report)).count('-CloudWatchAlarmAction"') == findings

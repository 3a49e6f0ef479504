"""Every dashboard's body before the judge: linters of templates see a string."""

from __future__ import annotations

import pytest

from tests.each import each
from tests.judges.dashboard_body import body_of, findings
from tests.support import of_type
from tests.synthesized import SUBJECTS, templates

pytestmark = pytest.mark.xdist_group("synthesized")


@each("name", SUBJECTS)
def test_dashboards(name: str) -> None:
    for stack in templates(name):
        for properties in of_type(stack.template, "AWS::CloudWatch::Dashboard"):
            assert findings(body_of(properties)) == []

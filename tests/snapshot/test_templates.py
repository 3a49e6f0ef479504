"""Every stack of every environment, and every example, as it was read and approved."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from tests.synthesized import SUBJECTS, templates


@pytest.mark.parametrize("name", SUBJECTS)
@pytest.mark.xdist_group("synthesized")
def test_template(name: str, snapshot: SnapshotAssertion) -> None:
    found = {stack.name: stack.template for stack in templates(name)}
    assert found == snapshot(extension_class=JSONSnapshotExtension)

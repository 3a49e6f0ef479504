"""What differs between the templates of each row of the table of updates, as it was read and approved."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from tests.unit.review.cases import sides
from tests.unit.review.differences import differences, resources


@pytest.mark.xdist_group("transitions")
def test_what_differs(snapshot: SnapshotAssertion) -> None:
    found = {id: differences(resources(before), resources(after)) for id, (before, after, _) in sides().items()}
    assert found == snapshot(extension_class=JSONSnapshotExtension)

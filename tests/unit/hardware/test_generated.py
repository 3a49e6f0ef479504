"""The tables of instance types against the installed packages."""

import functools
import gzip
import json
import re

import pytest

from cdk_inference.hardware import instance_types, lookup, table
from scripts.refresh import hosting_regions
from scripts.refresh import instance_types as generator
from scripts.refresh._packages import installed

pytestmark = pytest.mark.xdist_group("instance_types")


def test_the_catalogue_has_every_type_of_the_api():
    assert {found.name for found in instance_types()} == set(hosting_regions.api_types())


def test_the_tables_have_every_priced_type_with_its_regions():
    listed = hosting_regions.regions_by_type()
    assert {name: sorted(found.regions) for name, found in table.shipped().items() if found.regions} == listed
    priced_only = {name for name, found in table.shipped().items() if not found.in_api}
    assert priced_only == set(listed) - set(hosting_regions.api_types())
    assert {"ml.t3.medium", "ml.m7g.large"} <= priced_only


@functools.cache
def rows():
    """What the installed packages give."""
    return generator.instance_type_rows()


def test_every_row_has_its_kind_and_every_accelerated_row_its_count():
    for row in rows():
        assert row["kind"] in ("gpu", "neuron", "gaudi", "cpu"), row
        assert (row["accelerators"] == 0) == (row["kind"] == "cpu"), row
        assert (row["neuroncores"] == 0) == (row["kind"] != "neuron"), row
        assert "accelerator" in row or row["kind"] == "cpu", row


def test_a_type_that_no_package_describes_asks_for_a_correction(monkeypatch):
    monkeypatch.setattr(generator, "api_types", lambda: [*hosting_regions.api_types(), "ml.g99.xlarge"])
    with pytest.raises(ValueError, match=r"the hardware of ml\.g99\.xlarge; add a Correction with its page"):
        generator.instance_type_rows()


def test_a_correction_wins_over_the_packages():
    found = {row["type"]: row for row in rows()}
    assert found["ml.trn2.48xlarge"]["memory_gib"] == 96.0
    assert all(correction.url.startswith("https://") for correction in generator.CORRECTIONS)
    for correction in generator.CORRECTIONS:
        assert any(name.startswith(correction.prefix) for name in found), correction


def test_the_networks_baseline_agrees_with_the_words_that_ec2_publishes():
    """ "50 Gigabit" is the baseline itself; "Up to 25 Gigabit" names what a burst can reach, so more than it."""
    path = installed("moto", "moto/ec2/resources/instance_types.json.gz")
    published = json.loads(gzip.decompress(path.read_bytes()))
    compared = 0
    for name, found in table.shipped().items():
        network = published.get(name.removeprefix("ml."), {}).get("NetworkInfo")
        assert (found.network_gbps is None) == (network is None), name
        words = re.fullmatch(r"(Up to )?([0-9.]+) Gigabit", network["NetworkPerformance"]) if network else None
        # Types with several cards publish the sum of them, some of them of fewer; the oldest publish "Moderate".
        if words is None or network["MaximumNetworkCards"] > 1:
            continue
        compared += 1
        if words[1]:
            assert found.network_gbps < float(words[2]), name
        else:
            assert found.network_gbps == float(words[2]), name
    assert compared > 270


def test_the_volume_rule_is_that_of_sagemaker_core():
    rule = generator.volume_rule()
    assert [rule(name) for name in ("ml.inf2.xlarge", "ml.g7.2xlarge", "ml.g5.xlarge", "ml.m5d.large")] == [
        *(True, True, False, False)
    ]
    for found in instance_types():
        assert found.storage_volume == (rule(found.name) and not found.nvme_gb)
    assert not lookup("ml.g7.2xlarge").storage_volume

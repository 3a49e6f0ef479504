"""Looking types up, registering new ones, and what an `InstanceType` refuses."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import cdk_inference
from cdk_inference import hardware
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.hardware import InstanceType, instance_types, known, lookup, region_problem, regions, register, table
from cdk_inference.hardware import type_problem as check_type
from tests.each import each

TOKEN = "${Token[TOKEN.12]}"
G8 = {"name": "ml.g8.2xlarge", "kind": "gpu", "accelerator": "NVIDIA X", "accelerators": 1, "memory_gib": 48}


@each(
    ("name", "accepted"),
    [("ml.inf2.xlarge", True), ("ml.c5.12xlarge", False), ("ml.inf3.xlarge", False), ("", False), (None, False)],
)
def test_a_type_is_known_where_the_api_accepts_it(name, accepted):
    assert (known(name) is not None) is accepted
    assert known(name) is (lookup(name) if accepted else None)


def test_a_neuron_type_has_its_cores_and_takes_a_volume():
    found = lookup("ml.inf2.xlarge")
    assert (found.family, found.size, found.kind, found.accelerator) == ("inf2", "xlarge", "neuron", "Inferentia2")
    assert (found.accelerators, found.memory_gib, found.accelerator_memory_gib) == (1, 32.0, 32.0)
    assert (found.neuroncores, found.vcpus, found.ram_gib) == (2, 4, 16.0)
    assert (found.nvme_gb, found.efa_interfaces, found.architecture) == (0, 0, "x86_64")
    assert (found.network_gbps, found.ebs_mb_per_second) == (2.083, 156.25)
    assert found.storage_volume
    assert found.in_api
    assert found.regions is not None
    assert "us-east-1" in found.regions


@each(
    ("name", "neuroncores", "total_gib"),
    [
        ("ml.inf1.xlarge", 4, 8.0),
        ("ml.inf1.24xlarge", 64, 128.0),
        ("ml.inf2.48xlarge", 24, 384.0),
        ("ml.trn1.32xlarge", 32, 512.0),
        ("ml.trn2.48xlarge", 128, 1536.0),  # 96 GiB for each Trainium2; EC2's API says 512
        ("ml.g6.12xlarge", 0, 89.6),
        ("ml.p3.8xlarge", 0, 64.0),
        ("ml.dl1.24xlarge", 0, 256.0),
        ("ml.m5.large", 0, 0.0),
        ("ml.p6e-gb200.36xlarge", 0, None),
    ],
)
def test_cores_and_memory_of_the_whole_instance(name, neuroncores, total_gib):
    assert (lookup(name).neuroncores, lookup(name).accelerator_memory_gib) == (neuroncores, total_gib)


@each("name", ["ml.g5.xlarge", "ml.g7.2xlarge", "ml.p6-b300.48xlarge", "ml.p6e-gb200.36xlarge", "ml.m5d.large"])
def test_local_nvme_means_no_volume(name):
    assert (lookup(name).nvme_gb or 0) > 0
    assert not lookup(name).storage_volume


def test_what_is_not_known_is_none():
    assert (lookup("ml.p2.xlarge").vcpus, lookup("ml.p2.xlarge").ram_gib) == (None, None)
    assert lookup("ml.p6e-gb200.36xlarge").memory_gib is None
    assert (lookup("ml.p3.2xlarge").network_gbps, lookup("ml.t2.medium").ebs_mb_per_second) == (None, None)


@each(
    ("name", "gbps"), [("ml.g6.xlarge", 2.5), ("ml.g6.12xlarge", 40), ("ml.t2.medium", 0.256), ("ml.p5.48xlarge", 100)]
)
def test_the_network_is_the_baseline_of_one_card(name, gbps):
    assert lookup(name).network_gbps == gbps


# Karpenter's table of EC2's API, in Mbit/s: pkg/providers/instancetype/zz_generated.bandwidth.go of
# github.com/aws/karpenter-provider-aws (2026-08-18). Its page of 2026-07-11 had 60, 60 and 80 for the first three.
@each(("size", "gbps"), [("2xlarge", 40), ("4xlarge", 80), ("8xlarge", 100), ("12xlarge", 175)])
def test_the_network_of_g7_is_that_of_ec2s_api(size, gbps):
    assert lookup(f"ml.g7.{size}").network_gbps == gbps


def test_types_of_the_api_and_regions_are_offered():
    assert len(instance_types()) >= 277
    assert all(found.in_api for found in instance_types())
    assert len(regions()) >= 38
    assert regions() == tuple(sorted(regions()))


def test_the_knowledge_has_a_date_and_versions():
    date.fromisoformat(hardware.KNOWLEDGE_DATE)
    number = r"[0-9.]+"
    assert re.fullmatch(
        rf"Instance types of botocore {number}, cfn-lint {number}, moto {number}, sagemaker-core {number},"
        rf" hosting regions of the AWS Price List of {hardware.KNOWLEDGE_DATE}\.",
        hardware.KNOWLEDGE,
    )
    for module in (hardware, hardware.catalogue):
        with pytest.raises(AttributeError, match="KNOWLEDGE_DAY"):
            _ = module.KNOWLEDGE_DAY


@each("name", ["ml.inf3.xlarge", "ml.t3.medium", None, 3])
def test_lookup_refuses_what_type_problem_refuses(name):
    with pytest.raises(ConfigurationError) as caught:
        lookup(name)
    assert str(caught.value) == f"lookup(): {check_type('name', name)}"


def test_lookup_refuses_a_token():
    with pytest.raises(ConfigurationError) as caught:
        lookup(TOKEN)
    assert str(caught.value) == (
        f"lookup(): name: got '{TOKEN}'; allowed: a name that is known at synth time;"
        " fix: write it as in 'ml.g5.xlarge'"
    )


def test_a_new_type_is_registered_in_one_line():
    assert check_type("hardware", "ml.g8.2xlarge") is not None
    new = register(InstanceType(**G8, storage_volume=False))
    assert lookup("ml.g8.2xlarge") is new
    assert new in instance_types()
    assert (new.vcpus, new.regions, new.neuroncores, new.accelerator_memory_gib) == (None, None, 0, 48)
    assert check_type("hardware", "ml.g8.2xlarge") is None
    assert region_problem("hardware", new, "us-east-1") is None


def test_registering_the_same_value_twice_is_fine_and_another_value_is_not():
    register(InstanceType(**G8, storage_volume=False))
    register(InstanceType(**G8, storage_volume=False))
    register(lookup("ml.g5.xlarge"))
    assert list(table.registered) == ["ml.g8.2xlarge"]
    with pytest.raises(ConfigurationError) as caught:
        register(InstanceType(**G8, storage_volume=True))
    assert str(caught.value) == (
        f"register(): instance_type: got {InstanceType(**G8, storage_volume=True)!r}; allowed: a type that is not known"
        f" yet; known is {lookup('ml.g8.2xlarge')!r}; fix: leave the call out and use lookup('ml.g8.2xlarge')"
    )
    with pytest.raises(ConfigurationError, match=r"known is InstanceType\(name='ml.g5.xlarge'"):
        register(InstanceType(name="ml.g5.xlarge", kind="gpu", storage_volume=False))


def test_a_priced_type_may_be_registered_once_the_api_has_it():
    new = register(InstanceType(name="ml.t3.medium", kind="cpu", storage_volume=True))
    assert lookup("ml.t3.medium") is new
    assert (new.accelerators, new.accelerator_memory_gib) == (0, 0.0)


def test_register_refuses_other_things():
    with pytest.raises(ConfigurationError) as caught:
        register("ml.g8.2xlarge")
    assert str(caught.value) == (
        "register(): instance_type: got 'ml.g8.2xlarge'; allowed: an InstanceType; fix: write"
        ' register(InstanceType(name="ml.g8.2xlarge", kind="gpu", storage_volume=False))'
    )
    with pytest.raises(ConfigurationError, match="in_api: got False"):
        register(InstanceType(**G8, storage_volume=False, in_api=False))


def test_an_instance_type_tells_every_problem_at_once():
    with pytest.raises(ConfigurationError) as caught:
        InstanceType(name="g8", kind="tpu", storage_volume="no", vcpus=0, memory_gib=-1, regions=["us-east-1"])
    assert [problem.argument for problem in caught.value.problems] == [
        *("name", "kind", "storage_volume", "vcpus", "memory_gib", "regions")
    ]
    assert str(caught.value.problems[0]) == (
        "name: got 'g8'; allowed: ml.<family>.<size>; fix: write it as in 'ml.g5.xlarge'"
    )


@each(
    ("change", "argument"),
    [
        ({"accelerators": -1}, "accelerators"),
        ({"accelerators": 0}, "accelerators"),
        ({"accelerators": True}, "accelerators"),
        ({"vcpus": 1.5}, "vcpus"),
        ({"vcpus": -1.888e289}, "vcpus"),
        ({"nvme_gb": -1}, "nvme_gb"),
        ({"efa_interfaces": -1}, "efa_interfaces"),
        ({"ram_gib": float("nan")}, "ram_gib"),
        ({"network_gbps": 0}, "network_gbps"),
        ({"ebs_mb_per_second": "156"}, "ebs_mb_per_second"),
        ({"ram_gib": float("inf")}, "ram_gib"),
        ({"architecture": "arm"}, "architecture"),
        ({"accelerator": 5}, "accelerator"),
        ({"neuroncores": 2}, "neuroncores"),
        ({"source": None}, "source"),
        ({"name": TOKEN}, "name"),
        ({"name": "ml.g8.2xlarge\n"}, "name"),
        ({"in_api": "yes"}, "in_api"),
        ({"regions": frozenset({1})}, "regions"),
        ({"kind": "cpu", "accelerator": None, "accelerators": None}, "memory_gib"),
    ],
)
def test_each_field_is_checked(change, argument):
    with pytest.raises(ConfigurationError) as caught:
        InstanceType(**(G8 | {"storage_volume": False} | change))
    assert [problem.argument for problem in caught.value.problems] == [argument]


def test_the_room_is_light_to_import():
    code = (
        "import sys, cdk_inference.hardware as h; print(*sys.modules)\n"
        "h.lookup('ml.g5.xlarge'), h.KNOWLEDGE; print(*sys.modules)"
    )
    source_root = Path(cdk_inference.__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=source_root, capture_output=True, text=True, check=True)
    imported, used = (set(line.split()) for line in done.stdout.splitlines())
    assert "importlib.resources" not in imported
    assert {"aws_cdk", "constructs", "boto3", "botocore", "jsii"}.isdisjoint(used)

"""What a construct is told about a type that does not exist, or that its region lacks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.core.checks import is_token
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.hardware import (
    KNOWLEDGE_DATE,
    InstanceType,
    instance_types,
    known_region,
    lookup,
    region_problem,
    regions,
    register,
    register_region,
    type_problem,
)
from tests.each import each

TOKEN = "${Token[AWS.Region.4]}"
NO_SUCH = f"allowed: an instance type of SageMaker hosting; as of {KNOWLEDGE_DATE} there is no such type"
SINCE = "; if AWS has released it since, register() it first"
PRICED = (
    f"allowed: an instance type of SageMaker hosting; as of {KNOWLEDGE_DATE} the AWS Price List prices ml.t3.medium for"
    " hosting but the API's list of types lacks it; fix: use 'ml.t2.medium', 'ml.t2.large' or 'ml.t2.xlarge'"
)
NO_PREFIX = "allowed: an instance type as SageMaker writes it, 'ml.' first; fix: write 'ml.g5.xlarge'"
NO_LIST = (
    "allowed: the name of an instance type as text; fix: for several types write hardware=InstancePools(types=(...))"
)
NO_TEXT = "allowed: the name of an instance type as text; fix: write it as in 'ml.g5.xlarge'"
TYPES = st.sampled_from(instance_types())
REGIONS = st.sampled_from(regions())


@each(
    ("name", "message"),
    [
        (
            "ml.inf3.xlarge",
            f"{NO_SUCH}: there is no Inferentia3 in any AWS API or in the Neuron SDK;"
            f" fix: use 'ml.inf2.xlarge', 'ml.inf2.8xlarge' or 'ml.inf2.24xlarge'{SINCE}",
        ),
        (
            "ml.trn3.48xlarge",
            f"{NO_SUCH}: Trainium3 exists but is in no EC2 or SageMaker instance-type enum;"
            f" fix: use 'ml.trn1.2xlarge', 'ml.trn1.32xlarge' or 'ml.trn1n.32xlarge'{SINCE}",
        ),
        ("ml.g5.xlrge", f"{NO_SUCH}; fix: use 'ml.g5.xlarge', 'ml.g5.2xlarge' or 'ml.g5.4xlarge'{SINCE}"),
        ("ml.inff2.xlarge", f"{NO_SUCH}; fix: use 'ml.inf2.xlarge', 'ml.inf2.8xlarge' or 'ml.inf2.24xlarge'{SINCE}"),
        ("ml.g8.2xlarge", f"{NO_SUCH}; fix: use 'ml.g7.2xlarge', 'ml.g7.12xlarge' or 'ml.g7.24xlarge'{SINCE}"),
        ("hello", f"{NO_SUCH}; fix: choose one of cdk_inference.hardware.instance_types()"),
        ("ml.t3.medium", PRICED + SINCE),
        ("t3.medium", PRICED + SINCE),
        ("g5.xlarge", NO_PREFIX),
        ("ML.G5.XLARGE", NO_PREFIX),
        (" ml.g5.xlarge ", NO_PREFIX),
        (None, NO_TEXT),
        (5, NO_TEXT),
        (["ml.g5.xlarge"], NO_LIST),
    ],
)
def test_the_message_about_a_wrong_type(name, message):
    assert str(type_problem("hardware", name)) == f"hardware: got {name!r}; {message}"


def test_a_token_is_let_through():
    assert type_problem("hardware", TOKEN) is None
    assert region_problem("hardware", lookup("ml.trn1.2xlarge"), TOKEN) is None


def test_the_same_kind_comes_before_a_smaller_type_of_another_kind():
    fix = region_problem("hardware", lookup("ml.g6.xlarge"), "af-south-1").fix
    assert fix == (
        "use 'ml.g4dn.12xlarge' (4 x NVIDIA T4, 64 GiB) or 'ml.inf1.6xlarge' (4 x Inferentia, 32 GiB),"
        " or deploy to a region that lists ml.g6.xlarge;"
        " if af-south-1 lists it by now, call register_region('ml.g6.xlarge', 'af-south-1') first"
    )


def test_a_type_that_no_region_lists_is_not_suggested():
    # ml.trn2.48xlarge is in the API, but the nearest types to be had are the rest of its line.
    problem = type_problem("hardware", "ml.trn2.24xlarge")
    assert problem.fix == f"use 'ml.trn1.2xlarge', 'ml.trn1.32xlarge' or 'ml.trn1n.32xlarge'{SINCE}"


def test_a_registered_type_is_suggested_where_it_is_listed():
    new = {"name": "ml.inf3.xlarge", "kind": "neuron", "accelerator": "Inferentia3", "accelerators": 1}
    register(InstanceType(**new, memory_gib=40, storage_volume=True, regions=frozenset({"af-south-1"})))
    assert "'ml.inf3.xlarge'" in type_problem("hardware", "ml.inf3.2xlarge").fix
    fix = region_problem("hardware", lookup("ml.inf2.xlarge"), "af-south-1").fix
    assert "'ml.inf3.xlarge' (1 x Inferentia3, 40 GiB)" in fix


@given(st.text() | st.from_regex(r"(ml\.)?[a-z]{1,4}[0-9]?[a-z]?\.[0-9]{0,2}x?large", fullmatch=True))
def test_any_text_is_either_a_known_type_or_a_problem(name):
    known = {found.name for found in instance_types()}
    problem = type_problem("hardware", name)
    assert (problem is None) == (name in known or is_token(name))
    if problem is not None:
        assert str(problem).startswith(f"hardware: got {name!r}; allowed: ")
        suggested = [word for word in problem.fix.split("'") if word.startswith("ml.")]
        assert len(suggested) <= 3
        assert all(lookup(word).regions for word in suggested if problem.fix.startswith("use"))


@each(
    ("name", "region", "message"),
    [
        (
            "ml.trn2.48xlarge",
            "us-east-1",
            f"allowed: a type that us-east-1 lists for hosting; as of {KNOWLEDGE_DATE} no region lists it for hosting;"
            " fix: use 'ml.p6-b300.48xlarge' (8 x NVIDIA B300, 2148.8 GiB)",
        ),
        (
            "ml.trn2.48xlarge",
            "af-south-1",
            f"allowed: a type that af-south-1 lists for hosting; as of {KNOWLEDGE_DATE} no region lists it for hosting;"
            " fix: choose one whose regions include 'af-south-1' from cdk_inference.hardware.instance_types()",
        ),
        (
            "ml.trn1.2xlarge",
            "eu-west-1",
            f"allowed: a type that eu-west-1 lists for hosting; as of {KNOWLEDGE_DATE} this one is listed in us-east-1,"
            " us-west-2; fix: use 'ml.inf2.xlarge' (1 x Inferentia2, 32 GiB), 'ml.inf1.6xlarge' (4 x Inferentia,"
            " 32 GiB) or 'ml.g4dn.12xlarge' (4 x NVIDIA T4, 64 GiB), or deploy to a region that lists ml.trn1.2xlarge",
        ),
        (
            "ml.p5.48xlarge",
            "eu-central-1",
            f"allowed: a type that eu-central-1 lists for hosting; as of {KNOWLEDGE_DATE} this one is listed in"
            " eu-west-2, ap-southeast-2, ca-central-1, sa-east-1, us-east-1, us-east-2, us-west-2;"
            " fix: use 'ml.p4de.24xlarge' (8 x NVIDIA A100, 640 GiB)"
            " or 'ml.g7e.48xlarge' (8 x NVIDIA RTX PRO Server 6000, 768 GiB), or deploy to"
            " a region that lists ml.p5.48xlarge",
        ),
        (
            "ml.c7i.xlarge",
            "af-south-1",
            f"allowed: a type that af-south-1 lists for hosting; as of {KNOWLEDGE_DATE} this one is listed in"
            " ap-east-2, ap-northeast-1, ap-southeast-6, ap-southeast-7, eu-north-1, eu-south-2, eu-west-1,"
            " mx-central-1, us-east-1, us-east-2, us-west-2;"
            " fix: use 'ml.c5.xlarge' (4 vCPUs, 8 GiB), 'ml.c5d.xlarge' (4 vCPUs,"
            " 8 GiB) or 'ml.m5.xlarge' (4 vCPUs, 16 GiB), or deploy to a region that lists ml.c7i.xlarge",
        ),
        (
            "ml.p5en.48xlarge",
            "af-south-1",
            f"allowed: a type that af-south-1 lists for hosting; as of {KNOWLEDGE_DATE} this one is listed in"
            " ap-northeast-1, ap-south-1, ap-southeast-3, eu-north-1, eu-south-2, us-east-1, us-east-2, us-west-1,"
            " us-west-2; fix: deploy to a region that lists ml.p5en.48xlarge",
        ),
    ],
)
def test_the_message_about_a_region_that_lacks_a_type(name, region, message):
    by_now = f"if {region} lists it by now, call register_region({name!r}, {region!r}) first"
    assert str(region_problem("hardware", lookup(name), region)) == f"hardware: got {name!r}; {message}; {by_now}"


@given(TYPES, REGIONS)
def test_a_region_passes_exactly_the_types_it_lists(found, region):
    problem = region_problem("hardware", found, region)
    assert (problem is None) == (region in found.regions)
    if problem is not None:
        assert problem.argument == "hardware"
        assert str(problem).startswith(f"hardware: got '{found.name}'; allowed: a type that {region} lists")
        for listing in found.regions:
            assert listing in problem.allowed


@given(TYPES, REGIONS)
def test_an_alternative_is_listed_and_no_smaller(found, region):
    problem = region_problem("hardware", found, region)
    fix = "" if problem is None else problem.fix.partition(";")[0]
    words = fix.split("'")[1::2] if fix.startswith("use") else []
    assert len(words) <= 3
    assert len({lookup(word).family for word in words}) == len(words)
    for other in map(lookup, words):
        assert region in other.regions
        assert (other.kind == "cpu") == (found.kind == "cpu")
        assert other.accelerator_memory_gib >= found.accelerator_memory_gib
        if found.kind == "cpu":
            assert (other.vcpus >= found.vcpus, other.ram_gib >= found.ram_gib) == (True, True)
            assert other.architecture == found.architecture


@given(TYPES, st.text())
def test_a_region_that_the_tables_lack_is_let_through(found, region):
    if region not in regions():
        assert not known_region(region)
        assert (region_problem("hardware", found, region) is None) == bool(found.regions)


def test_what_is_not_known_is_let_through():
    assert region_problem("hardware", lookup("ml.trn1.2xlarge"), None) is None
    assert not known_region(None)
    assert not known_region(TOKEN)
    assert known_region("us-east-1")
    unlisted = InstanceType(name="ml.g8.2xlarge", kind="gpu", storage_volume=False)
    assert region_problem("hardware", unlisted, "us-east-1") is None


def test_a_type_that_no_region_lists_is_a_problem_wherever_it_goes():
    assert str(region_problem("hardware", lookup("ml.trn2.48xlarge"), None)) == (
        f"hardware: got 'ml.trn2.48xlarge'; allowed: a type that some region lists for hosting; as of {KNOWLEDGE_DATE}"
        " no region lists this one; fix: choose one whose regions include yours from"
        " cdk_inference.hardware.instance_types()"
    )


@pytest.mark.parametrize("region", ["mx-central-1", "us-gov-east-1", "us-isob-east-1", "eusc-de-east-1", "cn-north-1"])
def test_regions_of_every_partition_can_be_registered(region):
    assert region in register_region("ml.trn1.2xlarge", region).regions


def test_a_region_that_lists_a_type_by_now_can_be_registered():
    assert register_region("ml.trn1.2xlarge", "eu-west-1").regions == {"us-east-1", "us-west-2", "eu-west-1"}
    assert region_problem("hardware", lookup("ml.trn1.2xlarge"), "eu-west-1") is None


@pytest.mark.parametrize("region", [TOKEN, "", None, 3, "Ireland", "eu-west", "eu-west-1a", " eu-west-1", "EU-WEST-1"])
def test_only_a_known_type_and_a_named_region_can_be_registered(region):
    with pytest.raises(ConfigurationError) as caught:
        register_region("ml.trn1.2xlarge", region)
    assert str(caught.value) == (
        f"register_region(): region: got {region!r}; allowed: the name of a region; "
        "fix: write register_region('ml.trn1.2xlarge', 'eu-west-1')"
    )


@each("name", ["ml.trn2.48xlarge", "ml.p5e.48xlarge", "ml.p6e-gb200.36xlarge"])
def test_these_are_in_the_api_but_in_no_region(name):
    assert type_problem("hardware", name) is None
    assert lookup(name).regions == frozenset()
    assert all(
        "no region lists it for hosting" in region_problem("hardware", lookup(name), one).allowed for one in regions()
    )

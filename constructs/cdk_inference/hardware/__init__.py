"""Instance types of SageMaker hosting: accelerators, memory, NeuronCores, and which region lists which type.

Plain Python without aws_cdk or boto3. `lookup("ml.inf2.xlarge")` gives an `InstanceType`; `register()` adds one that
is newer than the tables; `type_problem()` and `region_problem()` report what is wrong with a choice.
"""

from cdk_inference.hardware import catalogue as _catalogue
from cdk_inference.hardware.availability import known_region, region_problem, type_problem
from cdk_inference.hardware.catalogue import (
    instance_types,
    is_registered,
    known,
    lookup,
    regions,
    register,
    register_region,
)
from cdk_inference.hardware.instance_type import InstanceType

KNOWLEDGE_DATE: str
KNOWLEDGE: str

__all__ = [
    "KNOWLEDGE",
    "KNOWLEDGE_DATE",
    "InstanceType",
    "instance_types",
    "is_registered",
    "known",
    "known_region",
    "lookup",
    "region_problem",
    "regions",
    "register",
    "register_region",
    "type_problem",
]


def __getattr__(name: str) -> str:
    if name in ("KNOWLEDGE", "KNOWLEDGE_DATE"):
        return str(getattr(_catalogue, name))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

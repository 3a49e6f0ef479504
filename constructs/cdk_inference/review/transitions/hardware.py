"""Instance types and pools."""

from __future__ import annotations

from cdk_inference.review.transitions.sources import (
    HOLD,
    INSTANCES,
    POOLS,
    POOLS_BLOG,
    RESERVATIONS,
    SCALED_UPDATE,
    UPDATE,
)
from cdk_inference.review.transitions.transition import Outcome, Sure, Transition

_CHANGE = "write the new hardware and the scaling as it was, and deploy: the endpoint is updated, then registered again"
_FAILS = (
    "SageMaker refuses to change the type of a registered variant, and CloudFormation cannot deregister, update and "
    "register in one update. Between two deployments the count does not follow the load"
)
_SILENT = (
    "Whether this counts as changing the instance type of a registered variant is not documented; if it does, the "
    "update fails"
)
_FIXED = "the variant is not autoscaled"
_SCALED = "the variant is autoscaled"

HARDWARE = (
    Transition(
        id="instance-type",
        change="instance type",
        when=_FIXED,
        kinds=INSTANCES,
        outcome=Outcome.BLUE_GREEN,
        risk="The quota must hold both fleets; another chip may need another server as well",
        source=UPDATE,
    ),
    Transition(
        id="instance-type-autoscaled",
        change="instance type",
        when=_SCALED,
        kinds=INSTANCES,
        outcome=Outcome.TWO_DEPLOYMENTS,
        deployments=2,
        steps=(HOLD, _CHANGE),
        risk=_FAILS,
        source=SCALED_UPDATE,
    ),
    Transition(
        id="to-pools",
        change="one instance type to pools",
        when=_FIXED,
        kinds=INSTANCES,
        outcome=Outcome.BLUE_GREEN,
        source=POOLS,
        sure=Sure.INFERRED,
    ),
    Transition(
        id="to-pools-autoscaled",
        change="one instance type to pools that have it first",
        when=_SCALED,
        kinds=INSTANCES,
        outcome=Outcome.BLUE_GREEN,
        risk="AWS shows it as one update with the policies unchanged; if it fails, hold the count first",
        source=POOLS_BLOG,
        sure=Sure.BLOG,
    ),
    Transition(
        id="to-other-pools-autoscaled",
        change="one instance type to pools that have another first",
        when=_SCALED,
        kinds=INSTANCES,
        outcome=Outcome.TWO_DEPLOYMENTS,
        deployments=2,
        steps=(HOLD, _CHANGE),
        risk=_SILENT,
        source=POOLS,
        sure=Sure.UNKNOWN,
    ),
    Transition(
        id="from-pools",
        change="pools to one instance type",
        when=_FIXED,
        kinds=INSTANCES,
        outcome=Outcome.BLUE_GREEN,
        source=UPDATE,
        sure=Sure.INFERRED,
    ),
    Transition(
        id="from-pools-autoscaled",
        change="pools to one instance type",
        when=_SCALED,
        kinds=INSTANCES,
        outcome=Outcome.TWO_DEPLOYMENTS,
        deployments=2,
        steps=(HOLD, _CHANGE),
        risk=_SILENT,
        source=SCALED_UPDATE,
        sure=Sure.UNKNOWN,
    ),
    Transition(
        id="pools-edited",
        change="a type of the pools added or removed, or their order",
        when=_FIXED,
        kinds=INSTANCES,
        outcome=Outcome.BLUE_GREEN,
        source=POOLS,
        sure=Sure.INFERRED,
    ),
    Transition(
        id="pools-edited-autoscaled",
        change="a type of the pools added or removed, or their order",
        when=_SCALED,
        kinds=INSTANCES,
        outcome=Outcome.TWO_DEPLOYMENTS,
        deployments=2,
        steps=(HOLD, _CHANGE),
        risk=_SILENT,
        source=POOLS,
        sure=Sure.UNKNOWN,
    ),
    Transition(
        id="shared-hardware",
        change="instance type or pools of an endpoint that hosts components",
        kinds=("shared",),
        outcome=Outcome.BLUE_GREEN,
        risk="How SageMaker moves the components to the new fleet is not documented; try it on a test endpoint",
        source=UPDATE,
        sure=Sure.UNKNOWN,
    ),
    Transition(
        id="reservation",
        change="capacity reservation added, changed or removed",
        kinds=("realtime",),
        outcome=Outcome.BLUE_GREEN,
        risk="A reservation must hold both fleets for a while, or use Rolling; when it ends, so does the service",
        source=RESERVATIONS,
        sure=Sure.INFERRED,
    ),
)

"""Cost controls: alarms in dollars, from what runs now and the price book.

from cdk_inference.cost import BurnRate, CostControls, Idle, Metering, UnderUse, UnitCost
"""

from cdk_inference.cost.controls import CostControls
from cdk_inference.cost.limits import BurnRate, Idle, UnderUse, UnitCost
from cdk_inference.cost.metering import Metering

__all__ = ["BurnRate", "CostControls", "Idle", "Metering", "UnderUse", "UnitCost"]

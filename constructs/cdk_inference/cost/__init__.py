"""Cost controls: alarms in dollars, from what runs now and the price book; and the fleet's dashboard.

from cdk_inference.cost import BurnRate, CostControls, FleetDashboard, Idle
"""

from cdk_inference.cost.controls import CostControls
from cdk_inference.cost.dashboard import FleetDashboard
from cdk_inference.cost.limits import BurnRate, Idle

__all__ = ["BurnRate", "CostControls", "FleetDashboard", "Idle"]

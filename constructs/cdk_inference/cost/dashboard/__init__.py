"""The fleet's dashboard.

from cdk_inference.cost import FleetDashboard
"""

from cdk_inference.cost.dashboard.fleet import FleetDashboard

__all__ = ["FleetDashboard"]

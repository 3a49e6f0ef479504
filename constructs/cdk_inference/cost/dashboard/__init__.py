"""The fleet's dashboard.

from cdk_inference.cost import FleetDashboard, PromQLChart
"""

from cdk_inference.cost.dashboard.fleet import FleetDashboard
from cdk_inference.cost.dashboard.promql import PromQLChart

__all__ = ["FleetDashboard", "PromQLChart"]

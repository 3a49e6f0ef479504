"""Cost controls: alarms in dollars, from what runs now and the price book; budgets, and what watches the account.

from cdk_inference.cost import BurnRate, CostControls, Idle, UnderUse, UnitCost
from cdk_inference.cost import AlarmTopic, Budget, CostTag, FleetDashboard, Metering, MonthlyBudget
"""

from cdk_inference.cost.account.anomaly_detection import AnomalyDetection
from cdk_inference.cost.account.billing_alarm import BillingAlarm
from cdk_inference.cost.budgets.budget import Budget
from cdk_inference.cost.budgets.deny_new_endpoints import DenyNewEndpoints
from cdk_inference.cost.budgets.monthly_budget import MonthlyBudget
from cdk_inference.cost.controls import CostControls
from cdk_inference.cost.cost_tag import CostTag
from cdk_inference.cost.dashboard import FleetDashboard, PromQLChart
from cdk_inference.cost.limits import BurnRate, Idle, UnderUse, UnitCost
from cdk_inference.cost.metering.construct import Metering
from cdk_inference.cost.notifications import AlarmTopic, send_alarm

__all__ = [
    "AlarmTopic",
    "AnomalyDetection",
    "BillingAlarm",
    "Budget",
    "BurnRate",
    "CostControls",
    "CostTag",
    "DenyNewEndpoints",
    "FleetDashboard",
    "Idle",
    "Metering",
    "MonthlyBudget",
    "PromQLChart",
    "UnderUse",
    "UnitCost",
    "send_alarm",
]

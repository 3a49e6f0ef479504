"""Health alarms: an endpoint that fails, is slow, or does not get the instances it needs.

from cdk_inference.health import HealthAlarms, HealthLimits
"""

from cdk_inference.health.health_alarms import HealthAlarms
from cdk_inference.health.limits import HealthLimits

__all__ = ["HealthAlarms", "HealthLimits"]

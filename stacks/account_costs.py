"""What watches the costs of the whole account, whoever lives in it: a budget, the billing alarm, cost anomalies.

Once per account, so one environment of an account asks for it; AWS refuses a second monitor of services, should two be
deployed. In us-east-1, where the metrics of billing are. Here counts what is in no budget of a tag, as it carries none.
What to do in the account first: docs/cost.md.
"""

from __future__ import annotations

from aws_cdk import CfnOutput
from constructs import Construct

from cdk_inference.cost import AlarmTopic, AnomalyDetection, BillingAlarm, Budget
from stacks.base import EnvironmentStack
from stacks.settings import AccountCosts, Settings

REGION = "us-east-1"


class AccountCostStack(EnvironmentStack):
    """`topic`: hears of all of it."""

    def __init__(self, scope: Construct, *, settings: Settings, costs: AccountCosts) -> None:
        super().__init__(
            scope,
            settings=settings,
            part="account-costs",
            description="What watches the costs of this account",
            region=REGION,
        )
        self.topic = AlarmTopic(self, "Alarms", notify=costs.notify)
        Budget(self, "Budget", monthly=costs.budget, tag=None, alarm_topic=self.topic)
        BillingAlarm(self, "Billing", usd=costs.billing_alarm_usd, alarm_topic=self.topic)
        AnomalyDetection(
            self, "Anomalies", usd=costs.anomaly_usd, alarm_topic=self.topic, monitor_arn=costs.anomaly_monitor_arn
        )
        CfnOutput(self, "AlarmTopicArn", value=self.topic.topic_arn, description="Subscribe to hear of costs")

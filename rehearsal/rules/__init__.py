"""The rules of a rehearsal, in the order in which a deployment meets them."""

from rehearsal.rules import (
    account_costs,
    alarms,
    bedrock,
    budgets,
    components,
    configs,
    endpoints,
    models,
    rollouts,
    scaling,
)

RULES = (
    *models.RULES,
    *configs.RULES,
    *endpoints.RULES,
    *rollouts.RULES,
    *components.RULES,
    *scaling.RULES,
    *alarms.RULES,
    *budgets.RULES,
    *account_costs.RULES,
    *bedrock.RULES,
)

__all__ = ["RULES"]

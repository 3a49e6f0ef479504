"""The rules of a rehearsal, in the order in which a deployment meets them."""

from rehearsal.rules import alarms, bedrock, budgets, configs, endpoints, models, rollouts, scaling

RULES = (
    *models.RULES,
    *configs.RULES,
    *endpoints.RULES,
    *rollouts.RULES,
    *scaling.RULES,
    *alarms.RULES,
    *budgets.RULES,
    *bedrock.RULES,
)

__all__ = ["RULES"]

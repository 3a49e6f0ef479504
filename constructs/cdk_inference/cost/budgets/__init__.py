"""Monthly budgets of AWS Budgets and their actions."""

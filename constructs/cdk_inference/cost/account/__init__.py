"""Cost alarms of a whole account: anomaly detection and the billing alarm."""

"""The pages that the rows are from."""

from __future__ import annotations

GUIDE = "https://docs.aws.amazon.com/sagemaker/latest/dg"
API = "https://docs.aws.amazon.com/sagemaker/latest/APIReference"
TEMPLATES = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference"
SCALING = "https://docs.aws.amazon.com/autoscaling/application"

# UpdateEndpoint deploys a config to a new fleet; nothing of a config can be changed, so a change is another config.
UPDATE = f"{API}/API_UpdateEndpoint.html (read 2026-11-24)"
CONFIG = f"{TEMPLATES}/aws-resource-sagemaker-endpointconfig.html (schema of 2026-10-20)"
ENDPOINT = f"{TEMPLATES}/aws-resource-sagemaker-endpoint.html (read 2026-11-24)"
SCALED_UPDATE = f"{GUIDE}/endpoint-scaling-update.html (read 2026-11-24)"
EXCLUSIONS = f"{GUIDE}/deployment-guardrails-exclusions.html (read 2026-11-24)"
GUARDRAILS = f"{GUIDE}/deployment-guardrails-configuration.html (read 2026-11-22)"
ASYNC_UPDATE = f"{GUIDE}/async-inference-update-endpoint.html (read 2026-11-24)"
SERVERLESS_UPDATE = f"{GUIDE}/serverless-endpoints-update.html (read 2026-11-24)"
SERVERLESS = f"{GUIDE}/serverless-endpoints.html (read 2026-11-22)"
SHADOWS = f"{GUIDE}/shadow-tests.html (read 2026-11-22)"
CREATE_CONFIG = f"{API}/API_CreateEndpointConfig.html (botocore 1.44.5)"
POOLS = f"{GUIDE}/realtime-endpoints-heterogeneous.html (read 2026-11-22)"
POOLS_BLOG = (
    "https://aws.amazon.com/blogs/machine-learning/"
    "capacity-aware-inference-automatic-instance-fallback-for-sagemaker-ai-endpoints/ (read 2026-11-22)"
)
RESERVATIONS = f"{GUIDE}/use-training-plan-for-inference-endpoints-using-api-cli-sdk.html (read 2026-11-22)"
METRICS = f"{GUIDE}/monitoring-cloudwatch-enhanced-metrics.html (read 2026-11-22)"
TARGET = f"{SCALING}/APIReference/API_RegisterScalableTarget.html (read 2026-11-24)"
POLICY = f"{TEMPLATES}/aws-resource-applicationautoscaling-scalingpolicy.html (schema of 2026-10-20)"
SCHEDULES = f"{SCALING}/userguide/scheduled-scaling-using-cron-expressions.html (read 2026-11-24)"
DEREGISTER = f"{SCALING}/APIReference/API_DeregisterScalableTarget.html (read 2026-11-22)"
LOW_BOUND = f"{GUIDE}/endpoint-auto-scaling-policy.html (read 2026-11-22)"
LOGS = f"{TEMPLATES}/aws-resource-logs-loggroup.html (schema of 2026-10-20)"
COMPONENT = f"{API}/API_UpdateInferenceComponent.html (read 2026-11-24)"
COMPONENT_TEMPLATE = f"{TEMPLATES}/aws-resource-sagemaker-inferencecomponent.html (schema of 2026-10-20)"
STEP_SIZES = f"{API}/API_TrafficRoutingConfig.html (botocore 1.44.5)"
ECR_REGION = f"{API}/API_ContainerDefinition.html (botocore 1.44.5)"

INSTANCES = ("realtime", "async")
HOSTS = ("realtime", "async", "shared")
ENDPOINTS = ("realtime", "async", "serverless", "shared")

HOLD = (
    "write scaling=FixedCount(instances=n) for the endpoint's own variant and for every other, n being the instances "
    "that serve the load now, and deploy: the variants are deregistered"
)

"""An LLM on Inferentia2 with a GPU standby: one caller may invoke both, and alarms say when either fails."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.cost import AlarmTopic
from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.fit import PUBLISHED, Workload
from cdk_inference.health import HealthAlarms
from cdk_inference.scaling import TargetConcurrency
from cdk_inference.serving import Compiled, ImageException, S3Model, Vllm, VllmNeuron

app = cdk.App()
stack = cdk.Stack(app, "Failover", env=cdk.Environment(region="us-east-1"))
key = kms.Key(stack, "Key", enable_key_rotation=True)
models = s3.Bucket.from_bucket_name(stack, "Models", "my-models")
workload = Workload(architecture=PUBLISHED["meta-llama/Llama-3.1-8B"], precision="bf16", context_tokens=4096, batch=8)

inferentia = RealtimeEndpoint(
    stack,
    "Inferentia",
    server=VllmNeuron(
        model=S3Model(bucket=models, prefix="llama-3.1-8b-neuron-tp2/", size_gb=16.1),
        tensor_parallel_degree=2,
        sequence_length=4096,
        batch_size=8,
        workload=workload,
        compilation=Compiled(
            model="meta-llama/Llama-3.1-8B-Instruct",
            chip="Inferentia2",
            cores=2,
            sequence_length=4096,
            batch_size=8,
            sdk_version="2.26.1",
            optimum_version="0.4.5",
        ),
        image_exception=ImageException(
            reason="the image gets critical fixes only; the GPU standby is the way back", until="2027-05-31"
        ),
    ),
    hardware="ml.inf2.8xlarge",
    scaling=TargetConcurrency(per_instance=8, min_instances=1, max_instances=3),
    encryption_key=key,
)

# The same requests and answers: both servers speak OpenAI's chat completions. One instance is always there; more come
# with the load that is switched over.
standby = RealtimeEndpoint(
    stack,
    "Standby",
    server=Vllm(
        model=S3Model(bucket=models, prefix="llama-3.1-8b-instruct/", size_gb=16.1),
        tensor_parallel_degree=1,
        max_model_len=4096,
        workload=workload,
    ),
    hardware="ml.g6e.xlarge",
    scaling=TargetConcurrency(per_instance=8, min_instances=1, max_instances=6),
    encryption_key=key,
)

caller = iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com").grant_principal)
for endpoint in (inferentia, standby):
    endpoint.grant_invoke(caller)
HealthAlarms(
    stack,
    "Health",
    targets=[inferentia, standby],
    alarm_topic=AlarmTopic(stack, "Alarms", notify=["oncall@example.com"], encryption_key=key),
)
app.synth()

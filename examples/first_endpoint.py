import aws_cdk as cdk
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.fit import PUBLISHED, Workload
from cdk_inference.serving import Lmi, S3Model

app = cdk.App()
stack = cdk.Stack(app, "Demo", env=cdk.Environment(region="us-east-1"))
bucket = s3.Bucket.from_bucket_name(stack, "Models", "my-models")
model = S3Model(bucket=bucket, prefix="llama-3.1-8b-instruct/", size_gb=16.1)
work = Workload(architecture=PUBLISHED["meta-llama/Llama-3.1-8B"], precision="bf16", context_tokens=8192, batch=16)
server = Lmi(model=model, tensor_parallel_degree=4, workload=work)
RealtimeEndpoint(stack, "Chat", server=server, hardware="ml.g6.12xlarge")
app.synth()

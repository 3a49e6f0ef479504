"""Any framework with NVIDIA's Triton: a model repository in S3, on a GPU and on an x86 CPU."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.serving import S3Archive, Triton, TritonCpu

app = cdk.App()
stack = cdk.Stack(app, "Triton", env=cdk.Environment(region="eu-central-1"))
key = kms.Key(stack, "Key", enable_key_rotation=True)
bucket = s3.Bucket.from_bucket_name(stack, "Models", "my-models")
# Inside: detector/config.pbtxt, detector/1/model.onnx
model = S3Archive(bucket=bucket, key="detector.tar.gz", size_gb=0.2, unpacked_gb=0.3)

gpu = Triton(model=model, model_name="detector", allow_metrics=True, verbose_logs=False)
RealtimeEndpoint(stack, "Gpu", server=gpu, hardware="ml.g4dn.xlarge", encryption_key=key)
cpu = TritonCpu(model=model, model_name="detector", threads=4, verbose_logs=False)
RealtimeEndpoint(stack, "Cpu", server=cpu, hardware="ml.c5.xlarge", encryption_key=key)
app.synth()

"""Writes tests/data/: templates that other construct libraries synthesize, to test what reads templates.

    python -m scripts.foreign_templates [--check] [NAME ...]

With --check nothing is written; the status is 1 when a template differs from what its library synthesizes. Each library
has a virtual environment of its own inside of this project's one, made on first use; an app of a few lines is written
with it. Node is the one of JSII_NODE. Not part of `make refresh`: the libraries are large, and the templates are meant
to stay as they were.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

DATA = Path(__file__).parents[1] / "tests/data"
CDK = "aws-cdk-lib==2.275.0"

ALPHA = """
import aws_cdk as cdk
import aws_cdk.aws_sagemaker_alpha as sagemaker
from aws_cdk import aws_s3 as s3

stack = cdk.Stack(app, "Alpha", env=cdk.Environment(region="us-east-1"))
bucket = s3.Bucket.from_bucket_name(stack, "Models", "models")
model = sagemaker.Model(stack, "Model", containers=[sagemaker.ContainerDefinition(
    image=sagemaker.ContainerImage.from_dlc("djl-inference", "0.38.0-lmi29.0.0-cu130"),
    model_data=sagemaker.ModelData.from_bucket(bucket, "llama.tar.gz"),
)])
config = sagemaker.EndpointConfig(stack, "Config", instance_production_variants=[
    sagemaker.InstanceProductionVariantProps(
        model=model, variant_name="main", instance_type=sagemaker.InstanceType.G5_XLARGE, initial_instance_count=1),
    sagemaker.InstanceProductionVariantProps(
        model=model, variant_name="next", instance_type=sagemaker.InstanceType.M5_XLARGE, initial_instance_count=2),
])
endpoint = sagemaker.Endpoint(stack, "Endpoint", endpoint_config=config)
count = endpoint.find_instance_production_variant("main").auto_scale_instance_count(min_capacity=1, max_capacity=4)
count.scale_on_invocations("Invocations", max_requests_per_second=20, safety_factor=0.5)
"""

GENERATIVE = """
import aws_cdk as cdk
from cdklabs.generative_ai_cdk_constructs import bedrock
from cdklabs.generative_ai_cdk_constructs.sagemaker_deployment import (
    DeepLearningContainerImage, HuggingFaceSageMakerEndpoint, SageMakerInstanceType,
)

stack = cdk.Stack(app, "Generative", env=cdk.Environment(account="123456789012", region="us-east-1"))
HuggingFaceSageMakerEndpoint(
    stack, "Chat",
    model_id="mistralai/Mistral-7B-Instruct-v0.1",
    container=DeepLearningContainerImage.HUGGINGFACE_PYTORCH_TGI_INFERENCE_2_1_1_TGI1_4_2_GPU_PY310_CU121_UBUNTU22_04,
    instance_type=SageMakerInstanceType.ML_G5_2_XLARGE,
    instance_count=2,
    endpoint_name="mistral",
)
bedrock.ApplicationInferenceProfile(
    stack, "Profile",
    inference_profile_name="assistant",
    model_source=bedrock.CrossRegionInferenceProfile.from_config(
        geo_region=bedrock.CrossRegionInferenceProfileRegion.US,
        model=bedrock.BedrockFoundationModel.AMAZON_NOVA_LITE_V1),
)
"""

APPS = {
    "alpha": (("aws-cdk.aws-sagemaker-alpha==2.275.0a0", CDK), ALPHA),
    "generative": (("cdklabs.generative-ai-cdk-constructs==0.1.320", CDK), GENERATIVE),
}


def python_with(name: str, packages: tuple[str, ...]) -> Path:
    """The interpreter of an environment with these packages, made on first use."""
    cache = Path(sys.prefix) / "foreign" / name
    python = cache / "bin/python"
    done = cache / "packages.txt"
    if not done.exists() or done.read_text().split() != list(packages):
        venv.create(cache, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "--disable-pip-version-check", "-q", "install", *packages], check=True)
        done.write_text("\n".join(packages))
    return python


def template(name: str) -> tuple[str, dict]:
    """(versions, the template) of one library's app."""
    packages, body = APPS[name]
    python = python_with(name, packages)
    with tempfile.TemporaryDirectory() as folder:
        app = f"import aws_cdk\napp = aws_cdk.App(outdir={folder!r}, analytics_reporting=False)\n{body}\napp.synth()\n"
        subprocess.run([python, "-c", app], check=True)
        (file,) = Path(folder).glob("*.template.json")
        listed = subprocess.run(
            [python, "-m", "pip", "--disable-pip-version-check", "list", "--format=json"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        library = packages[0].partition("==")[0]
        (version,) = (one["version"] for one in json.loads(listed) if one["name"].lower() == library.lower())
        return f"{library} {version}", json.loads(file.read_text())


def main(arguments: list[str]) -> int:
    """Returns the exit status."""
    check, differing = "--check" in arguments, []
    for name in [one for one in arguments if one != "--check"] or APPS:
        library, found = template(name)
        found["Description"] = f"Synthesized with {library} by scripts/foreign_templates.py"
        file, text = DATA / f"{name}.template.json", json.dumps(found, indent=1) + "\n"
        if text != file.read_text(encoding="utf-8"):
            differing.append(name)
        if not check:
            file.write_text(text, encoding="utf-8")
        print(f"{name}: {library}{', which differs' if name in differing else ''}")
    return int(check and bool(differing))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

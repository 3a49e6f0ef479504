"""cdk-inference: AI models on the AWS accelerator that suits them, from Python infrastructure code.

Import from the rooms, as with aws-cdk-lib: `from cdk_inference.endpoints import RealtimeEndpoint`.
Importing this package alone loads neither aws_cdk nor boto3.
"""

__version__ = "0.1.0"

"""The code of the metering function, as it runs in AWS Lambda: boto3, the standard library and this folder alone.

`cdk_inference.cost.Metering` puts this folder and the region's prices (prices.json) into the function's asset.
"""

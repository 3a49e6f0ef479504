"""Measurements, intervals and verdicts: whether one candidate really costs less than another, and how sure that is.

Pure: nothing here sends a request. `cdk_inference.sender` measures, `cdk-inference compare` does both.
"""

"""Stand-ins for endpoints on this machine: a queueing model and a small real model, behind AWS's runtime APIs.

For tests, benchmarks and trying `cdk-inference compare` without an account. The package does not import it.
"""

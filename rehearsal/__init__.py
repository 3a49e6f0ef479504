"""A deployment rehearsed on this machine: an emulator of CloudFormation, made strict by the rules of `rehearsal.rules`.

Outside the package that users import. Validated against AWS's API models and the listed rules; not run on AWS.
"""

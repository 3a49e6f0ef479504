"""Sends the requests of a comparison and writes its result files.

Needs the optional dependencies: pip install aiohttp botocore.
"""

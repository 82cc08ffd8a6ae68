"""Benchmarks: what an operation costs, always beside the raw ceiling measured in the same run.

from bench.measure import measure
measure("one section, JSON", url, {"Authorization": f"Bearer {token}"}, ceiling_bytes=body)
"""

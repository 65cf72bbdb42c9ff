"""Benchmarks: each reports ratios measured in one run; none is a timed test."""

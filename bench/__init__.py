"""Benchmarks: each prints tables and keeps no state."""

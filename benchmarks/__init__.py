"""Benchmarks: what things cost, beside other ways of doing them. Each prints its own table; see README.md."""

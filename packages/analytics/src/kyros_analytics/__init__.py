"""The models: pure functions from frames to frames, with no I/O and no web framework.

Customer lifetime value and credit scorecards belong here. Fitting happens when a tenant's data
is seeded or ingested, never while a request waits.
"""

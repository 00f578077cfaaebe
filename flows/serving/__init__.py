"""Serving: Prefect's server, the worker that runs the flows, and the watchers, resident on one machine."""

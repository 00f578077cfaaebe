"""Declarations of sources, the checks compiled from them, and what is said when a check is not met."""

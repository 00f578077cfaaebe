"""Suppliers that more than one source names."""

from expectations.source import Agency

METROPOLITAN_POLICE = Agency("METROPOLITAN_POLICE", "Metropolitan Police", "police")

"""The way of a file, run: settings, landing places, plain functions, Prefect flows and the command line."""

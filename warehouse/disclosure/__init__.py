"""Disclosure control: what leaves the partnership gives nobody away, and an attack on it is tried before it leaves."""

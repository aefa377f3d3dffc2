"""Cutting a vocabulary down to the rows that texts use."""

"""Tokens that a model is better without: sticky, unreachable, under-trained."""

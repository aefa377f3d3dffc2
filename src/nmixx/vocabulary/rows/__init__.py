"""The embedding rows of new tokens: one table of arms, each from another source."""

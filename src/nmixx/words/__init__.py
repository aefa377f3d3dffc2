"""Words: those of a text, and which of them translate one another."""

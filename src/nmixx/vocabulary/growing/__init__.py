"""Growing a tokenizer: which pieces, and how each kind of tokenizer takes them."""

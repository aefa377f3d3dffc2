"""How well a tokenizer covers a language, and what that costs."""

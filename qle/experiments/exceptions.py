"""How many exceptions a statement about cubic modes as a whole allows."""

EXCEPTIONS = 0.05
"""The largest share of them."""

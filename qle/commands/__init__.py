"""The commands of `qle`, a file for each group of them."""

"""Linear algebra of large symmetric matrices, the same bits for any number of threads."""

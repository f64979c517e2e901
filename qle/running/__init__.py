"""How samples get done: planned, shared out over processes or a cluster, shown, resumed."""

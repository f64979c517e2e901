"""What tests the claims of theory: one subject a file, each with its list EXPERIMENTS."""

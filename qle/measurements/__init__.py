"""What is computed of one sample, from its draw to the numbers that are kept."""

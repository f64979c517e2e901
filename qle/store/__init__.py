"""What is kept of a sweep: batch files that prove themselves, their blocks, series and merging."""

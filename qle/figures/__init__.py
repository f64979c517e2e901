"""Figures of the bench. Each module has one `draw(dataset, path)`; the file's suffix chooses its format."""

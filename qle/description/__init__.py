"""What a sweep is asked to do, checked before anything runs: models, grids, protocols, measurements."""

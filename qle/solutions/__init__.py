"""The models as solved for N -> infinity, over grids of parameters, as labelled data sets."""

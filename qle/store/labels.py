"""Long names of the variables that every data set has."""

LABELS = {
    "status": "how the minimisation ended",
    "energy": "energy per oscillator, H/N",
    "mean_x": "mean displacement, <x_i>",
    "mean_x2": "mean square displacement, <x_i^2>",
    "gradient_norm": "largest |dH/dx_i|",
    "force_scale": "typical force, to which the tolerance is relative",
    "products": "coupling-matrix products made by the minimisation",
    "frequency": "frequency, ascending: sqrt(lambda), or -sqrt(-lambda) for an unstable direction",
    "participation_ratio": "participation ratio, 1/(N sum_i psi_i^4)",
    "mode_residual": "residual of the mode, |M psi - lambda psi|",
    "sample": "number of the disorder sample",
    "mode": "number of the mode, 0 the softest",
    "N": "number of oscillators",
    "vibrations": "number of modes that are no translations",
    "complete_below": "frequency below which no mode is missing",
}
"""Of what every data set has; models and measurements have the labels of theirs."""

NOT_ASKED = "unused"
"""Meaning of the status of samples that nobody asked for; they are counted as nothing."""

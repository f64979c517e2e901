"""All experiments, subject by subject."""

from importlib import import_module

from qle.verification.experiment import Experiment

SUBJECTS = (
    "bent_valleys",
    "broken_symmetry",
    "critical_line",
    "crossover",
    "cubic_modes",
    "depletion",
    "dilute_fields",
    "driving",
    "gapless_spectra",
    "gradient_flow",
    "glass_phonons",
    "ground_states",
    "lattice_boson_peak",
    "lattice_fields",
    "lattice_profiles",
    "lattice_spectra",
    "lower_bound",
    "nonlinear_driving",
    "nonlinear_heat",
    "nonlinear_modes",
    "nonlinear_protocols",
    "nonlinear_wells",
    "nonlinear_window",
    "phonons",
    "quenched_glasses",
    "reconstruction",
    "rescaling",
    "sheared_glasses",
    "soft_potentials",
    "softest_mode",
    "specific_heat",
    "strong_coupling",
    "thermal_response",
    "weak_coupling",
    "wells",
)
"""Files of this package that hold experiments."""

EXPERIMENTS: tuple[Experiment, ...] = tuple(
    experiment
    for subject in SUBJECTS
    for experiment in import_module(f"qle.experiments.{subject}").EXPERIMENTS
)

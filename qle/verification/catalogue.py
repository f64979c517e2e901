"""All experiments, subject by subject."""

from qle.verification import (
    critical_line,
    crossover,
    cubic_modes,
    dilute_fields,
    driving,
    gapless_spectra,
    phonons,
    reconstruction,
    rescaling,
    soft_potentials,
    softest_mode,
    specific_heat,
    strong_coupling,
    thermal_response,
    weak_coupling,
    wells,
)
from qle.verification.experiment import Experiment

SUBJECTS = (
    critical_line,
    crossover,
    cubic_modes,
    dilute_fields,
    driving,
    gapless_spectra,
    phonons,
    reconstruction,
    rescaling,
    soft_potentials,
    softest_mode,
    specific_heat,
    strong_coupling,
    thermal_response,
    weak_coupling,
    wells,
)
EXPERIMENTS: tuple[Experiment, ...] = tuple(e for subject in SUBJECTS for e in subject.EXPERIMENTS)

"""Which tests take turns on the backends that compile.

What has no line of its own for a backend is tested in the usual run where nothing is compiled and
on one backend that compiles, on the one that is quicker with it; `pytest -m slow` has the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# Files, or tests of a file.
TURNS = {
    "jax": {
        "backend/test_augmentation.py", "backend/test_classics.py", "backend/test_conditional.py",
        "backend/test_detector.py", "backend/test_fit_optimizers.py",
        "backend/test_fit_losses.py::test_labels_that_are_asked_for_weigh_as_the_real_ones",
        "backend/test_fit_options.py", "backend/test_game.py", "backend/test_growing.py",
        "backend/test_quality.py",
        "backend/test_resume.py::test_kills_at_random_moments_of_a_training",
        "backend/test_saved.py::test_a_model_is_loaded_without_its_optimizers",
        "backend/test_saved.py::test_a_training_does_not_go_on_in_another_precision",
        "backend/test_sources.py", "contract/test_inpainting.py",
        "contract/test_latent.py", "contract/test_public.py", "contract/test_styles.py",
        "contract/test_superresolution.py", "contract/test_translation.py",
    },
    "tensorflow": {
        "backend/test_beams.py", "backend/test_event_models.py", "backend/test_image_pool.py",
        "backend/test_members.py", "backend/test_modulation.py", "backend/test_new_layers.py",
        "backend/test_preset_form.py", "backend/test_seven_lines.py",
        "backend/test_torchrun.py::test_other_backends_refuse_several",
        "backend/test_watching.py", "backend/test_wgan_gp.py", "contract/test_classes.py",
    },
}  # fmt: skip


def take(items: Iterable[pytest.Item]) -> None:
    """Mark as slow what has its turn on another backend."""
    named = {turn: [i for i in items if names & set(_names(i))] for turn, names in TURNS.items()}
    if not any(named.values()):
        return
    import keras

    own = keras.backend.backend()
    for turn, takers in named.items():
        for item in takers if own in TURNS and turn != own else ():
            item.add_marker(pytest.mark.slow)


def _names(item: pytest.Item) -> Iterable[str]:
    if HERE in item.path.parents:
        file = item.path.relative_to(HERE).as_posix()
        yield from (file, f"{file}::{item.name}")

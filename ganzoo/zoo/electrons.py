"""The zoo's models of electron-proton scattering, as data: configurations and recipes.

50 x 50 GeV, Q2 > 2 GeV2. The constants are means and deviations over the training events (a million
of Pythia's, seed 2020), as `ganzoo.events.features.constants` computes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ganzoo.zoo.forms import Entry, Recipe, Stage
from ganzoo.zoo.recipes import both, falling

_STANDARD: dict[str, tuple[float, float]] = {  # feature: (mean, deviation)
    "px": (-0.000263006, 1.93138),
    "py": (0.00112318, 1.93055),
    "pz": (46.2189, 6.14938),
    "log_gap": (0.157099, 1.69796),
    "log_energy_gap": (0.00589088, 1.87265),
    "pT": (2.3597, 1.37443),
    "E": (46.3096, 6.07292),
    "pz_over_pT": (23.142, 8.08428),
    "eta": (3.74809, 0.470684),
    "phi": (0.00286295, 1.81397),
    "cos_phi": (0.000159402, 0.707232),
    "sin_phi": (0.000794121, 0.706981),
    "log_Q2": (1.62169, 0.838959),
    "log_Q2_excess": (-0.0706553, 1.67088),
    "x": (0.0729549, 0.112907),
    "log_x": (-3.7681, 1.62086),
}
_PUBLISHED = ("px", "py", "log_gap", "pT", "E", "pz", "pz_over_pT")
# Without px and py, as the azimuth is not learned; with logarithms in which the data's edges are.
_CARTESIAN = ("pT", "log_gap", "E", "pz", "pz_over_pT", "log_Q2", "log_x")
_SPHERICAL = ("log_energy_gap", "eta", "pT", "E", "log_gap", "log_Q2", "log_x", "x")


_DATA = {
    "data": "Pythia 8.317 e- p neutral-current DIS, 50 x 50 GeV, Q2 > 2 GeV2, a million electrons",
    "credit": "made by ganzoo with Pythia 8 (C. Bierlich et al., arXiv:2203.11601)",
    "licence": "CC0-1.0",
}
# The same over the million events of several beams: `ganzoo.events.truth.collider_electrons`.
_OF_BEAMS: dict[str, tuple[float, float]] = {
    "log_Q2_excess": (-0.155743, 1.64437),
    "log_Q2": (1.57321, 0.794049),
    "log_s_hat": (4.9794, 1.43791),
    "log_x": (-3.14502, 1.52114),
    "x": (0.102614, 0.126132),
    "log_y": (-3.40619, 1.57544),
    "y": (0.0868215, 0.127017),
    "pT": (2.2526, 1.1781),
    "phi": (-0.0032468, 1.81653),
}
_COLLIDER = {
    **_DATA,
    "data": "Pythia 8.317 e- p neutral-current DIS, Q2 > 2 GeV2, 250,000 electrons each of 5 x 41, "
    "5 x 100, 10 x 100 and 18 x 275 GeV",
}


def _numbers(
    of: Mapping[str, tuple[float, float]], representation: str, features: tuple[str, ...]
) -> dict[str, Any]:
    """Return what is generated and seen, with the means and deviations of both."""
    generated = {
        "direct": ("px", "py", "pz"),
        "cartesian": ("px", "py", "log_gap"),
        "spherical": ("log_energy_gap", "eta", "phi"),
        "invariant": ("log_Q2_excess", "log_x", "phi"),
        "partonic": ("log_Q2_excess", "log_s_hat", "phi"),
    }[representation]
    return {
        "representation": representation,
        "features": features,
        "generated_mean": tuple(of[name][0] for name in generated),
        "generated_deviation": tuple(of[name][1] for name in generated),
        "feature_mean": tuple(of[name][0] for name in features),
        "feature_deviation": tuple(of[name][1] for name in features),
    }


def _of_beams(**sizes: Any) -> dict[str, Any]:
    features = tuple(name for name in _OF_BEAMS if name != "phi")
    return {
        **_numbers(_OF_BEAMS, "partonic", features),
        "electron_beam": 10.0,
        "proton_beam": 100.0,
        "beam_range": (5.0, 41.0, 18.0, 275.0),
        "latent_dim": 8,
        "turned": True,
        "dropout": 0.0,
        **sizes,
    }


def _config(
    representation: str, features: tuple[str, ...], latent_dim: int, **sizes: Any
) -> dict[str, Any]:
    return {
        **_numbers(_STANDARD, representation, features),
        "electron_beam": 50.0,
        "proton_beam": 50.0,
        "latent_dim": latent_dim,
        "dropout": 0.0,
        **sizes,
    }


def _recipe(
    *rates: tuple[int, float], ema_momentum: float = 0.999, data: str = "electrons"
) -> Recipe:
    """Stages of (epochs, learning rate): quick ones first, then a slow one that settles.

    Two critic steps per generator step, a weak gradient penalty, and the best epoch is kept. The
    published weight of 10 holds the critic too stiff for edges as sharp as those of Q2 and x: after
    one pass over a million events, the mean chi2 per bin was 55 with it, 22 with 1.
    """
    penalty = {"name": "GradientPenalty", "weight": 0.1, "every": 4}
    stages = []
    for epochs, rate in rates:
        adam = {"learning_rate": falling(rate), "beta_1": 0.0, "beta_2": 0.9}
        stages.append(
            Stage(epochs, both(adam), {"steps": {"discriminator": 2}, "penalty": penalty})
        )
    return Recipe(
        data=data,
        batch_size=1000,
        seed=2020,
        stages=tuple(stages),
        ema_momentum=ema_momentum,
        backend="jax",
        best_by="mean_chi2_per_bin",
    )


_SHORT = ((6, 1e-3), (6, 3e-4))
_LONG = ((6, 1e-3), (14, 3e-4))
_SMALL = {"generator_units": (128,) * 4, "discriminator_units": (128,) * 4}
_LARGE = {"generator_units": (512,) * 5, "discriminator_units": (512,) * 5}

ENTRIES: dict[str, Entry] = {
    "dsgan_electrons": Entry(
        family="FATGAN",
        summary="Electrons of e- p scattering, the direct GAN: the baseline",
        config=_config("direct", ("px", "py", "pz"), 12, **_SMALL),
        parameters={"generator": 51_587, "discriminator": 50_177},
        **_DATA,
        recipe=_recipe(*_SHORT),
    ),
    "fatgan_electrons": Entry(
        family="FATGAN",
        summary="Electrons of e- p scattering, FAT-GAN Cartesian",
        config=_config(
            "cartesian",
            (*_CARTESIAN, "x"),
            8,
            turned=True,
            generator_units=(64,) * 4,
            discriminator_units=(128,) * 4,
        ),
        parameters={"generator": 13_123, "discriminator": 50_817},
        **_DATA,
        recipe=_recipe(*_LONG, ema_momentum=0.9995),
    ),
    "fatgan_electrons_spherical": Entry(
        family="FATGAN",
        summary="Electrons of e- p scattering, FAT-GAN spherical",
        config=_config("spherical", _SPHERICAL, 12, turned=True, **_SMALL),
        parameters={"generator": 51_331, "discriminator": 50_817},
        **_DATA,
        recipe=_recipe(*_SHORT),
    ),
    "fatgan_electrons_fast": Entry(
        family="FATGAN",
        summary="Electrons of e- p scattering, FAT-GAN with a small generator",
        # Eight latent numbers, two of them the angle: fewer, and sharper edges for a small network.
        config=_config(
            "cartesian",
            _CARTESIAN,
            8,
            turned=True,
            generator_units=(48,) * 3,
            discriminator_units=(128,) * 4,
        ),
        parameters={"generator": 5_187, "discriminator": 50_689},
        **_DATA,
        recipe=_recipe(*_LONG),
    ),
    "fatgan_electrons_invariant": Entry(
        family="FATGAN",
        summary="Electrons of e- p scattering, FAT-GAN in Q2 and x, whose edges are straight",
        config=_config(
            "invariant",
            (*_CARTESIAN, "x", "log_Q2_excess"),
            8,
            turned=True,
            generator_units=(64,) * 4,
            discriminator_units=(128,) * 4,
        ),
        parameters={"generator": 13_123, "discriminator": 50_945},
        **_DATA,
        recipe=_recipe(*_LONG, ema_momentum=0.9995),
    ),
    "fatgan_electrons_ensemble": Entry(
        family="FATGAN",
        summary="Electrons of e- p scattering, eight small generators: the error of a training",
        config=_config(
            "invariant",
            (*_CARTESIAN, "x", "log_Q2_excess"),
            8,
            turned=True,
            generator_units=(48,) * 3,
            discriminator_units=(64,) * 4,
            members=8,
        ),
        parameters={"generator": 41_496, "discriminator": 105_480},
        **_DATA,
        recipe=_recipe(*_LONG),
    ),
    "fatgan_electrons_beams": Entry(
        family="BeamFATGAN",
        summary="Electrons of e- p scattering at the beams that are asked for, 5 x 41 to 18 x 275",
        config=_of_beams(generator_units=(64,) * 4, discriminator_units=(128,) * 4),
        parameters={"generator": 13_187, "discriminator": 50_945},
        **_COLLIDER,
        recipe=_recipe(*_LONG, ema_momentum=0.9995, data="collider_electrons"),
    ),
    "fatgan_electrons_published": Entry(
        family="FATGAN",
        summary="Electrons of e- p scattering, FAT-GAN as published: for a GPU",
        config={
            **_config("cartesian", _PUBLISHED, 100, **_LARGE),
            "dropout": 0.1,
        },
        parameters={"generator": 1_103_875, "discriminator": 1_055_233},
        **_DATA,
        recipe=Recipe(
            data="electrons",
            batch_size=16_000,
            seed=2020,
            stages=(
                Stage(
                    # 62 steps of 16,000 in a million events: 200,012 generator steps.
                    epochs=3226,
                    optimizers=both({"learning_rate": 1e-4, "beta_1": 0.5, "beta_2": 0.9}),
                    compile={"mmd_weight": 1.0},
                ),
            ),
            backend="jax",
        ),
    ),
}

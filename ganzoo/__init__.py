"""ganzoo: a Keras 3 model zoo of GANs for TensorFlow, JAX and PyTorch.

Importing ganzoo imports neither Keras nor a backend; the first use of a public name does.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ganzoo import environment  # settles KERAS_BACKEND before anything imports Keras
from ganzoo._version import __version__

if TYPE_CHECKING:
    from ganzoo._backend import input_gradient, minimize, minimize_jointly
    from ganzoo.game.conditional import ConditionalGAN
    from ganzoo.game.latent import GAN
    from ganzoo.models.conditional_dcgan import ConditionalDCGAN
    from ganzoo.models.dcgan import DCGAN
    from ganzoo.models.fat_gan import FATGAN
    from ganzoo.models.vanilla_gan import VanillaGAN
    from ganzoo.models.wgan_gp import WGANGP
    from ganzoo.zoo.registry import list_models, load


_PUBLIC = {
    "GAN": "ganzoo.game.latent",
    "VanillaGAN": "ganzoo.models.vanilla_gan",
    "DCGAN": "ganzoo.models.dcgan",
    "ConditionalGAN": "ganzoo.game.conditional",
    "ConditionalDCGAN": "ganzoo.models.conditional_dcgan",
    "WGANGP": "ganzoo.models.wgan_gp",
    "FATGAN": "ganzoo.models.fat_gan",
    "load": "ganzoo.zoo.registry",
    "list_models": "ganzoo.zoo.registry",
    "input_gradient": "ganzoo._backend",
    "minimize": "ganzoo._backend",
    "minimize_jointly": "ganzoo._backend",
}
_MODULES = (
    "augmentation",
    "callbacks",
    "checks",
    "data",
    "errors",
    "event_files",
    "event_sampling",
    "events",
    "kinematics",
    "latent",
    "losses",
    "metrics",
    "panels",
    "penalties",
    "plots",
    "presets",
)

__all__ = [
    "DCGAN",
    "FATGAN",
    "GAN",
    "WGANGP",
    "ConditionalDCGAN",
    "ConditionalGAN",
    "VanillaGAN",
    "__version__",
    "environment",
    "input_gradient",
    "list_models",
    "load",
    "minimize",
    "minimize_jointly",
]


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        value = getattr(importlib.import_module(_PUBLIC[name]), name)
        globals()[name] = value
        return value
    if name in _MODULES:
        return importlib.import_module(f"ganzoo.{name}")
    raise AttributeError(f"module 'ganzoo' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_PUBLIC, *_MODULES])

"""ganzoo: a Keras 3 model zoo of GANs for TensorFlow, JAX and PyTorch.

Importing ganzoo imports neither Keras nor a backend. Public names and modules (`ganzoo.GAN`,
`ganzoo.penalties`) are imported when they are first used.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from typing import TYPE_CHECKING, Any

from ganzoo import environment  # chooses KERAS_BACKEND before anything imports Keras
from ganzoo._version import __version__
from ganzoo.zoo import registration as _registration

if TYPE_CHECKING:
    from ganzoo._backend import input_gradient, minimize, minimize_jointly
    from ganzoo.game.adaptation import DomainAdapter
    from ganzoo.game.categories import CategoricalAutoencoder
    from ganzoo.game.conditional import ConditionalGAN
    from ganzoo.game.coupled import CoupledGAN
    from ganzoo.game.encoding import EncodingGAN
    from ganzoo.game.inpainting import Inpainter
    from ganzoo.game.latent import GAN
    from ganzoo.game.model import AdversarialModel
    from ganzoo.game.players import Objective, Player
    from ganzoo.game.translation import Translator, UnpairedTranslator
    from ganzoo.game.wasserstein import WassersteinGAN
    from ganzoo.models.acgan import ACGAN
    from ganzoo.models.adversarial_autoencoder import AdversarialAutoencoder
    from ganzoo.models.alpha_gan import AlphaGAN
    from ganzoo.models.beam_fat_gan import BeamFATGAN
    from ganzoo.models.bigan import BiGAN
    from ganzoo.models.boundary_seeking_gan import BoundarySeekingGAN
    from ganzoo.models.ccgan import CCGAN
    from ganzoo.models.clustering_aae import ClusteringAAE
    from ganzoo.models.cogan import CoGAN
    from ganzoo.models.colorizer import Colorizer
    from ganzoo.models.conditional_dcgan import ConditionalDCGAN
    from ganzoo.models.context_encoder import ContextEncoder
    from ganzoo.models.cyclegan import CycleGAN
    from ganzoo.models.dcgan import DCGAN
    from ganzoo.models.discogan import DiscoGAN
    from ganzoo.models.dualgan import DualGAN
    from ganzoo.models.esrgan import ESRGAN
    from ganzoo.models.fastgan import FastGAN
    from ganzoo.models.fat_gan import FATGAN
    from ganzoo.models.gansynth import GANSynth
    from ganzoo.models.infogan import InfoGAN
    from ganzoo.models.lsgan import LSGAN
    from ganzoo.models.pix2pix import Pix2Pix
    from ganzoo.models.pixelda import PixelDA
    from ganzoo.models.progan import ProGAN
    from ganzoo.models.r3gan import R3GAN
    from ganzoo.models.sagan import SAGAN
    from ganzoo.models.semi_supervised_aae import SemiSupervisedAAE
    from ganzoo.models.sgan import SGAN
    from ganzoo.models.srgan import SRGAN
    from ganzoo.models.stylegan2 import StyleGAN2
    from ganzoo.models.text_gan import TextGAN
    from ganzoo.models.vae_gan import VAEGAN
    from ganzoo.models.vanilla_gan import VanillaGAN
    from ganzoo.models.wgan import WGAN
    from ganzoo.models.wgan_gp import WGANGP
    from ganzoo.models.zi2zi import Zi2Zi
    from ganzoo.presets.find import load
    from ganzoo.zoo.registry import list_models

_PUBLIC = {  # name: the module that defines it
    # A base class per kind, and what a family of a new kind is made of.
    "AdversarialModel": "ganzoo.game.model",
    "CategoricalAutoencoder": "ganzoo.game.categories",
    "ConditionalGAN": "ganzoo.game.conditional",
    "CoupledGAN": "ganzoo.game.coupled",
    "DomainAdapter": "ganzoo.game.adaptation",
    "EncodingGAN": "ganzoo.game.encoding",
    "GAN": "ganzoo.game.latent",
    "Inpainter": "ganzoo.game.inpainting",
    "Objective": "ganzoo.game.players",
    "Player": "ganzoo.game.players",
    "Translator": "ganzoo.game.translation",
    "UnpairedTranslator": "ganzoo.game.translation",
    "WassersteinGAN": "ganzoo.game.wasserstein",
    # Families.
    "CCGAN": "ganzoo.models.ccgan",
    "ACGAN": "ganzoo.models.acgan",
    "AdversarialAutoencoder": "ganzoo.models.adversarial_autoencoder",
    "AlphaGAN": "ganzoo.models.alpha_gan",
    "BiGAN": "ganzoo.models.bigan",
    "BoundarySeekingGAN": "ganzoo.models.boundary_seeking_gan",
    "ClusteringAAE": "ganzoo.models.clustering_aae",
    "CoGAN": "ganzoo.models.cogan",
    "Colorizer": "ganzoo.models.colorizer",
    "ConditionalDCGAN": "ganzoo.models.conditional_dcgan",
    "ContextEncoder": "ganzoo.models.context_encoder",
    "CycleGAN": "ganzoo.models.cyclegan",
    "DCGAN": "ganzoo.models.dcgan",
    "DiscoGAN": "ganzoo.models.discogan",
    "DualGAN": "ganzoo.models.dualgan",
    "ESRGAN": "ganzoo.models.esrgan",
    "FastGAN": "ganzoo.models.fastgan",
    "BeamFATGAN": "ganzoo.models.beam_fat_gan",
    "FATGAN": "ganzoo.models.fat_gan",
    "GANSynth": "ganzoo.models.gansynth",
    "InfoGAN": "ganzoo.models.infogan",
    "LSGAN": "ganzoo.models.lsgan",
    "Pix2Pix": "ganzoo.models.pix2pix",
    "ProGAN": "ganzoo.models.progan",
    "R3GAN": "ganzoo.models.r3gan",
    "SAGAN": "ganzoo.models.sagan",
    "StyleGAN2": "ganzoo.models.stylegan2",
    "SRGAN": "ganzoo.models.srgan",
    "PixelDA": "ganzoo.models.pixelda",
    "SGAN": "ganzoo.models.sgan",
    "SemiSupervisedAAE": "ganzoo.models.semi_supervised_aae",
    "TextGAN": "ganzoo.models.text_gan",
    "VAEGAN": "ganzoo.models.vae_gan",
    "VanillaGAN": "ganzoo.models.vanilla_gan",
    "WGAN": "ganzoo.models.wgan",
    "WGANGP": "ganzoo.models.wgan_gp",
    "Zi2Zi": "ganzoo.models.zi2zi",
    # The zoo.
    "list_models": "ganzoo.zoo.registry",
    "load": "ganzoo.presets.find",
    # For a training step of one's own.
    "input_gradient": "ganzoo._backend",
    "minimize": "ganzoo._backend",
    "minimize_jointly": "ganzoo._backend",
}
_WITHOUT_KERAS = ("list_models", "load")
_WITH_KERAS = (
    "augmentation",
    "batches",
    "callbacks",
    "export",
    "feeding",
    "game",
    "layers",
    "losses",
    "models",
    "penalties",
    "schedules",
    "training",
)

__all__ = [
    "ACGAN",
    "CCGAN",
    "DCGAN",
    "ESRGAN",
    "FATGAN",
    "GAN",
    "LSGAN",
    "R3GAN",
    "SAGAN",
    "SGAN",
    "SRGAN",
    "VAEGAN",
    "WGAN",
    "WGANGP",
    "AdversarialAutoencoder",
    "AdversarialModel",
    "AlphaGAN",
    "BeamFATGAN",
    "BiGAN",
    "BoundarySeekingGAN",
    "CategoricalAutoencoder",
    "ClusteringAAE",
    "CoGAN",
    "Colorizer",
    "ConditionalDCGAN",
    "ConditionalGAN",
    "ContextEncoder",
    "CoupledGAN",
    "CycleGAN",
    "DiscoGAN",
    "DomainAdapter",
    "DualGAN",
    "EncodingGAN",
    "FastGAN",
    "GANSynth",
    "InfoGAN",
    "Inpainter",
    "Objective",
    "Pix2Pix",
    "PixelDA",
    "Player",
    "ProGAN",
    "SemiSupervisedAAE",
    "StyleGAN2",
    "TextGAN",
    "Translator",
    "UnpairedTranslator",
    "VanillaGAN",
    "WassersteinGAN",
    "Zi2Zi",
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
        if name not in _WITHOUT_KERAS:
            environment.require_backend()
        value = getattr(importlib.import_module(_PUBLIC[name]), name)
        globals()[name] = value
        _registration.register()
        return value
    if not name.startswith("_") and importlib.util.find_spec(f"ganzoo.{name}") is not None:
        if name in _WITH_KERAS:
            environment.require_backend()
        module = importlib.import_module(f"ganzoo.{name}")
        _registration.register()
        return module
    raise AttributeError(f"module 'ganzoo' has no attribute {name!r}")


def __dir__() -> list[str]:
    modules = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted({*globals(), *_PUBLIC, *(name for name in modules if name[0] != "_")})


_registration.watch()

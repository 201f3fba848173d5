"""The families that turn pictures into pictures, as data; see `families.py`."""

from __future__ import annotations

from ganzoo.zoo.forms import Family

FAMILIES: dict[str, Family] = {
    "Pix2Pix": Family(
        class_path="ganzoo.models.pix2pix:Pix2Pix",
        paper="Isola et al., Image-to-Image Translation with Conditional Adversarial Networks, "
        "2016",
        arxiv="1611.07004",
        task="translation",
        tiny={
            "source_shape": (8, 8, 2),
            "channels": 1,
            "generator_filters": (4, 6, 8),
            "discriminator_filters": (4, 6),
        },
    ),
    "Zi2Zi": Family(
        class_path="ganzoo.models.zi2zi:Zi2Zi",
        paper="Tian, zi2zi, 2017 (github.com/kaonashi-tyc/zi2zi); Isola et al., Image-to-Image "
        "Translation with Conditional Adversarial Networks, 2016",
        arxiv="1611.07004",
        task="styled translation",
        tiny={
            "image_shape": (8, 8, 2),
            "styles": ("one", "two", "three"),
            "generator_filters": (4, 6, 8),
            "discriminator_filters": (4, 6),
            "embedding_dim": 5,
            "shuffled": {"from": 0.2, "to": 0.5, "over": 100},
        },
    ),
    "Colorizer": Family(
        class_path="ganzoo.models.colorizer:Colorizer",
        paper="Antic, DeOldify, 2018 (github.com/jantic/DeOldify); Isola et al., Image-to-Image "
        "Translation with Conditional Adversarial Networks, 2016",
        arxiv="1611.07004",
        task="colorization",
        tiny={
            "image_size": (8, 8),
            "generator_filters": (4, 6, 8),
            "discriminator_filters": (4, 6),
            "adversarial_weight": {"from": 0.5, "to": 1.0, "over": 100},
        },
    ),
    "SRGAN": Family(
        class_path="ganzoo.models.srgan:SRGAN",
        paper="Ledig et al., Photo-Realistic Single Image Super-Resolution Using a Generative "
        "Adversarial Network, 2016",
        arxiv="1609.04802",
        task="superresolution",
        tiny={
            "channels": 3,
            "scale": 2,
            "filters": 6,
            "blocks": 1,
            "upsampling_filters": 4,
            "discriminator_filters": (4, 6),
            "adversarial_weight": {"from": 0.5, "to": 1.0, "over": 100},
        },
    ),
    "ESRGAN": Family(
        class_path="ganzoo.models.esrgan:ESRGAN",
        paper="Wang et al., ESRGAN: Enhanced Super-Resolution Generative Adversarial Networks, "
        "2018",
        arxiv="1809.00219",
        task="superresolution",
        tiny={
            "channels": 3,
            "scale": 4,
            "filters": 4,
            "growth": 2,
            "blocks": 1,
            "upsampling_filters": 3,
            "discriminator_filters": (4, 6),
            "adversarial_weight": 1.0,
        },
    ),
    "CycleGAN": Family(
        class_path="ganzoo.models.cyclegan:CycleGAN",
        paper="Zhu et al., Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial "
        "Networks, 2017",
        arxiv="1703.10593",
        task="unpaired translation",
        tiny={
            "image_shape": (8, 8, 1),
            "filters": 4,
            "blocks": 1,
            "discriminator_filters": (4, 6),
            "pool_size": 6,
        },
    ),
    "DiscoGAN": Family(
        class_path="ganzoo.models.discogan:DiscoGAN",
        paper="Kim et al., Learning to Discover Cross-Domain Relations with Generative Adversarial "
        "Networks, 2017",
        arxiv="1703.05192",
        task="unpaired translation",
        tiny={
            "image_shape": (8, 8, 1),
            "generator_filters": (4, 6),
            "discriminator_filters": (4, 6),
        },
    ),
    "DualGAN": Family(
        class_path="ganzoo.models.dualgan:DualGAN",
        paper="Yi et al., DualGAN: Unsupervised Dual Learning for Image-to-Image Translation, 2017",
        arxiv="1704.02510",
        task="unpaired translation",
        tiny={
            "image_shape": (8, 8, 1),
            "generator_filters": (4, 6, 8),
            "discriminator_filters": (4, 6),
        },
    ),
    "ContextEncoder": Family(
        class_path="ganzoo.models.context_encoder:ContextEncoder",
        paper="Pathak et al., Context Encoders: Feature Learning by Inpainting, 2016",
        arxiv="1604.07379",
        task="inpainting",
        tiny={
            "image_shape": (8, 8, 2),
            "generator_filters": (4, 6),
            "discriminator_filters": (4, 6),
            "adversarial_weight": {"from": 0.1, "to": 0.5, "over": 100},
        },
    ),
    "CCGAN": Family(
        class_path="ganzoo.models.ccgan:CCGAN",
        paper="Denton, Gross, Fergus, Semi-Supervised Learning with Context-Conditional "
        "Generative Adversarial Networks, 2016",
        arxiv="1611.06430",
        task="inpainting",
        tiny={
            "image_shape": (8, 8, 1),
            "generator_filters": (4, 6),
            "discriminator_filters": (4, 6),
        },
    ),
    "PixelDA": Family(
        class_path="ganzoo.models.pixelda:PixelDA",
        paper="Bousmalis et al., Unsupervised Pixel-Level Domain Adaptation with Generative "
        "Adversarial Networks, 2016",
        arxiv="1612.05424",
        task="adaptation",
        tiny={
            "source_shape": (8, 8, 1),
            "channels": 2,
            "classes": ("one", "two", "three"),
            "latent_dim": 4,
            "filters": 4,
            "blocks": 1,
            "discriminator_filters": (4, 6),
            "classifier_filters": (4, 5),
            "classifier_units": 5,
        },
        classifies=True,
    ),
}

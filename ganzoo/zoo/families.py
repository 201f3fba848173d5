"""The families of GANs, as data: the class of each, its paper, its task.

One more family is one file in `models/` and one entry, here or, of pictures out of pictures, in
`translators.py`; see CONTRIBUTING.md. The named models are in the other files beside this one.
"""

from __future__ import annotations

from ganzoo.zoo import translators
from ganzoo.zoo.forms import Family

_TINY = {
    "image_shape": (8, 8, 1),
    "latent_dim": 4,
    "generator_filters": (6, 5),
    "discriminator_filters": (4, 6),
    "kernel_size": 3,
}

FAMILIES: dict[str, Family] = {
    "VanillaGAN": Family(
        class_path="ganzoo.models.vanilla_gan:VanillaGAN",
        paper="Goodfellow et al., Generative Adversarial Networks, 2014",
        arxiv="1406.2661",
        tiny={
            "image_shape": (8, 8, 1),
            "latent_dim": 4,
            "generator_units": (8, 12),
            "discriminator_units": (12, 8),
            "batch_norm": True,
        },
    ),
    "DCGAN": Family(
        class_path="ganzoo.models.dcgan:DCGAN",
        paper="Radford, Metz, Chintala, Unsupervised Representation Learning with Deep "
        "Convolutional Generative Adversarial Networks, 2015",
        arxiv="1511.06434",
        tiny={
            "image_shape": (8, 8, 1),
            "latent_dim": 4,
            "generator_filters": (6, 5, 4),
            "discriminator_filters": (4, 6),
            "kernel_size": 3,
        },
    ),
    "ConditionalDCGAN": Family(
        class_path="ganzoo.models.conditional_dcgan:ConditionalDCGAN",
        paper="Miyato, Koyama, cGANs with Projection Discriminator, 2018",
        arxiv="1802.05637",
        task="labelled",
        tiny={
            "image_shape": (8, 8, 1),
            "classes": ("one", "two", "three"),
            "latent_dim": 4,
            "generator_filters": (6, 5, 4),
            "discriminator_filters": (4, 6),
            "kernel_size": 3,
        },
    ),
    "WGANGP": Family(
        class_path="ganzoo.models.wgan_gp:WGANGP",
        paper="Gulrajani et al., Improved Training of Wasserstein GANs, 2017",
        arxiv="1704.00028",
        tiny={
            "data_shape": (8, 8, 1),
            "latent_dim": 4,
            "generator_filters": (6, 5),
            "discriminator_filters": (4, 6),
            "discriminator_units": (5,),
            "kernel_size": 3,
        },
    ),
    "R3GAN": Family(
        class_path="ganzoo.models.r3gan:R3GAN",
        paper="Huang et al., The GAN is dead; long live the GAN! A Modern Baseline GAN, 2025",
        arxiv="2501.05441",
        tiny={
            "image_shape": (8, 8, 1),
            "latent_dim": 4,
            "filters": (6, 4),
            "blocks": 1,
            "expansion": 2,
        },
    ),
    "StyleGAN2": Family(
        class_path="ganzoo.models.stylegan2:StyleGAN2",
        paper="Karras et al., Analyzing and Improving the Image Quality of StyleGAN, 2020",
        arxiv="1912.04958",
        task="style-based sampling",
        tiny={
            "image_shape": (8, 8, 3),
            "latent_dim": 4,
            "filters": (6, 4),
            "mapping_layers": 1,
            "mixing": 0.5,
        },
    ),
    "ProGAN": Family(
        class_path="ganzoo.models.progan:ProGAN",
        paper="Karras et al., Progressive Growing of GANs for Improved Quality, Stability, and "
        "Variation, 2017",
        arxiv="1710.10196",
        tiny={"image_shape": (8, 8, 3), "latent_dim": 4, "filters": (6, 4), "growth": 0.5},
    ),
    "SAGAN": Family(
        class_path="ganzoo.models.sagan:SAGAN",
        paper="Zhang et al., Self-Attention Generative Adversarial Networks, 2018",
        arxiv="1805.08318",
        task="labelled",
        tiny={
            "image_shape": (8, 8, 3),
            "classes": ("one", "two", "three"),
            "latent_dim": 4,
            "filters": (6, 4),
            "attention": 1,
        },
    ),
    "FastGAN": Family(
        class_path="ganzoo.models.fastgan:FastGAN",
        paper="Liu et al., Towards Faster and Stabilized GAN Training for High-fidelity Few-shot "
        "Image Synthesis, 2021",
        arxiv="2101.04775",
        tiny={
            "image_shape": (8, 8, 3),
            "latent_dim": 4,
            "filters": (6, 5, 4),
            "skip": 1,
            "decoder_filters": 4,
        },
    ),
    "FATGAN": Family(
        class_path="ganzoo.models.fat_gan:FATGAN",
        paper="Alanazi et al., Simulation of electron-proton scattering events by a Feature-"
        "Augmented and Transformed Generative Adversarial Network (FAT-GAN), 2020",
        arxiv="2001.11103",
        tiny={
            "features": ("px", "py", "log_gap", "pT", "log_Q2"),
            "latent_dim": 4,
            "generator_units": (8, 6),
            "discriminator_units": (6, 8),
        },
        task="events",
    ),
    "BeamFATGAN": Family(
        class_path="ganzoo.models.beam_fat_gan:BeamFATGAN",
        paper="Mirza, Osindero, Conditional Generative Adversarial Nets, 2014",
        arxiv="1411.1784",
        tiny={
            "features": ("log_Q2_excess", "log_s_hat", "pT"),
            "generated_mean": (0.0, 5.0, 0.0),
            "latent_dim": 4,
            "turned": True,
            "generator_units": (8, 6),
            "discriminator_units": (6, 8),
        },
        task="events of beams",
    ),
    "GANSynth": Family(
        class_path="ganzoo.models.gansynth:GANSynth",
        paper="Engel et al., GANSynth: Adversarial Neural Audio Synthesis, 2019",
        arxiv="1902.08710",
        tiny={
            "classes": ("A3", "C4", "E4"),
            "window": 16,
            "hop": 4,
            "frames": 8,
            "latent_dim": 4,
            "generator_filters": (6, 5),
            "discriminator_filters": (4, 6),
            "kernel_size": 3,
        },
        task="notes",
        classifies=True,
    ),
    "LSGAN": Family(
        class_path="ganzoo.models.lsgan:LSGAN",
        paper="Mao et al., Least Squares Generative Adversarial Networks, 2016",
        arxiv="1611.04076",
        tiny={**_TINY, "units": 6},
    ),
    "WGAN": Family(
        class_path="ganzoo.models.wgan:WGAN",
        paper="Arjovsky, Chintala, Bottou, Wasserstein GAN, 2017",
        arxiv="1701.07875",
        tiny={**_TINY},
    ),
    "BoundarySeekingGAN": Family(
        class_path="ganzoo.models.boundary_seeking_gan:BoundarySeekingGAN",
        paper="Hjelm et al., Boundary-Seeking Generative Adversarial Networks, 2017",
        arxiv="1702.08431",
        tiny={**_TINY, "units": 6, "drawn": 3},
    ),
    "ACGAN": Family(
        class_path="ganzoo.models.acgan:ACGAN",
        paper="Odena, Olah, Shlens, Conditional Image Synthesis with Auxiliary "
        "Classifier GANs, 2016",
        arxiv="1610.09585",
        task="labelled",
        tiny={**_TINY, "classes": ("one", "two", "three")},
        classifies=True,
    ),
    "InfoGAN": Family(
        class_path="ganzoo.models.infogan:InfoGAN",
        paper="Chen et al., InfoGAN: Interpretable Representation Learning by "
        "Information Maximizing Generative Adversarial Nets, 2016",
        arxiv="1606.03657",
        task="codes",
        tiny={**_TINY, "categories": 3, "continuous": 2, "units": 6, "recognition_units": 5},
        classifies=True,
    ),
    "BiGAN": Family(
        class_path="ganzoo.models.bigan:BiGAN",
        paper="Donahue, Krähenbühl, Darrell, Adversarial Feature Learning, 2016",
        arxiv="1605.09782",
        task="encoding",
        tiny={**_TINY, "units": 5, "stochastic": True},
    ),
    "AdversarialAutoencoder": Family(
        class_path="ganzoo.models.adversarial_autoencoder:AdversarialAutoencoder",
        paper="Makhzani et al., Adversarial Autoencoders, 2015",
        arxiv="1511.05644",
        task="encoding",
        tiny={**_TINY, "units": (6, 5)},
    ),
    "AlphaGAN": Family(
        class_path="ganzoo.models.alpha_gan:AlphaGAN",
        paper="Rosca et al., Variational Approaches for Auto-Encoding Generative "
        "Adversarial Networks, 2017",
        arxiv="1706.04987",
        task="encoding",
        tiny={**_TINY, "units": (6, 5)},
    ),
    "VAEGAN": Family(
        class_path="ganzoo.models.vae_gan:VAEGAN",
        paper="Larsen et al., Autoencoding beyond pixels using a learned similarity metric, 2015",
        arxiv="1512.09300",
        task="encoding",
        tiny={**_TINY, "units": 6},
    ),
    "SGAN": Family(
        class_path="ganzoo.models.sgan:SGAN",
        paper="Salimans et al., Improved Techniques for Training GANs, 2016",
        arxiv="1606.03498",
        task="semi-supervised",
        tiny={
            "image_shape": (8, 8, 1),
            "latent_dim": 4,
            "generator_units": (8, 8),
            "discriminator_units": (12, 8, 6),
            "classes": ("one", "two", "three"),
        },
        classifies=True,
    ),
    "SemiSupervisedAAE": Family(
        class_path="ganzoo.models.semi_supervised_aae:SemiSupervisedAAE",
        paper="Makhzani et al., Adversarial Autoencoders, 2015",
        arxiv="1511.05644",
        task="semi-supervised encoding",
        tiny={**_TINY, "classes": ("one", "two", "three"), "units": (6, 5)},
        classifies=True,
    ),
    "ClusteringAAE": Family(
        class_path="ganzoo.models.clustering_aae:ClusteringAAE",
        paper="Makhzani et al., Adversarial Autoencoders, 2015",
        arxiv="1511.05644",
        task="clustering",
        tiny={**_TINY, "clusters": 3, "units": (6, 5)},
        classifies=True,
    ),
    "CoGAN": Family(
        class_path="ganzoo.models.cogan:CoGAN",
        paper="Liu, Tuzel, Coupled Generative Adversarial Networks, 2016",
        arxiv="1606.07536",
        task="coupled",
        tiny={**_TINY, "units": 6},
    ),
    "TextGAN": Family(
        class_path="ganzoo.models.text_gan:TextGAN",
        paper="Kusner, Hernández-Lobato, GANS for Sequences of Discrete Elements with the "
        "Gumbel-softmax Distribution, 2016",
        arxiv="1611.04051",
        task="text",
        tiny={
            "vocabulary": " abc",
            "length": 5,
            "latent_dim": 4,
            "generator_units": (8, 6),
            "discriminator_units": (6, 8),
            "temperature": {"from": 2.0, "to": 0.5, "over": 100},
        },
    ),
    **translators.FAMILIES,
}

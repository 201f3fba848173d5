"""Differentiable augmentation: the discriminator sees changed pictures only; fixed or adaptive.

Zhao et al. 2020, Differentiable Augmentation for Data-Efficient GAN Training (arXiv:2006.10738);
Karras et al. 2020, Training Generative Adversarial Networks with Limited Data (arXiv:2006.06676).
Real and generated images are treated alike, in the updates of both networks, so that a small set
of images is harder to learn by heart while the generator still learns the pictures as they are.
"""

from ganzoo.augmentation.adaptive import AdaptiveAugmentation, Strength
from ganzoo.augmentation.fixed import Augmentation

__all__ = ["AdaptiveAugmentation", "Augmentation", "Strength"]

"""How far patches of restored photographs are from true ones, as a feature network sees them.

PSNR and SSIM reward a blur; a distance between distributions does not. Patches of 64 x 64 pixels,
side by side, in turn of two sets like the squares of a chessboard: restored ones of the first
against true ones of the second, so that no patch is compared with its own truth. The floor is that
of the true ones of the first set.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ganzoo import plots
from ganzoo.metrics.estimate import Estimate
from ganzoo.metrics.frechet import frechet_distance
from ganzoo.metrics.two_sample import classifier_auc
from ganzoo.presets.feature_networks import NETWORKS, load
from ganzoo.zoo import registry

NETWORK, SIDE = "photo_features", 64
LEAST = 260  # of each set: four times as many as features and one
TITLES = {
    "patch_frechet": "Fréchet distance of patches",
    "patch_auc": "classifier AUC of patches (1/2: as real)",
}


class Patches:
    """Patches of photographs by who restored them.

    Args:
        ways: Names of who restores them; "truth" is that of the true ones.
        channels: Of the photographs; only those in colour have patches.
    """

    def __init__(self, ways: Sequence[str], channels: int) -> None:
        self.used = channels == NETWORKS[NETWORK].image_shape[-1]
        self.used = self.used and NETWORK in registry.checkpoints()
        self._first: dict[str, list[np.ndarray]] = {way: [] for way in ways}
        self._second: list[np.ndarray] = []

    def add(self, way: str, picture: np.ndarray) -> None:
        """Keep the patches of a picture, uint8 (h, w, 3)."""
        if not self.used:
            return
        rows, columns = picture.shape[0] // SIDE, picture.shape[1] // SIDE
        for row in range(rows):
            for column in range(columns):
                patch = picture[row * SIDE :, column * SIDE :][:SIDE, :SIDE]
                if (row + column) % 2 == 0:
                    self._first[way].append(patch)
                elif way == "truth":
                    self._second.append(patch)

    def measured(self, seed: int) -> dict[str, dict[str, Estimate]]:
        """Return the figures of each way; none where there are too few patches."""
        if not self.used or min(len(self._second), len(self._first["truth"])) < LEAST:
            return {}
        network = load(NETWORK)

        def features(patches: Sequence[np.ndarray]) -> np.ndarray:
            return network.features(plots.from_uint8(np.stack(patches)))

        true = features(self._second)
        found = {}
        for way, patches in self._first.items():
            made = features(patches)
            found[way] = {
                "patch_frechet": frechet_distance(true, made, seed=seed),
                "patch_auc": classifier_auc(true, made, seed=seed),
            }
        return found

"""Train the metrics' feature networks on real data: python -m tools.train_features TASK

TASK is digits, glyphs or photographs. Writes zoo_weights/NAME/ with the weights, the held-out
accuracy and a card; afterwards run `python -m tools.rebuild_registry`. Digits and glyphs are
shifted at random by up to two pixels, photographs cropped, mirrored and changed in colour; Adam
with a cosine schedule, and an exponential moving average of the weights is what is kept.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from ganzoo import data
from ganzoo.data import characters
from ganzoo.data.photographs import FLOWERS
from ganzoo.data.radicals import radical_classes
from ganzoo.files.writing import write_text
from ganzoo.presets import feature_networks as networks
from ganzoo.random import random_generator

ROOT = Path(__file__).resolve().parent.parent
BATCH = 128
Split = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def digits() -> Split:
    """Return training and test digits with their labels."""
    return (*data.mnist(labels=True), *data.mnist("test", labels=True))


def glyphs() -> Split:
    """Return glyphs of both fonts, one character in eight held out, in both scripts.

    The label is 25 x script + radical class: 0 to 24 clerical, 25 to 49 semi-cursive.
    """
    from ganzoo.data.scripts import SCRIPTS, scaled, script_glyphs

    every = characters.characters("moe-4808")
    radicals = dict(zip(every, radical_classes(every)[0], strict=True))
    held = {c for i, c in enumerate(every) if i % 8 == 0}
    rendered = [script_glyphs(script) for script in SCRIPTS]
    images = np.concatenate([scaled(part.images) for part in rendered])
    labels = np.concatenate(
        [[25 * i + radicals[c] for c in part.characters] for i, part in enumerate(rendered)]
    )
    test = np.concatenate([[c in held for c in part.characters] for part in rendered])
    return images[~test], labels[~test], images[test], labels[test]


def photographs() -> Split:
    """Return flowers (labels 0 to 4) and clothes (5 to 14), by the splits of the sources."""
    parts = []
    for split in ("train", "test"):
        flowers, kinds = data.flowers(split, labels=True)
        clothes, others = data.clothing(split, labels=True)
        parts.append(np.concatenate([flowers, clothes]))
        parts.append(np.concatenate([kinds, len(FLOWERS) + others]))
    return parts[0], parts[1], parts[2], parts[3]


class Shifted(keras.utils.PyDataset):
    """Shuffled batches, each picture shifted by up to two pixels; paper comes in at the edges."""

    shift = 2  # pixels at most, each way
    border: dict[str, Any] = {"constant_values": -1.0}  # noqa: RUF012

    def __init__(self, images: np.ndarray, labels: np.ndarray, seed: int) -> None:
        super().__init__()
        pad = ((0, 0), (self.shift, self.shift), (self.shift, self.shift), (0, 0))
        self.side = images.shape[1]
        self.images, self.labels = np.pad(images, pad, **self.border), labels
        self.random = random_generator(seed)
        self.order = self.random.permutation(len(labels))

    def __len__(self) -> int:
        return len(self.labels) // BATCH

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        chosen = self.order[index * BATCH : (index + 1) * BATCH]
        reach = np.arange(self.side)
        rows, columns = self.random.integers(0, 2 * self.shift + 1, (2, BATCH, 1)) + reach
        pictures = self.images[chosen[:, None, None], rows[:, :, None], columns[:, None, :]]
        return pictures, self.labels[chosen]

    def on_epoch_end(self) -> None:
        """Shuffle for the next epoch."""
        self.order = self.random.permutation(len(self.labels))


class Photographs(Shifted):
    """The same of photographs: shifted by up to eight pixels, mirrored, changed in colour.

    Brightness is shifted, contrast and saturation are multiplied, all at random.
    """

    shift = 8
    border: dict[str, Any] = {"mode": "reflect"}  # noqa: RUF012

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        pictures, labels = super().__getitem__(index)
        mirrored = self.random.random(len(pictures)) < 0.5
        pictures[mirrored] = pictures[mirrored, :, ::-1]
        light, contrast, chroma = (
            self.random.uniform(low, high, (len(pictures), 1, 1, 1)).astype(np.float32)
            for low, high in ((-0.2, 0.2), (0.75, 1.25), (0.7, 1.3))
        )
        grey = pictures.mean(axis=-1, keepdims=True)
        pictures = (grey + chroma * (pictures - grey)) * contrast + light
        return np.clip(pictures, -1.0, 1.0), labels


def train(name: str, split: Split, epochs: int, seed: int) -> tuple[Any, dict[str, float]]:
    """Return the trained network, its accuracy and feature scale on the held-out pictures."""
    images, labels, test_images, test_labels = split
    keras.utils.set_random_seed(seed)
    model = networks.build(networks.NETWORKS[name])
    augmented = Photographs if images.shape[-1] == 3 else Shifted
    batches = augmented(images, labels, seed)
    schedule = keras.optimizers.schedules.CosineDecay(3e-3, epochs * len(batches))
    answers = keras.Model(model.input, model.output[1])
    answers.compile(
        keras.optimizers.Adam(schedule, use_ema=True, ema_momentum=0.995),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    answers.fit(batches, epochs=epochs, verbose=2)
    return model, measured(model, networks.NETWORKS[name], test_images, test_labels)


def measured(
    model: Any, network: networks.Network, images: np.ndarray, labels: np.ndarray
) -> dict[str, float]:
    """Return accuracies on pictures, of all classes and of those judged by, and the scale."""
    trained = networks.FeatureNetwork(model, 0.0, 1, judged=network.judged)
    fine = trained.probabilities(images).argmax(axis=1) == labels
    run = network.classes // network.judged
    coarse = trained.judgements(images).argmax(axis=1) == labels // run
    scale = float(np.sqrt((trained.features(images) ** 2).mean()))
    return {
        "accuracy": float(fine.mean()),
        "judged_accuracy": float(coarse.mean()),
        "scale": round(scale, 4),
    }


def card(name: str, facts: dict[str, Any], task: str) -> str:
    """Return the README of a feature network."""
    network = networks.NETWORKS[name]
    error = (facts["accuracy"] * (1 - facts["accuracy"]) / facts["tested"]) ** 0.5
    return f"""---
library_name: keras
pipeline_tag: image-classification
tags:
  - feature-extraction
---

# {name}

{network.summary}; not a generator, but what `ganzoo evaluate` measures generators with. It takes
pictures {network.image_shape} in [-1, 1] and gives {network.features} features and
{network.classes} logits. Accuracy on {facts["tested"]:,} held-out real pictures:
{facts["accuracy"]:.4f} ± {error:.4f}; of the {network.judged} classes that generators are judged
by: {facts["judged_accuracy"]:.4f}.

Made by `python -m tools.train_features {task}`: {facts["epochs"]} epochs of batch {BATCH}, seed
{facts["seed"]}, {facts["backend"]} backend, {facts["seconds"]} seconds.
{CREDITS.get(task, "")}"""


CREDITS = {
    "photographs": """
Data: the training splits of `ganzoo.data.flowers` ((c) the photographers on Flickr, by id, as
collected for TensorFlow's flower_photos, CC BY 2.0) and of `ganzoo.data.clothing` (Alexey Grigorev,
clothing-dataset-small, CC0 1.0).
"""
}
TASKS: dict[str, tuple[str, Callable[[], Split], int]] = {
    "digits": ("digit_features", digits, 9),
    "glyphs": ("glyph_features", glyphs, 30),
    "photographs": ("photo_features", photographs, 36),
}


def main() -> None:
    """Train one network and write its folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("task", choices=list(TASKS))
    parser.add_argument("--epochs", type=int, help="instead of the task's own")
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--output", type=Path, default=ROOT / "zoo_weights")
    arguments = parser.parse_args()
    name, load, epochs = TASKS[arguments.task]
    epochs = arguments.epochs or epochs
    split = load()
    begun = time.monotonic()
    model, figures = train(name, split, epochs, arguments.seed)
    facts: dict[str, Any] = {
        **figures,
        "tested": len(split[3]),
        "epochs": epochs,
        "seed": arguments.seed,
        "backend": keras.backend.backend(),
        "seconds": round(time.monotonic() - begun),
        "keras": keras.__version__,
    }
    networks.save(model, arguments.output / name, name, facts)
    write_text(arguments.output / name / "README.md", card(name, facts, arguments.task))
    print(f"{name}: held-out accuracy {figures['accuracy']:.4f}, {facts['seconds']} s")


if __name__ == "__main__":
    main()

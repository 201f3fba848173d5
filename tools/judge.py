"""Judge generated digits with two classifiers trained here on MNIST: python -m tools.judge NAME

Prints, for samples and for as many real test digits: the share on which the two classifiers agree,
their mean confidence, and the classifier score exp(E[KL(p(y|x) || p(y))]) (Salimans et al. 2016,
arXiv:1606.03498, with these classifiers in place of Inception; 1 to 10), each with the standard
deviation of 20 bootstrap resamples, and the classes' shares. The classifiers are kept in a folder.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers

import ganzoo
from ganzoo import data

RESAMPLES = 20


def deep_classifier() -> keras.Model:
    """Return four 3x3 convolutions, max pooling and dropout."""
    blocks: list[Any] = [keras.Input((28, 28, 1))]
    for filters in (32, 64):
        blocks += [layers.Conv2D(filters, 3, activation="relu") for _ in range(2)]
        blocks += [layers.MaxPooling2D(), layers.BatchNormalization()]
    blocks += [layers.Flatten(), layers.Dropout(0.4), layers.Dense(128, activation="relu")]
    return keras.Sequential([*blocks, layers.Dropout(0.4), layers.Dense(10)])


def wide_classifier() -> keras.Model:
    """Return two strided 5x5 convolutions with batch norm."""
    blocks: list[Any] = [keras.Input((28, 28, 1))]
    for filters in (24, 48):
        blocks += [
            layers.Conv2D(filters, 5, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
        ]
    blocks += [layers.Flatten(), layers.Dropout(0.3), layers.Dense(200, activation="relu")]
    return keras.Sequential([*blocks, layers.Dense(10)])


def train(classifier: keras.Model, epochs: int) -> None:
    """Train on the 60,000 digits; print the test accuracy."""
    images, labels = data.mnist(labels=True)
    schedule = keras.optimizers.schedules.CosineDecay(1e-3, epochs * len(images) // 128)
    classifier.compile(
        keras.optimizers.Adam(schedule),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    classifier.fit(
        images,
        labels,
        batch_size=128,
        epochs=epochs,
        verbose=2,
        validation_data=data.mnist("test", labels=True),
    )


def classifiers(folder: Path) -> list[keras.Model]:
    """Return the two classifiers, trained if the folder lacks them."""
    found = []
    for name, build, epochs in (("deep", deep_classifier, 4), ("wide", wide_classifier, 5)):
        path = folder / f"{name}.keras"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            keras.utils.set_random_seed(5)
            classifier = build()
            train(classifier, epochs)
            classifier.save(path)
        found.append(keras.models.load_model(path, compile=False))
    return found


def probabilities(classifier: keras.Model, images: np.ndarray) -> np.ndarray:
    """Return class probabilities, float64 of shape (n, 10)."""
    logits = classifier.predict(images, batch_size=500, verbose=0).astype(np.float64)
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def figures(first: np.ndarray, second: np.ndarray) -> dict[str, float]:
    """Return agreement, mean confidence and mean classifier score of two sets of probabilities."""

    def score(p: np.ndarray) -> float:
        divergence = p * (np.log(p + 1e-12) - np.log(p.mean(axis=0) + 1e-12))
        return float(np.exp(divergence.sum(axis=1).mean()))

    return {
        "agreement": float((first.argmax(axis=1) == second.argmax(axis=1)).mean()),
        "confidence": float(0.5 * (first.max(axis=1) + second.max(axis=1)).mean()),
        "score": 0.5 * (score(first) + score(second)),
    }


def judge(images: np.ndarray, judges: list[keras.Model], seed: int) -> dict[str, Any]:
    """Return each figure as (value, error), and the share of each class."""
    first, second = (probabilities(classifier, images) for classifier in judges)
    random = np.random.Generator(np.random.PCG64(seed))
    resamples = []
    for _ in range(RESAMPLES):
        rows = random.integers(0, len(images), len(images))
        resamples.append(figures(first[rows], second[rows]))
    result: dict[str, Any] = {
        key: (value, float(np.std([resample[key] for resample in resamples], ddof=1)))
        for key, value in figures(first, second).items()
    }
    counts = np.bincount(first.argmax(axis=1), minlength=10)
    return {**result, "classes": (counts / len(images)).round(4).tolist()}


def main() -> None:
    """Judge real digits and the samples of one model; print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", help="a pretrained name or a preset folder")
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path("runs/judges"))
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    judges = classifiers(arguments.folder)
    drawn = ganzoo.load(arguments.name).sample(arguments.samples, seed=arguments.seed)
    table = {
        "real": judge(data.mnist("test")[: arguments.samples], judges, arguments.seed),
        arguments.name: judge(drawn, judges, arguments.seed),
    }
    if arguments.json:
        print(json.dumps(table, indent=1))
        return
    for what, found in table.items():
        texts = [f"{k} {found[k][0]:.4f} ± {found[k][1]:.4f}" for k in list(found)[:3]]
        print(f"{what}: {', '.join(texts)}, classes {found['classes']}")


if __name__ == "__main__":
    main()

"""Feature networks of our own: small classifiers of the data that the generators learn.

Inception's features come from photographs of 299x299 pixels; handwriting in 28x28 is not its
subject. `tools/train_features.py` trains these networks on real data, and they are shipped like
any checkpoint. Nothing here imports Keras before a network is loaded.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo.errors import DataError, InvalidArgumentError, PresetError, nearest
from ganzoo.presets import preflight

CONFIG, WEIGHTS = "config.json", "model.weights.h5"
FEATURES = "features"  # the one network of such a folder


@dataclass(frozen=True)
class Network:
    """What a feature network is.

    Attributes:
        image_shape: (height, width, channels) that it takes.
        classes: How many it tells apart.
        filters: Of its stages of convolutions, three or more.
        features: Length of the layer before the answer.
        data: Names of the data sources (`ganzoo.data.SOURCES`) that it is made for.
        summary: One line.
        judged: How many classes a generator is judged by: runs of finer ones count as one. A
            character that does not exist has a script, but need not have a radical.
        one_class: Those of the data sources that are all of one of these classes: nothing to judge.
        stacked: Data sources whose channels are a picture of its kind each: each combination of
            classes is a mode.
        averaged: The last stage is averaged over its positions, where a thing may be anywhere in
            the picture.
    """

    image_shape: tuple[int | None, int | None, int]
    classes: int
    filters: tuple[int, ...]
    features: int
    data: tuple[str, ...]
    summary: str
    judged: int
    one_class: tuple[str, ...] = ()
    averaged: bool = False
    stacked: tuple[str, ...] = ()


NETWORKS: dict[str, Network] = {
    "digit_features": Network(
        (28, 28, 1),
        10,
        (24, 24, 48),
        64,
        ("mnist",),
        "Classifier of the ten digits",
        10,
        stacked=("stacked_mnist",),
    ),
    "glyph_features": Network(
        (48, 48, 1),
        50,
        (16, 32, 64),
        64,
        ("clerical_glyphs", "mixed_glyphs"),
        "Classifier of script (clerical, semi-cursive) and radical (24 and others)",
        2,
        ("clerical_glyphs",),
    ),
    "photo_features": Network(
        (64, 64, 3),
        15,
        (24, 48, 96, 160),
        64,
        ("flowers", "flower_colours", "clothing", "clothing_edges"),
        "Classifier of photographs: five kinds of flowers and ten of clothes",
        15,
        averaged=True,
    ),
}


def network_for(source: str, shipped: Mapping[str, Any], of: str = "data") -> str | None:
    """Return the name of the shipped feature network for a data source, or None.

    Args:
        source: Name of the data source.
        shipped: Names that have weights.
        of: "data", or "stacked" for a network of each channel.
    """
    for name, network in NETWORKS.items():
        if source in getattr(network, of) and name in shipped:
            return name
    return None


def build(network: Network) -> Any:
    """Return a fresh Keras model: pictures (B, height, width, channels) to features and logits.

    A strided 5x5 convolution, 3x3 ones with pooling, two in the last stage, each with batch norm
    and ReLU; and a dense layer of features (B, features), 0 or more, before logits (B, classes).
    """
    from ganzoo.game.policies import channels_last

    with channels_last():
        return _built(network)


def maps(name: str) -> Callable[[Any], list[Any]]:
    """Return a function from pictures (B, any, any, channels) in [-1, 1] to maps of features.

    They are what each ReLU of the shipped network's convolutions gives, finest first, in inference;
    pictures may be of any size of 32 pixels or more, and gradients flow to them.

    Raises:
        InvalidArgumentError: There is no such network, or one whose pictures have one size only.
        PresetError: Its files are damaged, or cannot be fetched.
    """
    import keras

    from ganzoo.game.policies import channels_last
    from ganzoo.presets.policy import under_policy

    accepted = [known for known, network in NETWORKS.items() if network.averaged]
    if name not in accepted:
        raise InvalidArgumentError(
            f"Maps of features are those of {' or '.join(accepted)}; got {name!r}."
            f"{nearest(str(name), accepted)}"
        )
    network = NETWORKS[name]
    with channels_last(), under_policy("float32"):
        any_size = _built(dataclasses.replace(network, image_shape=(None, None, 3)))
    any_size.set_weights(load(name).model.get_weights())
    found = [layer.output for layer in any_size.layers if isinstance(layer, keras.layers.ReLU)]
    of_pictures = keras.Model(any_size.inputs, found, trainable=False)
    return lambda images: list(of_pictures(images, training=False))


def _built(network: Network) -> Any:
    import keras
    from keras import layers

    first, *others, last = network.filters
    pictures = keras.Input(network.image_shape)
    x = _convolution(pictures, first, 5, strides=2)
    for filters in others:
        x = layers.MaxPooling2D(padding="same")(_convolution(x, filters, 3))
    x = _convolution(_convolution(x, last, 3), last, 3)
    if network.averaged:
        x = layers.GlobalAveragePooling2D()(x)
    else:
        x = layers.Flatten()(layers.MaxPooling2D(padding="same")(x))
    x = layers.Dropout(0.3)(x)
    features = layers.Dense(network.features, activation="relu", name="features")(x)
    logits = layers.Dense(network.classes, name="logits", dtype="float32")(features)
    return keras.Model(pictures, [features, logits])


def _convolution(x: Any, filters: int, size: int, strides: int = 1) -> Any:
    from keras import layers

    x = layers.Conv2D(filters, size, strides=strides, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))


class FeatureNetwork:
    """A trained feature network; `features` and `probabilities` are what the metrics take.

    Args:
        model: What `build` returns, with weights.
        accuracy: Share of held-out real pictures whose class, among those a generator is judged by,
            it tells rightly.
        tested: How many those were.
        scale: Features are divided by it; the root mean square of real pictures' features, so that
            distances have a common size whatever the network is.
        judged: How many classes a generator is judged by; all of the network's by default.
    """

    def __init__(
        self,
        model: Any,
        accuracy: float,
        tested: int,
        scale: float = 1.0,
        judged: int | None = None,
    ) -> None:
        self.model, self.accuracy, self.tested, self.scale = model, accuracy, tested, scale
        self.judged = judged
        self._answered: list[tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]] = []

    def features(self, images: np.ndarray) -> np.ndarray:
        """Return features (n, features), float64, of pictures in [-1, 1]."""
        return self._answers(images)[0].astype(np.float64) / self.scale

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """Return class probabilities (n, classes), float64, of pictures in [-1, 1]."""
        logits = self._answers(images)[1].astype(np.float64)
        exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
        return exponentials / exponentials.sum(axis=1, keepdims=True)

    def judgements(self, images: np.ndarray) -> np.ndarray:
        """Return the probabilities of the classes a generator is judged by, (n, judged)."""
        fine = self.probabilities(images)
        return fine.reshape(len(fine), self.judged or fine.shape[1], -1).sum(axis=2)

    def _answers(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Ask the model once for features and logits; the last three arrays are remembered."""
        for known, answers in self._answered:
            if known is images:
                return answers
        self._answered = [*self._answered[-2:], (images, self._ask(images))]
        return self._answered[-1][1]

    def _ask(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        shape = tuple(self.model.input_shape[1:])
        if images.shape[1:] != shape:
            raise DataError(f"The feature network takes pictures {shape}; got {images.shape[1:]}.")
        n = len(images)
        padding = np.zeros((-n % 500, *shape), np.float32)  # equal batches: one compilation only
        padded = np.concatenate([images.astype(np.float32), padding])
        features, logits = self.model.predict(padded, batch_size=500, verbose=0)
        return np.asarray(features)[:n], np.asarray(logits)[:n]


@cache
def load(name: str) -> FeatureNetwork:
    """Return a shipped feature network; its files are verified, and fetched if needed.

    Raises:
        PresetError: It is not shipped, or a file is not what ganzoo wrote.
    """
    from ganzoo.store import checkpoints as store
    from ganzoo.zoo import registry

    files = registry.checkpoints().get(name)
    if name not in NETWORKS or files is None:
        raise PresetError(f"There is no feature network {name!r} with weights.")
    return read(store.checkpoint_folder(name, files), NETWORKS[name])


def read(folder: Path, network: Network) -> FeatureNetwork:
    """Read a folder that `save` wrote; everything is checked as of a model's preset.

    Raises:
        PresetError: A file is missing, damaged, or of another form than `save` writes.
    """
    from ganzoo.presets import folder as presets
    from ganzoo.presets.policy import under_policy

    facts = preflight.parse(folder / CONFIG)
    try:
        names = ("judged_accuracy", "tested", "scale")
        accuracy, tested, scale = (float(facts[name]) for name in names)
        lists, hashes = dict(facts["networks"]), dict(facts["sha256"])
        preflight.check_lists(lists)
        preflight.check_hash_table(hashes)
    except (ValueError, KeyError, TypeError) as error:
        raise PresetError(f"{folder / CONFIG} is not what ganzoo wrote ({error}).") from error
    preflight.check_hashes(folder, {"sha256": hashes})
    with under_policy("float32"):
        model = build(network)
    weights = presets.read_weights(folder, lists, {FEATURES: model})
    model.set_weights(weights[FEATURES])
    return FeatureNetwork(model, accuracy, int(tested), scale, network.judged)


def save(model: Any, folder: Path, name: str, facts: Mapping[str, Any]) -> None:
    """Write a folder with `config.json` (the facts, such as the accuracy) and the weights."""
    from ganzoo.files.reading import sha256_of
    from ganzoo.files.writing import write_text
    from ganzoo.presets import folder as presets

    folder.mkdir(parents=True, exist_ok=True)
    presets.write_weights(folder / WEIGHTS, {FEATURES: model})
    content = {
        "format": preflight.FORMAT,
        "network": name,
        **facts,
        "networks": presets.data_sets({FEATURES: model}),
        "sha256": {WEIGHTS: sha256_of(folder / WEIGHTS)},
    }
    write_text(folder / CONFIG, json.dumps(content, indent=1) + "\n")

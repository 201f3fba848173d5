"""The networks of a GAN of events, for one generator or for several that are trained at once."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import keras
import numpy as np
from keras import layers

from ganzoo.errors import InvalidArgumentError
from ganzoo.events.features import EventFeatures
from ganzoo.events.layers import LogS, Momenta, Standardize, Turn
from ganzoo.layers.members import ChosenMember, DenseOfMembers
from ganzoo.layers.stacks import dense_stack

Tensor = Any
MEMBERS, CRITICS, FEATURES = "members", "critics", "features"  # networks inside the two; see
# `ganzoo.game.members`
BEAMS = "beam_range"  # an argument that only a model of several beams has


def build_generator(architecture: dict[str, Any]) -> keras.Model:
    """Return the network (B, latent_dim) -> momenta (B, 3) in GeV.

    With several members it takes one number more, the last, by which a row's member is chosen; the
    network "members" in it makes (B, members, 3) of (B, latent_dim). Of several beams it takes the
    energies of electron and proton beam too, (B, 2) in GeV.
    """
    members = architecture["members"]
    latents = keras.Input((architecture["latent_dim"] + (members > 1),))
    if BEAMS in architecture:
        beams = keras.Input((2,), name="beams")
        made = _momenta(latents, architecture, beams)
        return keras.Model([latents, beams], made, name="generator")
    if members == 1:
        return keras.Model(latents, _momenta(latents, architecture), name="generator")
    given = keras.Input((architecture["latent_dim"],))
    every = keras.Model(given, _momenta(given, architecture), name=MEMBERS)
    chosen = ChosenMember(members)(every(latents[:, :-1]), latents[:, -1:])
    return keras.Model(latents, chosen, name="generator")


def _momenta(latents: Tensor, architecture: dict[str, Any], beams: Tensor = None) -> Tensor:
    """Return momenta (B, 3) of latents, or (B, members, 3); of several beams s is one input."""
    turned, members = architecture["turned"], architecture["members"]
    x = latents[:, 2:] if turned else latents
    direction = latents[:, :2]
    if members > 1:
        x = layers.RepeatVector(members)(x)
        direction = layers.Reshape((1, 2))(direction) if turned else direction
    if beams is not None:
        x = layers.Concatenate()([x, _log_s(architecture)(beams)])
    x = _hidden(x, architecture["generator_units"], architecture)
    x = (DenseOfMembers if members > 1 else layers.Dense)(3)(x)
    constants = architecture["generated_mean"], architecture["generated_deviation"]
    x = Standardize(*constants, invert=True)(x)
    to_momenta = Momenta(architecture["representation"], *_beams_and_cut(architecture))
    momenta = to_momenta(x) if beams is None else to_momenta(x, beams)
    return Turn()(momenta, direction) if turned else momenta


def _log_s(architecture: Mapping[str, Any]) -> LogS:
    return LogS(architecture["electron_beam"], architecture["proton_beam"])


def _beams_and_cut(architecture: Mapping[str, Any]) -> tuple[float, float, float]:
    return tuple(architecture[name] for name in ("electron_beam", "proton_beam", "q2_min"))


def _hidden(
    x: Tensor, units: Any, architecture: dict[str, Any], dropout: float | None = None
) -> Tensor:
    slope = architecture["negative_slope"]
    several = architecture["members"] > 1
    for layer in dense_stack(units, slope, dropout, dense=DenseOfMembers if several else None):
        x = layer(x)
    return x


def build_discriminator(architecture: dict[str, Any]) -> keras.Model:
    """Return the network momenta (B, 3) -> scores (B, 1), with two networks in it.

    "features" makes standardised features of momenta; the other scores of features: of one critic,
    or "critics", (B, members, features) -> (B, members, 1), whose mean is the score of an event.
    """
    if BEAMS in architecture:
        return _discriminator_of_beams(architecture)
    features_of = keras.Sequential(
        [
            keras.Input((3,)),
            EventFeatures(architecture["features"], *_beams_and_cut(architecture)),
            Standardize(architecture["feature_mean"], architecture["feature_deviation"]),
        ],
        name=FEATURES,
    )
    members, count = architecture["members"], len(architecture["features"])
    units, dropout = architecture["discriminator_units"], architecture["dropout"] or None
    if members == 1:
        critic = _critic(count, architecture)
        return keras.Sequential([keras.Input((3,)), features_of, critic], name="discriminator")
    seen = keras.Input((members, count))
    scores = DenseOfMembers(1)(_hidden(seen, units, architecture, dropout))
    critics = keras.Model(seen, scores, name=CRITICS)
    momenta = keras.Input((3,))
    every = critics(layers.RepeatVector(members)(features_of(momenta)))
    return keras.Model(momenta, layers.GlobalAveragePooling1D()(every), name="discriminator")


def _critic(count: int, architecture: dict[str, Any]) -> keras.Model:
    """Return the network from so many standardised features to a score."""
    critic = keras.Sequential([keras.Input((count,))], name="critic")
    units, dropout = architecture["discriminator_units"], architecture["dropout"] or None
    for layer in dense_stack(units, architecture["negative_slope"], dropout):
        critic.add(layer)
    critic.add(layers.Dense(1))
    return critic


def _discriminator_of_beams(architecture: dict[str, Any]) -> keras.Model:
    """Return the network [momenta (B, 3), beams (B, 2)] -> scores (B, 1); s is the last feature."""
    momenta, beams = keras.Input((3,)), keras.Input((2,), name="beams")
    x = EventFeatures(architecture["features"], *_beams_and_cut(architecture))(momenta, beams)
    x = Standardize(architecture["feature_mean"], architecture["feature_deviation"])(x)
    x = layers.Concatenate()([x, _log_s(architecture)(beams)])
    features_of = keras.Model([momenta, beams], x, name=FEATURES)
    critic = _critic(len(architecture["features"]) + 1, architecture)
    given = [keras.Input((3,)), keras.Input((2,), name="beams")]
    return keras.Model(given, critic(features_of(given)), name="discriminator")


def count_parameters(architecture: Mapping[str, Any]) -> int:
    """Return the parameters of both networks: dense layers, once for each member."""
    latents = architecture["latent_dim"] - 2 * bool(architecture.get("turned"))
    of_beams = BEAMS in architecture
    made = (latents + of_beams, *architecture["generator_units"], 3)
    judged = (len(architecture["features"]) + of_beams, *architecture["discriminator_units"], 1)
    one = sum((a + 1) * b for sizes in (made, judged) for a, b in pairwise(sizes))
    return int(architecture.get("members", 1) * one)


def check_numbers(name: str, values: Any, count: int, default: float = 1.0) -> tuple[float, ...]:
    """Return `count` finite numbers as a tuple, deviations > 0; None is `default` for each."""
    values = (default,) * count if values is None else tuple(map(float, values))
    least = 1e-12 if name.endswith("deviation") else -np.inf
    if len(values) != count or not np.isfinite(values).all() or min(values) < least:
        raise InvalidArgumentError(
            f"{name} must have {count} finite numbers"
            f"{' > 0' if least > 0 else ''}, one per column; got {values!r}."
        )
    return values

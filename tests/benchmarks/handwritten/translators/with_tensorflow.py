"""By hand in TensorFlow: `tf.nn`, gradient tapes in one `tf.function`, TensorFlow's Adam kernel."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from tests.benchmarks import handwritten as spec
from tests.benchmarks.handwritten import translators
from tests.benchmarks.handwritten.translators import networks
from tests.benchmarks.handwritten.with_tensorflow import Adam, batch_norm

Tensor = Any


class Pass:
    """One way through a network."""

    def __init__(self, weights: Any, running: Any, training: bool) -> None:
        self.weights, self.running, self.training = iter(weights), iter(running), training

    def conv(self, x: Tensor, stride: int, padding: str = "SAME") -> Tensor:
        kernel, bias = next(self.weights), next(self.weights)
        return tf.nn.bias_add(tf.nn.conv2d(x, kernel, stride, padding), bias)

    def up(self, x: Tensor, stride: int) -> Tensor:
        kernel, bias = next(self.weights), next(self.weights)
        shape = (tf.shape(x)[0], x.shape[1] * stride, x.shape[2] * stride, kernel.shape[2])
        return tf.nn.bias_add(tf.nn.conv2d_transpose(x, kernel, shape, stride, "SAME"), bias)

    def batch_norm(self, x: Tensor) -> Tensor:
        part = [next(self.weights), next(self.weights), next(self.running), next(self.running)]
        return batch_norm(x, part, self.training)

    def instance_norm(self, x: Tensor) -> Tensor:
        gain, shift = next(self.weights), next(self.weights)
        mean, variance = tf.nn.moments(x, (1, 2), keepdims=True)
        epsilon = translators.INSTANCE_NORM["epsilon"]
        return tf.nn.batch_normalization(x, mean, variance, shift, gain, epsilon)

    def dropout(self, x: Tensor, rate: float) -> Tensor:
        return tf.nn.dropout(x, rate) if self.training and rate else x

    def reflected(self, x: Tensor, margin: int) -> Tensor:
        return tf.pad(x, ((0, 0), (margin, margin), (margin, margin), (0, 0)), "REFLECT")

    def leaky(self, x: Tensor) -> Tensor:
        return tf.nn.leaky_relu(x, translators.SLOPE)

    relu, tanh = staticmethod(tf.nn.relu), staticmethod(tf.tanh)

    def joined(self, *parts: Tensor) -> Tensor:
        return tf.concat(parts, -1)


class Pool(tf.Module):
    """Earlier pictures, picture by picture."""

    def __init__(self, size: int, shape: Any) -> None:
        super().__init__()
        self.size = size
        self.stored = tf.Variable(tf.zeros((size, *shape)), trainable=False)
        self.count = tf.Variable(0, trainable=False)

    def __call__(self, images: Tensor) -> Tensor:
        seen, (stored, count) = [], (tf.convert_to_tensor(self.stored), self.count.read_value())
        for image in tf.unstack(images):
            filling = count < self.size
            drawn = tf.random.uniform((), 0, self.size, tf.int32)
            place = tf.where(filling, count, drawn)
            exchanged = tf.logical_and(tf.random.uniform(()) < translators.POOL, ~filling)
            earlier = stored[place]
            seen.append(tf.where(exchanged, earlier, image))
            kept = tf.where(tf.logical_or(exchanged, filling), image, earlier)
            stored = tf.tensor_scatter_nd_update(stored, [[place]], kept[None])
            count = tf.minimum(count + 1, self.size)
        self.stored.assign(stored)
        self.count.assign(count)
        return tf.stack(seen)


class Loop:
    """Weights and running statistics by the network's name, and an Adam for each player."""

    generator: Any
    players: tuple[tuple[str, ...], ...]

    def __init__(self, config: dict[str, Any], weights: Any) -> None:
        self.config = config
        self.weights, self.running = (
            {name: [tf.Variable(array, trainable=i == 0) for array in part[i]]
             for name, part in weights.items()}
            for i in (0, 1)
        )  # fmt: skip
        self.adams = [
            Adam([variable for name in names for variable in self.weights[name]], spec.ADAM)
            for names in self.players
        ]
        self.compiled = tf.function(self.step)
        self.forward = tf.function(lambda name, x: self.made(name, x, False))

    def made(self, name: str, images: Tensor, training: bool = True) -> Tensor:
        p = Pass(self.weights[name], self.running[name], training)
        return self.generator(p, images, self.config)

    def judged(self, name: str, *images: Tensor) -> Tensor:
        p = Pass(self.weights[name], self.running[name], True)
        return networks.patches(p, p.joined(*images) if len(images) > 1 else images[0], self.config)

    def run(self, batches: Any) -> tuple[float, float]:
        for batch in batches:
            losses = self.compiled({k: tf.convert_to_tensor(v) for k, v in batch.items()})
        return float(losses[0]), float(losses[1])

    def translate(self, name: str, images: np.ndarray) -> np.ndarray:
        return self.forward(name, tf.convert_to_tensor(images)).numpy()

    def step(self, batch: Any) -> Any:
        raise NotImplementedError


class Pix2Pix(Loop):
    """Both gradients from one forward pass: binary cross-entropy and the L1 distance."""

    generator = staticmethod(networks.unet)
    players = (("discriminator",), ("generator",))

    def step(self, batch: Any) -> Any:
        source, target = batch["source"], batch["target"]
        with tf.GradientTape(persistent=True) as tape:
            made = self.made("generator", source)
            fake = self.judged("discriminator", source, made)
            real = self.judged("discriminator", source, target)
            halves = tf.reduce_mean(tf.nn.softplus(-real)) + tf.reduce_mean(tf.nn.softplus(fake))
            d_loss = 0.5 * halves
            fooled = tf.reduce_mean(tf.nn.softplus(-fake))
            far = self.config["distance_weight"] * tf.reduce_mean(tf.abs(made - target))
            g_loss = self.config["adversarial_weight"] * fooled + far
        slopes = [
            tape.gradient(loss, adam.variables_)
            for loss, adam in zip((d_loss, g_loss), self.adams, strict=True)
        ]
        for adam, slope in zip(self.adams, slopes, strict=True):
            adam.apply(slope)
        return d_loss, g_loss


class CycleGAN(Loop):
    """The generators by least squares, cycle and identity; then the discriminators, by pools."""

    generator = staticmethod(networks.residual)
    players = (("generator_ab", "generator_ba"), ("discriminator_a", "discriminator_b"))

    def __init__(self, config: dict[str, Any], weights: Any) -> None:
        super().__init__(config, weights)
        self.pools = [Pool(config["pool_size"], config["image_shape"]) for _ in "ab"]

    def step(self, batch: Any) -> Any:
        a, b, config = batch["a"], batch["b"], self.config

        def distance(x: Tensor, y: Tensor) -> Tensor:
            return tf.reduce_mean(tf.abs(x - y))

        with tf.GradientTape() as tape:
            fake_b, fake_a = self.made("generator_ab", a), self.made("generator_ba", b)
            cycle = distance(self.made("generator_ba", fake_b), a)
            cycle += distance(self.made("generator_ab", fake_a), b)
            g_loss = config["cycle_weight"] * cycle
            for which, fake in (("a", fake_a), ("b", fake_b)):
                logits = self.judged(f"discriminator_{which}", fake)
                g_loss += tf.reduce_mean(tf.square(logits - 1))
            same = distance(self.made("generator_ba", a), a)
            same += distance(self.made("generator_ab", b), b)
            g_loss += config["identity_weight"] * same
        self.adams[0].apply(tape.gradient(g_loss, self.adams[0].variables_))
        seen = [pool(fake) for pool, fake in zip(self.pools, (fake_a, fake_b), strict=True)]
        with tf.GradientTape() as tape:
            d_loss = 0.0
            for which, real, fake in zip("ab", (a, b), seen, strict=True):
                logits = [self.judged(f"discriminator_{which}", x) for x in (real, fake)]
                d_loss += 0.5 * tf.reduce_mean(tf.square(logits[0] - 1))
                d_loss += 0.5 * tf.reduce_mean(tf.square(logits[1]))
        self.adams[1].apply(tape.gradient(d_loss, self.adams[1].variables_))
        return d_loss, g_loss


def loop(family: str, config: dict[str, Any], weights: Any) -> Loop:
    """Return the loop of a family's networks; see the package."""
    return {"Pix2Pix": Pix2Pix, "CycleGAN": CycleGAN}[family](config, weights)

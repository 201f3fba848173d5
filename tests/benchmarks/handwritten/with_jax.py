"""By hand in JAX: pure functions over lists of arrays, one compiled step that donates its state."""

from __future__ import annotations

import functools
from typing import Any

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from tests.benchmarks import handwritten as spec
from tests.benchmarks.handwritten.parts import networks

Array = Any
_NHWC = ("NHWC", "HWIO", "NHWC")


def leaky(x: Array, slope: float) -> Array:
    return jnp.where(x >= 0, x, slope * x)


def batch_norm(x: Array, part: Any, training: bool) -> tuple[Array, tuple[Array, Array]]:
    """Return the normalised x and the new running mean and variance."""
    gain, shift, mean, variance = part
    if training:
        axes, keep = tuple(range(x.ndim - 1)), spec.BATCH_NORM["momentum"]
        now = x.mean(axes), x.var(axes)
        new = tuple(keep * a + (1 - keep) * b for a, b in zip((mean, variance), now, strict=True))
        mean, variance = now
    else:
        new = (mean, variance)
    inverse = lax.rsqrt(variance + spec.BATCH_NORM["epsilon"]) * gain
    return (x - mean) * inverse + shift, new


def dropped(x: Array, rate: float, key: Array) -> Array:
    return jnp.where(jax.random.bernoulli(key, 1 - rate, x.shape), x / (1 - rate), 0.0)


class Network:
    """Splits a list of weights as Keras orders them into trainable ones and running statistics.

    Args:
        parts: One per layer: "dense", "conv", "up", with "norm" where a batch norm follows, or
            "leaky", as (what, options).
        weights: The arrays in order.
    """

    def __init__(self, parts: list[tuple[str, dict[str, Any]]], weights: list[np.ndarray]) -> None:
        self.parts = parts
        left = [jnp.asarray(array) for array in weights]
        self.trainable, self.running = [], []
        for what, options in parts:
            if what == "norm":
                self.trainable.append((left.pop(0), left.pop(0)))
                self.running.append((left.pop(0), left.pop(0)))
            elif what in ("dense", "conv", "up"):
                bias = left.pop(1) if options.get("bias", True) else None
                self.trainable.append((left.pop(0),) if bias is None else (left.pop(0), bias))
        assert not left

    def __call__(
        self, trainable: Any, running: Any, x: Array, key: Array, training: bool
    ) -> tuple[Array, Any]:
        weights, statistics, new = iter(trainable), iter(running), []
        for index, (what, options) in enumerate(self.parts):
            if what in ("dense", "conv", "up"):
                kernel, *bias = next(weights)
                x = _LINEAR[what](x, kernel, options)
                x = x + bias[0] if bias else x
            elif what == "norm":
                x, now = batch_norm(x, (*next(weights), *next(statistics)), training)
                new.append(now)
            elif what == "leaky":
                x = leaky(x, options["slope"])
            elif what == "dropout":
                x = dropped(x, options["rate"], jax.random.fold_in(key, index)) if training else x
            elif what == "reshape":
                x = x.reshape(-1, *options["shape"])
            else:
                x = jnp.tanh(x)
        return x, new


def _convolution(x: Array, kernel: Array, options: Any) -> Array:
    return lax.conv_general_dilated(x, kernel, (2, 2), "SAME", dimension_numbers=_NHWC)


def _transposed(x: Array, kernel: Array, options: Any) -> Array:
    stride = options["stride"]
    kernel_size = kernel.shape[0]
    before = (kernel_size - stride) // 2  # what "same" crops, so that 0 is Keras' first pixel
    padding = (kernel_size - 1 - before, kernel_size - 1 - (kernel_size - stride - before))
    kernel = jnp.flip(kernel, (0, 1)).swapaxes(2, 3)
    return lax.conv_general_dilated(
        x, kernel, (1, 1), [padding] * 2, (stride, stride), dimension_numbers=_NHWC
    )


_LINEAR = {
    "dense": lambda x, kernel, options: x @ kernel,
    "conv": _convolution,
    "up": _transposed,
}


def adam(state: Any, gradients: Any, weights: Any, options: dict[str, float]) -> tuple[Any, Any]:
    """Return the new moments and the new weights."""
    count, first, second = state
    b1, b2, count = options["beta_1"], options["beta_2"], count + 1
    first = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, first, gradients)
    second = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g * g, second, gradients)
    rate = options["learning_rate"] * jnp.sqrt(1 - b2**count) / (1 - b1**count)
    weights = jax.tree.map(
        lambda w, m, v: w - rate * m / (jnp.sqrt(v) + options["epsilon"]), weights, first, second
    )
    return (count, first, second), weights


def fresh(weights: Any) -> Any:
    zeros = functools.partial(jax.tree.map, jnp.zeros_like)
    return jnp.zeros((), jnp.float32), zeros(weights), zeros(weights)


class Loop:
    """The simultaneous step of a GAN with binary cross-entropy."""

    adam = spec.ADAM

    def __init__(self, parts: Any, weights: Any, config: dict[str, Any]) -> None:
        self.config, self.latent_dim = config, config["latent_dim"]
        self.generator, self.discriminator = (
            Network(part, arrays) for part, arrays in zip(parts, weights, strict=True)
        )
        g, d = self.generator.trainable, self.discriminator.trainable
        self.state = (g, d, self.generator.running, fresh(g), fresh(d), jax.random.key(0))
        self.compiled = jax.jit(self.step, donate_argnums=0)
        self.forward = jax.jit(lambda g, r, z: self.made(g, r, z, z, False)[0])

    def made(self, g: Any, running: Any, z: Array, key: Array, training: bool) -> Any:
        return self.generator(g, running, z, key, training)

    def judged(self, d: Any, x: Array, key: Array) -> Array:
        return self.discriminator(d, [], x, key, True)[0]

    def run(self, batches: Any) -> tuple[float, float]:
        for batch in batches:
            self.state, losses = self.compiled(self.state, batch)
        return float(losses[0]), float(losses[1])

    def step(self, state: Any, real: Array) -> tuple[Any, Any]:
        g, d, running, g_adam, d_adam, key = state
        key, z_key, *keys = jax.random.split(key, 4)
        z = jax.random.normal(z_key, (len(real), self.latent_dim))

        def generated(g: Any) -> Any:
            return self.made(g, running, z, z_key, True)

        fake, back, new = jax.vjp(generated, g, has_aux=True)

        def d_loss(d: Any) -> Array:
            halves = jax.nn.softplus(-self.judged(d, real, keys[0])).mean()
            return 0.5 * (halves + jax.nn.softplus(self.judged(d, fake, keys[1])).mean())

        def g_loss(fake: Array) -> Array:
            return jax.nn.softplus(-self.judged(d, fake, keys[1])).mean()

        d_value, d_gradients = jax.value_and_grad(d_loss)(d)
        g_value, slope = jax.value_and_grad(g_loss)(fake)
        d_adam, d = adam(d_adam, d_gradients, d, self.adam)
        g_adam, g = adam(g_adam, back(slope)[0], g, self.adam)
        return (g, d, new, g_adam, d_adam, key), (d_value, g_value)

    def generate(self, latents: np.ndarray) -> np.ndarray:
        return np.asarray(self.forward(self.state[0], self.state[2], latents))


class EventLoop(Loop):
    """Critic steps with a gradient penalty at standardised features, then the generator's."""

    adam = spec.EVENT_ADAM

    def made(self, g: Any, running: Any, z: Array, key: Array, training: bool) -> Any:
        beam = self.config["electron_beam"]
        numbers, new = self.generator(g, running, z[:, 2:], key, training)
        constants = (jnp.asarray(self.config[f"generated_{k}"]) for k in ("deviation", "mean"))
        scale, centre = constants
        px, py, gap = jnp.split(numbers * scale + centre, 3, axis=1)
        pz = beam - jnp.clip(jnp.exp(gap), 1e-6 * beam, 2 * beam)
        x, y = z[:, 0:1], z[:, 1:2]
        length = jnp.sqrt(x * x + y * y + 1e-12)
        cosine, sine = x / length, y / length
        return jnp.concatenate([px * cosine - py * sine, px * sine + py * cosine, pz], 1), new

    def features(self, momenta: Array) -> Array:
        beam, proton = self.config["electron_beam"], self.config["proton_beam"]
        px, py, pz = jnp.split(momenta, 3, axis=1)
        square = px * px + py * py
        pT, E = jnp.sqrt(square + 1e-12), jnp.sqrt(square + pz * pz + 1e-12)
        minus = jnp.where(pz > 0, (square + 1e-12) / jnp.where(pz > 0, E + pz, 1.0), E - pz)
        y = jnp.maximum(1 - (E + pz) / (2 * beam), 1e-6)
        gap = jnp.log(jnp.maximum(beam - pz, 1e-6 * beam))
        q2, log_x = jnp.log(2 * beam * minus + 1e-6), jnp.log((minus + 1e-6) / (2 * proton * y))
        x = jnp.minimum(minus / (2 * proton * y), 2)
        seen = jnp.concatenate([pT, gap, E, pz, pz / pT, q2, log_x, x], 1)
        mean, deviation = (
            jnp.asarray(self.config[f"feature_{which}"]) for which in ("mean", "deviation")
        )
        return (seen - mean) / deviation

    def judged(self, d: Any, x: Array, key: Array) -> Array:
        return super().judged(d, self.features(x), key)

    def step(self, state: Any, real: Array) -> tuple[Any, Any]:
        g, d, running, g_adam, d_adam, key = state
        for _ in range(spec.CRITIC_STEPS):
            key, z_key, share_key = jax.random.split(key, 3)
            fake, _ = self.made(g, running, self.latents(z_key, real), z_key, True)

            def d_loss(d: Any, fake: Array = fake, share_key: Array = share_key) -> Array:
                loss = self.judged(d, fake, share_key).mean()
                loss = loss - self.judged(d, real, share_key).mean()
                return loss + spec.PENALTY * self.penalty(d, real, fake, share_key)

            d_value, d_gradients = jax.value_and_grad(d_loss)(d)
            d_adam, d = adam(d_adam, d_gradients, d, self.adam)
        key, z_key = jax.random.split(key)
        z = self.latents(z_key, real)

        def g_loss(g: Any) -> Array:
            return -self.judged(d, self.made(g, running, z, z_key, True)[0], key).mean()

        g_value, g_gradients = jax.value_and_grad(g_loss)(g)
        g_adam, g = adam(g_adam, g_gradients, g, self.adam)
        return (g, d, running, g_adam, d_adam, key), (d_value, g_value)

    def latents(self, key: Array, real: Array) -> Array:
        return jax.random.normal(key, (len(real), self.latent_dim))

    def penalty(self, d: Any, real: Array, fake: Array, key: Array) -> Array:
        a, b = (self.features(events[:: spec.PENALTY_EVERY]) for events in (real, fake))
        share = jax.random.uniform(key, (len(a), 1))
        points = share * a + (1 - share) * b
        slope = jax.grad(lambda x: super(EventLoop, self).judged(d, x, key).sum())(points)
        return jnp.square(jnp.sqrt(jnp.square(slope).sum(1) + 1e-12) - 1).mean()


def loop(family: str, config: dict[str, Any], generator: Any, discriminator: Any) -> Loop:
    """Return the loop of a family's networks; see the package."""
    kind = EventLoop if family == "FATGAN" else Loop
    return kind(networks(family, config), (generator, discriminator), config)

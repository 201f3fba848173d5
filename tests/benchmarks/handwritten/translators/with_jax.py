"""By hand in JAX: pure functions over lists of arrays, one compiled step that donates its state."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from tests.benchmarks import handwritten as spec
from tests.benchmarks.handwritten import translators
from tests.benchmarks.handwritten.translators import networks
from tests.benchmarks.handwritten.with_jax import adam, batch_norm, fresh

Array = Any
_NHWC = ("NHWC", "HWIO", "NHWC")


class Pass:
    """One way through a network; `new` are the running statistics after it."""

    def __init__(self, weights: Any, running: Any, key: Array = None) -> None:
        self.weights, self.running, self.new = iter(weights), iter(running), []
        self.key, self.training = key, key is not None

    def conv(self, x: Array, stride: int, padding: str = "SAME") -> Array:
        kernel, bias = next(self.weights), next(self.weights)
        strides = (stride, stride)
        return lax.conv_general_dilated(x, kernel, strides, padding, dimension_numbers=_NHWC) + bias

    def up(self, x: Array, stride: int) -> Array:
        kernel, bias = next(self.weights), next(self.weights)
        size = kernel.shape[0]
        before = (size - stride) // 2
        margin = (size - 1 - before, size - 1 - (size - stride - before))
        kernel = jnp.flip(kernel, (0, 1)).swapaxes(2, 3)
        return bias + lax.conv_general_dilated(
            x, kernel, (1, 1), [margin] * 2, (stride, stride), dimension_numbers=_NHWC
        )

    def batch_norm(self, x: Array) -> Array:
        part = [next(self.weights), next(self.weights), next(self.running), next(self.running)]
        x, now = batch_norm(x, part, self.training)
        self.new += now
        return x

    def instance_norm(self, x: Array) -> Array:
        gain, shift = next(self.weights), next(self.weights)
        mean, variance = x.mean((1, 2), keepdims=True), x.var((1, 2), keepdims=True)
        epsilon = translators.INSTANCE_NORM["epsilon"]
        return (x - mean) * lax.rsqrt(variance + epsilon) * gain + shift

    def dropout(self, x: Array, rate: float) -> Array:
        if not self.training or not rate:
            return x
        self.key, key = jax.random.split(self.key)
        return jnp.where(jax.random.bernoulli(key, 1 - rate, x.shape), x / (1 - rate), 0.0)

    def reflected(self, x: Array, margin: int) -> Array:
        return jnp.pad(x, ((0, 0), (margin, margin), (margin, margin), (0, 0)), "reflect")

    def leaky(self, x: Array) -> Array:
        return jnp.where(x >= 0, x, translators.SLOPE * x)

    relu, tanh = staticmethod(jax.nn.relu), staticmethod(jnp.tanh)

    def joined(self, *parts: Array) -> Array:
        return jnp.concatenate(parts, -1)


class Loop:
    """The state of a loop: weights, running statistics and moments of Adam by name, a key."""

    generator: Any
    players: tuple[tuple[str, ...], ...]

    def __init__(self, config: dict[str, Any], weights: Any) -> None:
        self.config = config
        parts = jax.tree.map(jnp.asarray, weights)
        first = {name: part[0] for name, part in parts.items()}
        running = {name: part[1] for name, part in parts.items()}
        moments = [fresh([first[name] for name in names]) for names in self.players]
        self.state = (first, running, moments, jax.random.key(0), self.pools())
        self.compiled = jax.jit(self.step, donate_argnums=0)
        self.forward = jax.jit(lambda w, r, x: self.generator(Pass(w, r), x, config))

    def pools(self) -> Any:
        return ()

    def run(self, batches: Any) -> tuple[float, float]:
        for batch in batches:
            self.state, losses = self.compiled(self.state, batch)
        return float(losses[0]), float(losses[1])

    def translate(self, name: str, images: np.ndarray) -> np.ndarray:
        return np.asarray(self.forward(self.state[0][name], self.state[1][name], images))

    def step(self, state: Any, batch: Any) -> Any:
        raise NotImplementedError


class Pix2Pix(Loop):
    """Both gradients from one forward pass: binary cross-entropy and the L1 distance."""

    generator = staticmethod(networks.unet)
    players = (("discriminator",), ("generator",))

    def step(self, state: Any, batch: Any) -> Any:
        weights, running, moments, key, pools = state
        source, target = batch["source"], batch["target"]
        key, dropout_key = jax.random.split(key)
        d, g = weights["discriminator"], weights["generator"]

        def generated(g: Any) -> Any:
            p = Pass(g, running["generator"], dropout_key)
            return self.generator(p, source, self.config), p.new

        def judged(d: Any, statistics: Any, images: Array) -> Any:
            p = Pass(d, statistics, dropout_key)
            return networks.patches(p, p.joined(source, images), self.config), p.new

        made, back, g_running = jax.vjp(generated, g, has_aux=True)

        def d_loss(d: Any) -> Any:
            fake, now = judged(d, running["discriminator"], made)
            real, now = judged(d, now, target)
            halves = jax.nn.softplus(-real).mean() + jax.nn.softplus(fake).mean()
            return 0.5 * halves, now

        def g_loss(made: Array) -> Array:
            fooled = jax.nn.softplus(-judged(d, running["discriminator"], made)[0]).mean()
            far = self.config["distance_weight"] * jnp.abs(made - target).mean()
            return self.config["adversarial_weight"] * fooled + far

        (d_value, d_running), d_slope = jax.value_and_grad(d_loss, has_aux=True)(d)
        g_value, slope = jax.value_and_grad(g_loss)(made)
        d_moments, (d,) = adam(moments[0], [d_slope], [d], spec.ADAM)
        g_moments, (g,) = adam(moments[1], [back(slope)[0]], [g], spec.ADAM)
        weights = {"generator": g, "discriminator": d}
        running = {"generator": g_running, "discriminator": d_running}
        return (weights, running, [d_moments, g_moments], key, pools), (d_value, g_value)


class CycleGAN(Loop):
    """The generators by least squares, cycle and identity; then the discriminators, by pools."""

    generator = staticmethod(networks.residual)
    players = (("generator_ab", "generator_ba"), ("discriminator_a", "discriminator_b"))

    def pools(self) -> Any:
        shape = (self.config["pool_size"], *self.config["image_shape"])
        return [(jnp.zeros(shape), jnp.zeros((), jnp.int32)) for _ in "ab"]

    def shown(self, pool: Any, images: Array, key: Array) -> Any:
        """Return what a discriminator sees, and the pool after it; picture by picture."""
        (stored, count), size = pool, self.config["pool_size"]
        chances = jax.random.uniform(key, (len(images),)) < translators.POOL
        places = jax.random.randint(jax.random.fold_in(key, 1), (len(images),), 0, size)
        seen = []
        for image, chance, drawn in zip(images, chances, places, strict=True):
            filling = count < size
            place = jnp.where(filling, count, drawn)
            earlier, exchanged = stored[place], jnp.logical_and(chance, ~filling)
            seen.append(jnp.where(exchanged, earlier, image))
            kept = jnp.where(jnp.logical_or(exchanged, filling), image, earlier)
            stored, count = stored.at[place].set(kept), jnp.minimum(count + 1, size)
        return (stored, count), jnp.stack(seen)

    def step(self, state: Any, batch: Any) -> Any:
        weights, running, moments, key, pools = state
        a, b, config = batch["a"], batch["b"], self.config
        key, *keys = jax.random.split(key, 3)

        def made(generator: Any, images: Array) -> Array:
            return self.generator(Pass(generator, ()), images, config)

        def judged(discriminator: Any, images: Array) -> Array:
            return networks.patches(Pass(discriminator, ()), images, config)

        def distance(x: Array, y: Array) -> Array:
            return jnp.abs(x - y).mean()

        def g_loss(generators: Any) -> Any:
            ab, ba = generators
            fake_b, fake_a = made(ab, a), made(ba, b)
            cycle = distance(made(ba, fake_b), a) + distance(made(ab, fake_a), b)
            fooled = [
                jnp.square(judged(weights[f"discriminator_{which}"], fake) - 1).mean()
                for which, fake in (("a", fake_a), ("b", fake_b))
            ]
            loss = sum(fooled) + config["cycle_weight"] * cycle
            same = distance(made(ba, a), a) + distance(made(ab, b), b)
            return loss + config["identity_weight"] * same, (fake_a, fake_b)

        def d_loss(discriminators: Any, seen: Any) -> Array:
            loss = 0.0
            for judge, real, fake in zip(discriminators, (a, b), seen, strict=True):
                loss += 0.5 * jnp.square(judged(judge, real) - 1).mean()
                loss += 0.5 * jnp.square(judged(judge, fake)).mean()
            return loss

        g, d = ([weights[name] for name in names] for names in self.players)
        (g_value, fakes), slope = jax.value_and_grad(g_loss, has_aux=True)(g)
        g_moments, g = adam(moments[0], slope, g, spec.ADAM)
        pools, seen = zip(*map(self.shown, pools, fakes, keys), strict=True)
        d_value, slope = jax.value_and_grad(d_loss)(d, seen)
        d_moments, d = adam(moments[1], slope, d, spec.ADAM)
        weights = dict(zip([name for names in self.players for name in names], [*g, *d],
                           strict=True))  # fmt: skip
        state = (weights, running, [g_moments, d_moments], key, list(pools))
        return state, (d_value, g_value)


def loop(family: str, config: dict[str, Any], weights: Any) -> Loop:
    """Return the loop of a family's networks; see the package."""
    return {"Pix2Pix": Pix2Pix, "CycleGAN": CycleGAN}[family](config, weights)

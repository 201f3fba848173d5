"""By hand in TensorFlow: `tf.nn`, gradient tapes in one `tf.function`, TensorFlow's Adam kernel."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from tests.benchmarks import handwritten as spec
from tests.benchmarks.handwritten.parts import networks

Tensor = Any


def batch_norm(x: Tensor, part: Any, training: bool) -> Tensor:
    gain, shift, mean, variance = part
    now = mean, variance
    if training:
        now = tf.nn.moments(x, list(range(len(x.shape) - 1)))
        for running, value in zip((mean, variance), now, strict=True):
            running.assign_sub((running - value) * (1 - spec.BATCH_NORM["momentum"]))
    return tf.nn.batch_normalization(x, *now, shift, gain, spec.BATCH_NORM["epsilon"])


class Network(tf.Module):
    """Layers in order, each (what, options), with weights as Keras orders them."""

    def __init__(self, parts: list[tuple[str, dict[str, Any]]], weights: list[np.ndarray]) -> None:
        super().__init__()
        left = list(weights)
        self.layers, self.weights = [], []
        for what, options in parts:
            count = {"norm": 4, "dense": 2, "conv": 2, "up": 2}.get(what, 0)
            if options.get("bias", True) is False:
                count = 1
            fixed = (2, 3) if what == "norm" else ()
            own = [tf.Variable(left.pop(0), trainable=i not in fixed) for i in range(count)]
            self.weights += own
            self.layers.append((what, options, own))
        assert not left

    def __call__(self, x: Tensor, training: bool) -> Tensor:
        for what, options, own in self.layers:
            if what in ("dense", "conv", "up"):
                x = _LINEAR[what](x, own[0], options)
                x = tf.nn.bias_add(x, own[1]) if len(own) > 1 else x
            elif what == "norm":
                x = batch_norm(x, own, training)
            elif what == "leaky":
                x = tf.nn.leaky_relu(x, options["slope"])
            elif what == "dropout":
                x = tf.nn.dropout(x, options["rate"]) if training else x
            elif what == "reshape":
                x = tf.reshape(x, (-1, *options["shape"]))
            else:
                x = tf.tanh(x)
        return x


def _transposed(x: Tensor, kernel: Tensor, options: Any) -> Tensor:
    stride = options["stride"]
    shape = (tf.shape(x)[0], x.shape[1] * stride, x.shape[2] * stride, kernel.shape[2])
    return tf.nn.conv2d_transpose(x, kernel, shape, stride, "SAME")


_LINEAR = {
    "dense": lambda x, kernel, options: x @ kernel,
    "conv": lambda x, kernel, options: tf.nn.conv2d(x, kernel, 2, "SAME"),
    "up": _transposed,
}


class Adam(tf.Module):
    """TensorFlow's fused kernel, one per variable."""

    def __init__(self, variables: Any, options: dict[str, float]) -> None:
        super().__init__()
        self.variables_, self.options = list(variables), options
        self.moments = [
            tuple(tf.Variable(tf.zeros_like(variable)) for _ in range(2)) for variable in variables
        ]
        self.powers = tuple(tf.Variable(1.0) for _ in range(2))

    def apply(self, gradients: Any) -> None:
        options = self.options
        for power, which in zip(self.powers, ("beta_1", "beta_2"), strict=True):
            power.assign(power * options[which])
        parts = zip(self.variables_, self.moments, gradients, strict=True)
        for variable, (first, second), gradient in parts:
            tf.raw_ops.ResourceApplyAdam(
                var=variable.handle,
                m=first.handle,
                v=second.handle,
                beta1_power=self.powers[0],
                beta2_power=self.powers[1],
                lr=options["learning_rate"],
                beta1=options["beta_1"],
                beta2=options["beta_2"],
                epsilon=options["epsilon"],
                grad=gradient,
            )


class Loop:
    """The simultaneous step of a GAN with binary cross-entropy."""

    adam = spec.ADAM

    def __init__(self, parts: Any, weights: Any, config: dict[str, Any]) -> None:
        self.config, self.latent_dim = config, config["latent_dim"]
        self.generator, self.discriminator = (
            Network(part, arrays) for part, arrays in zip(parts, weights, strict=True)
        )
        self.g_adam, self.d_adam = (
            Adam(network.trainable_variables, self.adam)
            for network in (self.generator, self.discriminator)
        )
        self.compiled = tf.function(self.step)
        self.forward = tf.function(lambda z: self.made(z, False))

    def made(self, z: Tensor, training: bool) -> Tensor:
        return self.generator(z, training)

    def judged(self, x: Tensor) -> Tensor:
        return self.discriminator(x, True)

    def latents(self, real: Tensor) -> Tensor:
        return tf.random.normal((tf.shape(real)[0], self.latent_dim))

    def run(self, batches: Any) -> tuple[float, float]:
        for batch in batches:
            losses = self.compiled(tf.convert_to_tensor(batch))
        return float(losses[0]), float(losses[1])

    def step(self, real: Tensor) -> Any:
        with tf.GradientTape(persistent=True) as tape:
            fake = self.made(self.latents(real), True)
            real_logits, fake_logits = self.judged(real), self.judged(fake)
            halves = tf.reduce_mean(tf.nn.softplus(-real_logits))
            d_loss = 0.5 * (halves + tf.reduce_mean(tf.nn.softplus(fake_logits)))
            g_loss = tf.reduce_mean(tf.nn.softplus(-fake_logits))
        d_gradients = tape.gradient(d_loss, self.d_adam.variables_)
        g_gradients = tape.gradient(g_loss, self.g_adam.variables_)
        self.d_adam.apply(d_gradients)
        self.g_adam.apply(g_gradients)
        return d_loss, g_loss

    def generate(self, latents: np.ndarray) -> np.ndarray:
        return self.forward(tf.convert_to_tensor(latents)).numpy()


class EventLoop(Loop):
    """Critic steps with a gradient penalty at standardised features, then the generator's."""

    adam = spec.EVENT_ADAM

    def made(self, z: Tensor, training: bool) -> Tensor:
        beam = self.config["electron_beam"]
        numbers = self.generator(z[:, 2:], training)
        numbers = numbers * self.config["generated_deviation"] + self.config["generated_mean"]
        px, py, gap = tf.split(numbers, 3, axis=1)
        pz = beam - tf.clip_by_value(tf.exp(gap), 1e-6 * beam, 2 * beam)
        x, y = z[:, 0:1], z[:, 1:2]
        length = tf.sqrt(x * x + y * y + 1e-12)
        cosine, sine = x / length, y / length
        return tf.concat([px * cosine - py * sine, px * sine + py * cosine, pz], 1)

    def features(self, momenta: Tensor) -> Tensor:
        beam, proton = self.config["electron_beam"], self.config["proton_beam"]
        px, py, pz = tf.split(momenta, 3, axis=1)
        square = px * px + py * py
        pT, E = tf.sqrt(square + 1e-12), tf.sqrt(square + pz * pz + 1e-12)
        toward = tf.where(pz > 0, E + pz, tf.ones_like(pz))
        minus = tf.where(pz > 0, (square + 1e-12) / toward, E - pz)
        y = tf.maximum(1 - (E + pz) / (2 * beam), 1e-6)
        gap = tf.math.log(tf.maximum(beam - pz, 1e-6 * beam))
        q2 = tf.math.log(2 * beam * minus + 1e-6)
        log_x = tf.math.log((minus + 1e-6) / (2 * proton * y))
        x = tf.minimum(minus / (2 * proton * y), 2)
        seen = tf.concat([pT, gap, E, pz, pz / pT, q2, log_x, x], 1)
        return (seen - self.config["feature_mean"]) / self.config["feature_deviation"]

    def judged(self, x: Tensor) -> Tensor:
        return self.discriminator(self.features(x), True)

    def step(self, real: Tensor) -> Any:
        for _ in range(spec.CRITIC_STEPS):
            fake = self.made(self.latents(real), True)
            with tf.GradientTape() as tape:
                d_loss = tf.reduce_mean(self.judged(fake)) - tf.reduce_mean(self.judged(real))
                d_loss += spec.PENALTY * self.penalty(real, fake)
            self.d_adam.apply(tape.gradient(d_loss, self.d_adam.variables_))
        with tf.GradientTape() as tape:
            g_loss = -tf.reduce_mean(self.judged(self.made(self.latents(real), True)))
        self.g_adam.apply(tape.gradient(g_loss, self.g_adam.variables_))
        return d_loss, g_loss

    def penalty(self, real: Tensor, fake: Tensor) -> Tensor:
        a, b = (self.features(events[:: spec.PENALTY_EVERY]) for events in (real, fake))
        share = tf.random.uniform((tf.shape(a)[0], 1))
        points = share * a + (1 - share) * b
        with tf.GradientTape() as tape:
            tape.watch(points)
            scores = self.discriminator(points, True)
        slope = tape.gradient(scores, points)
        norm = tf.sqrt(tf.reduce_sum(slope * slope, 1) + 1e-12)
        return tf.reduce_mean(tf.square(norm - 1))


def loop(family: str, config: dict[str, Any], generator: Any, discriminator: Any) -> Loop:
    """Return the loop of a family's networks; see the package."""
    kind = EventLoop if family == "FATGAN" else Loop
    return kind(networks(family, config), (generator, discriminator), config)

"""By hand in PyTorch: modules, channels first, `torch.optim.Adam`, `torch.autograd.grad`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from tests.benchmarks import handwritten as spec


class BatchNorm(nn.BatchNorm1d):
    """Over the channels of (B, C) or (B, C, H, W)."""

    def _check_input_dim(self, input: torch.Tensor) -> None:
        del input


def norm(channels: int) -> nn.Module:
    return BatchNorm(
        channels, eps=spec.BATCH_NORM["epsilon"], momentum=1 - spec.BATCH_NORM["momentum"]
    )


def dcgan(config: dict[str, Any]) -> tuple[nn.Module, nn.Module]:
    height, width, channels = config["image_shape"]
    filters, strides = config["generator_filters"], config["generator_strides"]
    kernel, bias, slope = config["kernel_size"], config["use_bias"], config["negative_slope"]
    h, w = height // math.prod(strides), width // math.prod(strides)
    dense = nn.Linear(config["latent_dim"], h * w * filters[0], bias=bias)
    generator = [dense, norm(h * w * filters[0]), nn.LeakyReLU(slope)]
    generator += [nn.Unflatten(1, (filters[0], h, w))]
    outputs = [*filters[1:], channels]
    for index, (inputs, out, stride) in enumerate(zip(filters, outputs, strides, strict=True)):
        if index:
            generator += [norm(inputs), nn.LeakyReLU(slope)]
        generator += [
            nn.ConvTranspose2d(inputs, out, kernel, stride, kernel // 2, stride - 1, bias=bias)
        ]
    discriminator: list[nn.Module] = []
    inputs = channels
    for out in config["discriminator_filters"]:
        discriminator += [nn.Conv2d(inputs, out, kernel, 2, kernel // 2), nn.LeakyReLU(slope)]
        discriminator += [nn.Dropout(config["dropout"])] if config["dropout"] else []
        inputs, height, width = out, height // 2, width // 2
    discriminator += [nn.Flatten(), nn.Linear(inputs * height * width, 1)]
    return nn.Sequential(*generator, nn.Tanh()), nn.Sequential(*discriminator)


def vanilla(config: dict[str, Any]) -> tuple[nn.Module, nn.Module]:
    slope, size = config["negative_slope"], math.prod(config["image_shape"])
    generator: list[nn.Module] = []
    inputs = config["latent_dim"]
    for units in config["generator_units"]:
        generator += [nn.Linear(inputs, units), nn.LeakyReLU(slope)]
        generator += [norm(units)] if config["batch_norm"] else []
        inputs = units
    generator += [nn.Linear(inputs, size), nn.Tanh()]
    discriminator: list[nn.Module] = [nn.Flatten()]
    inputs = size
    for units in config["discriminator_units"]:
        discriminator += [nn.Linear(inputs, units), nn.LeakyReLU(slope)]
        discriminator += [nn.Dropout(config["dropout"])] if config["dropout"] else []
        inputs = units
    return nn.Sequential(*generator), nn.Sequential(*discriminator, nn.Linear(inputs, 1))


def perceptron(inputs: int, units: Any, outputs: int, slope: float) -> nn.Module:
    parts: list[nn.Module] = []
    for width in units:
        parts += [nn.Linear(inputs, width), nn.LeakyReLU(slope)]
        inputs = width
    return nn.Sequential(*parts, nn.Linear(inputs, outputs))


class Events(nn.Module):
    """Latents to momenta: transform and turn of a Cartesian FAT-GAN."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        self.beam = config["electron_beam"]
        self.register_buffer("mean", torch.tensor(config["generated_mean"]))
        self.register_buffer("deviation", torch.tensor(config["generated_deviation"]))
        units, slope = config["generator_units"], config["negative_slope"]
        self.network = perceptron(config["latent_dim"] - 2, units, 3, slope)

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        px, py, gap = (self.network(z[:, 2:]) * self.deviation + self.mean).split(1, 1)
        pz = self.beam - gap.exp().clamp(1e-6 * self.beam, 2 * self.beam)
        x, y = z[:, 0:1], z[:, 1:2]
        length = (x * x + y * y + 1e-12).sqrt()
        cosine, sine = x / length, y / length
        return torch.cat([px * cosine - py * sine, px * sine + py * cosine, pz], 1)


class Features(nn.Module):
    """Momenta to the standardised features of `fatgan_electrons`."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        self.beam, self.proton = config["electron_beam"], config["proton_beam"]
        self.register_buffer("mean", torch.tensor(config["feature_mean"]))
        self.register_buffer("deviation", torch.tensor(config["feature_deviation"]))

    def forward(self, momenta: torch.Tensor) -> torch.Tensor:
        px, py, pz = momenta.split(1, 1)
        square = px * px + py * py
        pT, E = (square + 1e-12).sqrt(), (square + pz * pz + 1e-12).sqrt()
        forward = pz > 0
        toward = torch.where(forward, E + pz, torch.ones_like(pz))
        minus = torch.where(forward, (square + 1e-12) / toward, E - pz)
        y = (1 - (E + pz) / (2 * self.beam)).clamp(min=1e-6)
        gap = (self.beam - pz).clamp(min=1e-6 * self.beam).log()
        q2, log_x = (
            (2 * self.beam * minus + 1e-6).log(),
            ((minus + 1e-6) / (2 * self.proton * y)).log(),
        )
        x = (minus / (2 * self.proton * y)).clamp(max=2)
        seen = torch.cat([pT, gap, E, pz, pz / pT, q2, log_x, x], 1)
        return (seen - self.mean) / self.deviation


def fat_gan(config: dict[str, Any]) -> tuple[nn.Module, nn.Module]:
    units, slope = config["discriminator_units"], config["negative_slope"]
    critic = perceptron(len(config["features"]), units, 1, slope)
    return Events(config), nn.Sequential(Features(config), critic)


def flipped(array: np.ndarray, axis: int, shape: tuple[int, int, int]) -> np.ndarray:
    """An axis of h * w * c numbers, as Keras orders them, to c * h * w of the flipped image."""
    shape = (*array.shape[:axis], *shape, *array.shape[axis + 1 :])
    turned = np.flip(array.reshape(shape), (axis, axis + 1))
    return np.moveaxis(turned, axis + 2, axis).reshape(*shape[:axis], -1, *shape[axis + 3 :])


def flipped_dcgan(config: dict[str, Any], generator: list, discriminator: list) -> None:
    """Reorder weights for a network that sees flipped images, channels first.

    Keras pads an even side by one more behind than before, PyTorch the other way round; so a
    network of the other is the same one flipped.
    """
    height, width = config["image_shape"][:2]
    factor = math.prod(config["generator_strides"])
    base = (height // factor, width // factor, config["generator_filters"][0])
    for index in range(6 if config["use_bias"] else 5):  # kernel, bias, four of the batch norm
        generator[index] = flipped(generator[index], int(index == 0), base)
    filters = config["discriminator_filters"]
    factor = 2 ** len(filters)
    shape = (height // factor, width // factor, filters[-1])
    discriminator[-2] = flipped(discriminator[-2], 0, shape)
    for weights in (generator, discriminator):
        weights[:] = [np.flip(w, (0, 1)) if w.ndim == 4 else w for w in weights]


def put(network: nn.Module, weights: list[np.ndarray]) -> None:
    """Give a network weights as Keras orders and keeps them."""
    left = [torch.from_numpy(np.ascontiguousarray(array)) for array in weights]
    for module in network.modules():
        if isinstance(module, BatchNorm):
            parts = (module.weight, module.bias, module.running_mean, module.running_var)
            for part in parts:
                part.data.copy_(left.pop(0))  # type: ignore[union-attr, operator]
        elif isinstance(module, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            kernel = left.pop(0)
            turned = kernel.T if kernel.ndim == 2 else kernel.permute(3, 2, 0, 1)
            module.weight.data.copy_(turned)
            if module.bias is not None:
                module.bias.data.copy_(left.pop(0))
    assert not left


class Loop:
    """The simultaneous step of a GAN with binary cross-entropy."""

    def __init__(
        self, networks: Any, weights: Any, latent_dim: int, adam: dict[str, float]
    ) -> None:
        self.generator, self.discriminator = networks
        self.latent_dim = latent_dim
        self.in_the_mirror = False
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        for network, arrays in zip(networks, weights, strict=True):
            put(network, arrays)
            network.to(self.device)
        options = {"betas": (adam["beta_1"], adam["beta_2"]), "eps": adam["epsilon"]}
        self.optimizers = [
            torch.optim.Adam(network.parameters(), adam["learning_rate"], **options)
            for network in networks
        ]

    def latents(self, real: torch.Tensor) -> torch.Tensor:
        return torch.randn(len(real), self.latent_dim, device=self.device)

    def prepared(self, batch: np.ndarray) -> torch.Tensor:
        real = torch.from_numpy(batch).to(self.device)
        return real.permute(0, 3, 1, 2) if real.ndim == 4 and real.shape[3] > 1 else self.flat(real)

    def flat(self, real: torch.Tensor) -> torch.Tensor:
        return real.reshape(len(real), 1, *real.shape[1:3])

    def run(self, batches: Any) -> tuple[float, float]:
        for batch in batches:
            losses = self.step(self.prepared(batch))
        return float(losses[0]), float(losses[1])

    def step(self, real: torch.Tensor) -> Any:
        d, g = (list(n.parameters()) for n in (self.discriminator, self.generator))
        fake = self.generator(self.latents(real))
        real_logits = self.discriminator(real)
        fake_logits = self.discriminator(fake)
        d_loss = functional.softplus(-real_logits).mean() + functional.softplus(fake_logits).mean()
        d_loss = 0.5 * d_loss
        g_loss = functional.softplus(-fake_logits).mean()
        d_gradients = torch.autograd.grad(d_loss, d, retain_graph=True)
        g_gradients = torch.autograd.grad(g_loss, g)
        self.update(1, d, d_gradients)
        self.update(0, g, g_gradients)
        return d_loss.detach(), g_loss.detach()

    def update(self, which: int, parameters: Any, gradients: Any) -> None:
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter.grad = gradient
        self.optimizers[which].step()

    def generate(self, latents: np.ndarray) -> np.ndarray:
        self.generator.eval()
        with torch.no_grad():
            made = self.generator(torch.from_numpy(latents).to(self.device)).cpu()
        self.generator.train()
        if made.ndim == 2:
            return made.numpy()
        images = made.permute(0, 2, 3, 1).numpy()
        return np.flip(images, (1, 2)) if self.in_the_mirror else images


class EventLoop(Loop):
    """Critic steps with a gradient penalty at standardised features, then the generator's."""

    def flat(self, real: torch.Tensor) -> torch.Tensor:
        return real

    def step(self, real: torch.Tensor) -> Any:
        d, g = (list(n.parameters()) for n in (self.discriminator, self.generator))
        for _ in range(spec.CRITIC_STEPS):
            with torch.no_grad():
                fake = self.generator(self.latents(real))
            d_loss = self.discriminator(fake).mean() - self.discriminator(real).mean()
            d_loss = d_loss + spec.PENALTY * self.penalty(real, fake)
            self.update(1, d, torch.autograd.grad(d_loss, d))
        g_loss = -self.discriminator(self.generator(self.latents(real))).mean()
        self.update(0, g, torch.autograd.grad(g_loss, g))
        return d_loss.detach(), g_loss.detach()

    def penalty(self, real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
        features_of, critic = self.discriminator
        a, b = (features_of(events[:: spec.PENALTY_EVERY]) for events in (real, fake))
        share = torch.rand(len(a), 1, device=self.device)
        points = (share * a + (1 - share) * b).requires_grad_()
        (slope,) = torch.autograd.grad(critic(points).sum(), points, create_graph=True)
        return ((slope.square().sum(1) + 1e-12).sqrt() - 1).square().mean()


def loop(family: str, config: dict[str, Any], generator: Any, discriminator: Any) -> Loop:
    """Return the loop of a family's networks; see the package."""
    build = {"VanillaGAN": vanilla, "DCGAN": dcgan, "FATGAN": fat_gan}[family]
    kind, adam = (EventLoop, spec.EVENT_ADAM) if family == "FATGAN" else (Loop, spec.ADAM)
    networks = build(config)
    if family == "DCGAN":
        flipped_dcgan(config, generator, discriminator)
    made = kind(networks, (generator, discriminator), config["latent_dim"], adam)
    if family == "VanillaGAN":
        shape = config["image_shape"]
        made.generator.append(nn.Unflatten(1, (shape[2], *shape[:2])))
    made.in_the_mirror = family == "DCGAN"
    return made

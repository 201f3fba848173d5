"""By hand in PyTorch: modules, channels first, `torch.optim.Adam`, `torch.autograd.grad`."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from tests.benchmarks import handwritten as spec
from tests.benchmarks.handwritten import translators
from tests.benchmarks.handwritten.with_torch import norm as batch_norm


def instance_norm(channels: int) -> nn.Module:
    return nn.InstanceNorm2d(channels, translators.INSTANCE_NORM["epsilon"], affine=True)


class UNet(nn.Module):
    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        filters, channels = config["generator_filters"], config["source_shape"][-1]
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        for level, count in enumerate(filters):
            parts: list[nn.Module] = [nn.LeakyReLU(translators.SLOPE)] if level else []
            parts.append(nn.Conv2d(channels, count, 4, 2, 1))
            parts += [batch_norm(count)] if 0 < level < len(filters) - 1 else []
            self.down.append(nn.Sequential(*parts))
            channels = count
        for level in reversed(range(1, len(filters))):
            count = filters[level - 1]
            parts = [nn.ReLU(), nn.ConvTranspose2d(channels, count, 4, 2, 1), batch_norm(count)]
            rate = config["dropout"]
            parts += [nn.Dropout(rate)] if rate and level >= len(filters) - 3 else []
            self.up.append(nn.Sequential(*parts))
            channels = 2 * count
        last = nn.ConvTranspose2d(channels, config["channels"], 4, 2, 1)
        self.last = nn.Sequential(nn.ReLU(), last, nn.Tanh())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        skipped = []
        for part in self.down:
            skipped.append(x)
            x = part(x)
        for part in self.up:
            x = torch.cat([part(x), skipped.pop()], 1)
        return self.last(x)


class Block(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        convolutions = (
            nn.Conv2d(channels, channels, 3, padding=1, padding_mode="reflect") for _ in "12"
        )
        first, second = ((conv, instance_norm(channels)) for conv in convolutions)
        self.parts = nn.Sequential(*first, nn.ReLU(), *second)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.parts(x)


def residual(config: dict[str, Any]) -> nn.Module:
    """Convolutions of stride 2 pad before, not behind as Keras': it sees flipped pictures."""
    channels, count = config["image_shape"][-1], config["filters"]
    parts: list[nn.Module] = [nn.Conv2d(channels, count, 7, padding=3, padding_mode="reflect")]
    parts += [instance_norm(count), nn.ReLU()]
    for _ in range(2):
        parts += [nn.Conv2d(count, 2 * count, 3, 2, 1), instance_norm(2 * count), nn.ReLU()]
        count *= 2
    parts += [Block(count) for _ in range(config["blocks"])]
    for _ in range(2):
        half = count // 2
        parts += [nn.ConvTranspose2d(count, half, 3, 2, 1, 1), instance_norm(half), nn.ReLU()]
        count = half
    parts.append(nn.Conv2d(count, channels, 7, padding=3, padding_mode="reflect"))
    return nn.Sequential(*parts, nn.Tanh())


def patches(channels: int, config: dict[str, Any], norm: Any, flipped: bool) -> nn.Module:
    """4 x 4 convolutions of stride 1 have one row and column more behind, or before if flipped."""
    parts: list[nn.Module] = []
    filters = config["discriminator_filters"]
    margin = nn.ZeroPad2d((2, 1, 2, 1) if flipped else (1, 2, 1, 2))
    for index, count in enumerate(filters):
        last = index == len(filters) - 1
        parts += [margin, nn.Conv2d(channels, count, 4)] if last else [
            nn.Conv2d(channels, count, 4, 2, 1)
        ]  # fmt: skip
        parts += [norm(count)] if index else []
        parts.append(nn.LeakyReLU(translators.SLOPE))
        channels = count
    return nn.Sequential(*parts, margin, nn.Conv2d(channels, 1, 4))


def put(network: nn.Module, weights: Any, flipped: bool) -> None:
    """Give a network weights as Keras orders and keeps them."""
    trainable, running = ([_tensor(array, flipped) for array in part] for part in weights)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm1d | nn.InstanceNorm2d):
            module.weight.data.copy_(trainable.pop(0))
            module.bias.data.copy_(trainable.pop(0))
        elif isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            module.weight.data.copy_(trainable.pop(0).permute(3, 2, 0, 1))
            assert module.bias is not None
            module.bias.data.copy_(trainable.pop(0))
        if isinstance(module, nn.BatchNorm1d):
            assert module.running_mean is not None
            assert module.running_var is not None
            module.running_mean.copy_(running.pop(0))
            module.running_var.copy_(running.pop(0))
    assert not trainable
    assert not running


def _tensor(array: np.ndarray, flipped: bool) -> torch.Tensor:
    turned = np.flip(array, (0, 1)) if flipped and array.ndim == 4 else array
    return torch.from_numpy(np.ascontiguousarray(turned))


class Pool:
    """Earlier pictures, picture by picture."""

    def __init__(self, size: int) -> None:
        self.size, self.stored = size, []

    def __call__(self, images: torch.Tensor) -> torch.Tensor:
        seen = []
        for image in images.detach():
            if len(self.stored) < self.size:
                self.stored.append(image.clone())
                seen.append(image)
            elif random.random() < translators.POOL:
                place = random.randrange(self.size)
                seen.append(self.stored[place])
                self.stored[place] = image.clone()
            else:
                seen.append(image)
        return torch.stack(seen)


class Loop:
    """Networks by name, and an Adam for each player."""

    players: tuple[tuple[str, ...], ...]
    flipped = False

    def __init__(self, config: dict[str, Any], weights: Any) -> None:
        self.config = config
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.networks = self.built()
        for name, network in self.networks.items():
            put(network, weights[name], self.flipped)
            network.to(self.device)
        adam = spec.ADAM
        options = {"betas": (adam["beta_1"], adam["beta_2"]), "eps": adam["epsilon"]}
        self.parameters = [
            [p for name in names for p in self.networks[name].parameters()]
            for names in self.players
        ]
        self.optimizers = [
            torch.optim.Adam(parameters, adam["learning_rate"], **options)
            for parameters in self.parameters
        ]

    def built(self) -> dict[str, nn.Module]:
        raise NotImplementedError

    def prepared(self, images: np.ndarray) -> torch.Tensor:
        pictures = torch.from_numpy(images).to(self.device).permute(0, 3, 1, 2)
        return pictures.flip(2, 3) if self.flipped else pictures.contiguous()

    def run(self, batches: Any) -> tuple[float, float]:
        for batch in batches:
            losses = self.step({name: self.prepared(images) for name, images in batch.items()})
        return float(losses[0]), float(losses[1])

    def update(self, which: int, gradients: Any) -> None:
        for parameter, gradient in zip(self.parameters[which], gradients, strict=True):
            parameter.grad = gradient
        self.optimizers[which].step()

    def translate(self, name: str, images: np.ndarray) -> np.ndarray:
        network = self.networks[name].eval()
        with torch.no_grad():
            made = network(self.prepared(images))
        network.train()
        made = made.flip(2, 3) if self.flipped else made
        return made.permute(0, 2, 3, 1).cpu().numpy()

    def step(self, batch: Any) -> Any:
        raise NotImplementedError


class Pix2Pix(Loop):
    """Both gradients from one forward pass: binary cross-entropy and the L1 distance."""

    players = (("discriminator",), ("generator",))

    def built(self) -> dict[str, nn.Module]:
        channels = self.config["source_shape"][-1] + self.config["channels"]
        judge = patches(channels, self.config, batch_norm, self.flipped)
        return {"generator": UNet(self.config), "discriminator": judge}

    def step(self, batch: Any) -> Any:
        generator, discriminator = self.networks["generator"], self.networks["discriminator"]
        source, target = batch["source"], batch["target"]
        made = generator(source)
        fake = discriminator(torch.cat([source, made], 1))
        real = discriminator(torch.cat([source, target], 1))
        d_loss = 0.5 * (functional.softplus(-real).mean() + functional.softplus(fake).mean())
        far = self.config["distance_weight"] * (made - target).abs().mean()
        g_loss = self.config["adversarial_weight"] * functional.softplus(-fake).mean() + far
        slope = torch.autograd.grad(d_loss, self.parameters[0], retain_graph=True)
        g_slope = torch.autograd.grad(g_loss, self.parameters[1])
        self.update(0, slope)
        self.update(1, g_slope)
        return d_loss.detach(), g_loss.detach()


class CycleGAN(Loop):
    """The generators by least squares, cycle and identity; then the discriminators, by pools."""

    players = (("generator_ab", "generator_ba"), ("discriminator_a", "discriminator_b"))
    flipped = True

    def built(self) -> dict[str, nn.Module]:
        config, channels = self.config, self.config["image_shape"][-1]
        self.pools = {which: Pool(config["pool_size"]) for which in "ab"}
        return {
            **{name: residual(config) for name in self.players[0]},
            **{name: patches(channels, config, instance_norm, True) for name in self.players[1]},
        }

    def step(self, batch: Any) -> Any:
        a, b, config = batch["a"], batch["b"], self.config
        ab, ba = (self.networks[name] for name in self.players[0])
        judges = {which: self.networks[f"discriminator_{which}"] for which in "ab"}
        fakes = {"b": ab(a), "a": ba(b)}
        cycle = (ba(fakes["b"]) - a).abs().mean() + (ab(fakes["a"]) - b).abs().mean()
        g_loss = config["cycle_weight"] * cycle
        for which, judge in judges.items():
            g_loss = g_loss + (judge(fakes[which]) - 1).square().mean()
        same = (ba(a) - a).abs().mean() + (ab(b) - b).abs().mean()
        g_loss = g_loss + config["identity_weight"] * same
        self.update(0, torch.autograd.grad(g_loss, self.parameters[0]))
        d_loss = torch.zeros((), device=self.device)
        for which, judge in judges.items():
            real, fake = judge(batch[which]), judge(self.pools[which](fakes[which]))
            d_loss = d_loss + 0.5 * ((real - 1).square().mean() + fake.square().mean())
        self.update(1, torch.autograd.grad(d_loss, self.parameters[1]))
        return d_loss.detach(), g_loss.detach()


def loop(family: str, config: dict[str, Any], weights: Any) -> Loop:
    """Return the loop of a family's networks; see the package."""
    return {"Pix2Pix": Pix2Pix, "CycleGAN": CycleGAN}[family](config, weights)

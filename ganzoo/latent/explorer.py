"""`ganzoo explore`: every picture that `ganzoo.latent` can give of a model, in one folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo import plots
from ganzoo.checks import check_count
from ganzoo.errors import InvalidArgumentError, OutputError, nearest
from ganzoo.files.writing import written
from ganzoo.latent import finding
from ganzoo.latent import paths as latent

LIMITS = (0.25, 0.5, 1.0, 2.0, 100.0)  # of the truncation; the last one cuts nothing
REACH = 4.0  # how far a direction is followed to both sides, in units of the latents
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25)  # of the truncation of styles
MIXED = 6  # rows of the picture of mixed styles
ARRAYS = "latents.npz"
CODES = 2.0  # continuous codes are drawn from minus to plus this
PLANE, SIDE = 2, 20  # numbers of a latent whose plane is drawn, and the least pictures in a row


class Explorer:
    """Draws the latent space of one GAN of images.

    Args:
        gan: The GAN.
        folder: Where the pictures go, and `latents.npz` with the latents of each.
        seed: Seeds every latent.
        label: What a conditional model draws, as for `gan.condition`; without one, all classes in
            turn where latents are unrelated, and the first class along a path.
        columns: Pictures in a row.
        find: Images (n, height, width, channels) in [-1, 1] whose latents are to be found.
        steps: Steps of that search.
        film: Ending of the walk: "gif", or "apng", which keeps all colours.
        **grid: `scale`, `invert` of `ganzoo.plots.grid`.
    """

    def __init__(
        self,
        gan: Any,
        folder: Any,
        *,
        seed: int = 0,
        label: Any = None,
        columns: int = 10,
        find: np.ndarray | None = None,
        steps: int = 300,
        film: str = "gif",
        **grid: Any,
    ) -> None:
        if len(gan.data_shape) != 3:
            raise InvalidArgumentError(
                f"Exploring draws pictures; this GAN makes data of shape {gan.data_shape}."
            )
        self.gan, self.folder, self.seed, self.grid = gan, Path(folder), seed, grid
        self.columns = max(2, check_count("columns", columns, most=100))
        self.find, self.steps, self.film = find, steps, film
        condition = gan.condition(1, label)  # None where the model takes no label
        any_label = {} if label is None else {"label": label}
        self.unrelated = any_label
        self.related = any_label or ({} if condition is None else {"label": 0})
        self.latents: dict[str, np.ndarray] = {}

    def draw(
        self, names: Sequence[str] = (), say: Callable[[str], None] = lambda line: None
    ) -> None:
        """Make the pictures of some of `PICTURES`, by default of all, and `latents.npz`.

        Args:
            names: Which.
            say: Receives a line for each.

        Raises:
            InvalidArgumentError: There is no such picture.
            OutputError: The folder cannot be made or written to.
        """
        for name in names:
            if name not in PICTURES:
                raise InvalidArgumentError(
                    f"There is no picture {name!r}; there are: {', '.join(PICTURES)}."
                    + nearest(name, PICTURES)
                )
        if "mixing" in names and not _has_styles(self.gan):
            raise InvalidArgumentError(
                f"Only style-based models mix styles; {type(self.gan).__name__} has none."
            )
        if "codes" in names and not _has_codes(self.gan):
            raise InvalidArgumentError(
                f"Only InfoGAN has codes of its own; {type(self.gan).__name__} has none."
            )
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"Cannot make the folder {self.folder}: {error.strerror}.") from error
        for name in names or self._fitting():
            say(PICTURES[name](self))
        with written(self.folder / ARRAYS) as temporary, open(temporary, "wb") as file:
            np.savez_compressed(file, **self.latents)  # type: ignore[arg-type]

    def sweeps(self) -> str:
        """Draw M. Hjorth-Jensen's five sweeps, a hundred pictures each."""
        for means, deviations in latent.SWEEPS:
            latents = latent.sweep(
                self.columns**2, self.gan.latent_dim, means, deviations, self.seed
            )
            self._save(f"sweep_means_{means:g}_deviations_{deviations:g}", latents, self.unrelated)
        return (
            "sweep_*.png: means and deviations that change along the latent, M. Hjorth-Jensen's "
            "five: larger means go to other pictures, larger deviations to more kinds of them"
        )

    def paths(self) -> str:
        """Draw the same ends joined by a straight line and by an arc."""
        ends = self._some(2 * 6).reshape(6, 2, -1)
        for name, path in (("linear", latent.linear), ("spherical", latent.spherical)):
            latents = np.concatenate([path(start, end, self.columns) for start, end in ends])
            self._save(name, latents, self.related)
        return (
            "linear.png, spherical.png: from left to right between six pairs; halfway along a "
            "straight line latents are shorter than any of the training"
        )

    def corners(self) -> str:
        """Draw a grid between four corners."""
        latents = latent.corners(self._some(4), self.columns, self.columns)
        self._save("corners", latents, self.related)
        return "corners.png: all that lies between four pictures"

    def truncation(self) -> str:
        """Draw a row for each limit of the truncation: of styles where there are some."""
        if _has_styles(self.gan):
            return self._truncated_styles()
        size = self.gan.latent_dim
        rows = [latent.truncated(self.columns, size, limit, self.seed) for limit in LIMITS]
        self._save("truncation", np.concatenate(rows), self.related)
        limits = ", ".join(f"{limit:g}" for limit in LIMITS[:-1])
        return f"truncation.png: coordinates within {limits} and any, from top to bottom"

    def _truncated_styles(self) -> str:
        latents = self._some(self.columns)
        made = [self.gan.synthesize(self.gan.styles(latents, share)) for share in SHARES]
        self.latents["truncation"] = latents
        picture = plots.grid(np.concatenate(made), self.columns, **self.grid)
        plots.save(picture, self.folder / "truncation.png")
        shares = ", ".join(f"{share:g}" for share in SHARES)
        return (
            f"truncation.png: styles at {shares} of their distance from the mean style, from top "
            "to bottom; 1 is the model's own"
        )

    def mixing(self) -> str:
        """Draw pictures with one latent's first styles and another's last ones."""
        rows, columns = self._some(MIXED), self._some(self.columns - 1, 1)
        styles = [self.gan.styles(latents) for latents in (rows, columns)]
        begins = sorted({1, self.gan.levels // 2, self.gan.levels - 1} - {0})
        for begin in begins:
            mixed = self.gan.mix(*styles, begin)
            head = [np.zeros_like(mixed[:1, 0]) - 1.0, self.gan.synthesize(styles[1])]
            body = np.concatenate([self.gan.synthesize(styles[0])[:, None], mixed], axis=1)
            pictures = np.concatenate([*head, body.reshape(-1, *body.shape[2:])])
            picture = plots.grid(pictures, self.columns, **self.grid)
            plots.save(picture, self.folder / f"mixing_{begin}.png")
        self.latents["mixing_rows"], self.latents["mixing_columns"] = rows, columns
        levels = ", ".join(map(str, begins))
        return (
            f"mixing_*.png: the left column's styles up to level {levels} of {self.gan.levels}, "
            "the upper row's from there on"
        )

    def codes(self) -> str:
        """Draw what each code does, as figure 2 of InfoGAN (arXiv:1606.03657)."""
        kinds, columns = len(self.gan.classes), self.columns
        latents = np.repeat(self._some(columns), kinds, axis=0)
        self._save("codes_kinds", latents, {"label": list(range(kinds)) * columns}, kinds)
        steps = np.linspace(-CODES, CODES, columns, dtype=np.float32)
        each = {"label": np.repeat(range(kinds), columns).tolist()}
        for code in range(self.gan.continuous):
            latents = np.repeat(self._some(1, 1), kinds * columns, axis=0)
            latents[:, code] = np.tile(steps, kinds)
            self._save(f"codes_{code + 1}", latents, each)
        return (
            f"codes_kinds.png: a column for each of {kinds} codes, a row for each latent; "
            f"codes_*.png: a row for each code, from left to right one of {self.gan.continuous} "
            f"continuous codes from {-CODES:g} to {CODES:g}"
        )

    def directions(self) -> str:
        """Draw the directions that change the picture most, one in a row, and a random one."""
        size = self.gan.latent_dim
        found = latent.directions(self.gan, min(7, size), seed=self.seed, **self.related)
        other = self._some(1, 1)[0]
        rows = [*found.vectors, other / np.linalg.norm(other)]
        latents = [latent.along(self._some(1)[0], row, REACH, self.columns) for row in rows]
        self._save("directions", np.concatenate(latents), self.related)
        self.latents["direction_vectors"], self.latents["direction_gains"] = found[:2]
        share = (found.gains**2).sum() / found.total**2 if found.total else 0.0
        gains = ", ".join(f"{gain:.1f}" for gain in found.gains)
        typical = found.total / size**0.5
        return (
            f"directions.png: {REACH:g} to both sides along the {len(found.gains)} directions that "
            f"change the picture most, below them a random one; change per unit {gains} "
            f"(a random direction: {typical:.1f}); these {len(found.gains)} of {size} make up "
            f"{share:.0%} of all change"
        )

    def walk(self) -> str:
        """Make a film of a walk around six latents."""
        walks = [latent.walk(stops, 20) for stops in self._some(6 * 16).reshape(16, 6, -1)]
        made = [self.gan.generate(path, **self.related) for path in walks]
        pictures = [plots.grid(np.stack(frame), **self.grid) for frame in zip(*made, strict=True)]
        plots.movie(pictures, self.folder / f"walk.{self.film}", seconds=0.06, last=1.0)
        self.latents["walk"] = np.stack(walks)
        return f"walk.{self.film}: sixteen walks around six latents each, without an end"

    def plane(self) -> str:
        """Draw the whole plane of a latent of two numbers."""
        if self.gan.latent_dim != PLANE:
            raise InvalidArgumentError(
                f"A plane is of latents of {PLANE} numbers; this GAN's have {self.gan.latent_dim}."
            )
        side = max(self.columns, SIDE)
        latents = latent.plane(side, side)
        self._save("plane", latents, self.related, side)
        return "plane.png: all latents of two numbers, each picture as probable as the others"

    def found(self) -> str:
        """Draw the images asked for, each with the nearest that the generator can make."""
        if self.find is None:
            raise InvalidArgumentError("There are no images whose latents could be found.")
        found: Any
        if _has_styles(self.gan):
            found = finding.invert_styles(self.gan, self.find, steps=self.steps, seed=self.seed)
        else:
            found = finding.invert(
                self.gan, self.find, steps=self.steps, seed=self.seed, **self.unrelated
            )
        pairs = np.stack([self.find, found.images], axis=1).reshape(-1, *self.gan.data_shape)
        columns = 2 * max(1, self.columns // 2)
        picture = plots.grid(pairs, columns, **self.grid)
        plots.save(picture, self.folder / "found.png")
        self.latents["found"], self.latents["found_errors"] = found[0], found.errors
        return (
            "found.png: each image with the nearest that was found; root mean square difference "
            f"{found.errors.mean():.3f} on average, {found.errors.max():.3f} at most (black to "
            "white is 2)"
        )

    def _fitting(self) -> list[str]:
        """Return the pictures that can be made of this model and these arguments."""
        left_out = {
            "found": self.find is None,
            "mixing": not _has_styles(self.gan),
            "codes": not _has_codes(self.gan),
            "plane": self.gan.latent_dim != PLANE,
        }
        return [name for name in PICTURES if not left_out.get(name, False)]

    def _some(self, n: int, more: int = 0) -> np.ndarray:
        return latent.draw(n, self.gan.latent_dim, self.seed + more)

    def _save(
        self, name: str, latents: np.ndarray, options: dict[str, Any], columns: int | None = None
    ) -> None:
        self.latents[name] = latents
        images = self.gan.generate(latents, **options)
        picture = plots.grid(images, columns or self.columns, **self.grid)
        plots.save(picture, self.folder / f"{name}.png")


def _has_styles(gan: Any) -> bool:
    return hasattr(gan, "mix")  # a `MappedGAN`


def _has_codes(gan: Any) -> bool:
    return hasattr(gan, "continuous")  # an `InfoGAN`


PICTURES: dict[str, Callable[[Explorer], str]] = {
    "sweeps": Explorer.sweeps,
    "paths": Explorer.paths,
    "corners": Explorer.corners,
    "truncation": Explorer.truncation,
    "mixing": Explorer.mixing,
    "codes": Explorer.codes,
    "directions": Explorer.directions,
    "walk": Explorer.walk,
    "plane": Explorer.plane,
    "found": Explorer.found,
}

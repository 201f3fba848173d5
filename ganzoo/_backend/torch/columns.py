"""Functions of columns (B, 1) on PyTorch: its own, called at once.

`keras.ops` looks at each argument before it calls them, which for a column of a thousand numbers
takes several times as long as the arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

abs = torch.abs
arctan2 = torch.arctan2
clip = torch.clamp
cos = torch.cos
exp = torch.exp
log = torch.log
ones_like = torch.ones_like
sin = torch.sin
sqrt = torch.sqrt
square = torch.square
tanh = torch.tanh
where = torch.where


def maximum(x: torch.Tensor, number: float) -> torch.Tensor:
    """Return the larger of each element and a number."""
    return torch.clamp(x, min=number)


def minimum(x: torch.Tensor, number: float) -> torch.Tensor:
    """Return the smaller of each element and a number."""
    return torch.clamp(x, max=number)


def concatenate(columns: Sequence[torch.Tensor]) -> torch.Tensor:
    """Return columns side by side."""
    return torch.cat(list(columns), dim=-1)


def split(x: torch.Tensor) -> Sequence[torch.Tensor]:
    """Return the columns (B, 1) of (B, columns)."""
    return x.split(1, dim=-1)


def constant(values: np.ndarray, like: torch.Tensor) -> torch.Tensor:
    """Return an array as a tensor where another one is."""
    return torch.from_numpy(values).to(like.device)


def float32(x: torch.Tensor) -> torch.Tensor:
    """Return the same numbers in float32."""
    return x.float()

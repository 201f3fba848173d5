"""How `every` counts in all callbacks: after every so many epochs; the first is not special."""

from __future__ import annotations


def is_due(epoch: int, every: int) -> bool:
    """Return whether something that is done every `every` epochs is done after this one.

    Args:
        epoch: As Keras counts, from 0.
        every: 1 after each epoch; 3 after the third, the sixth, and so on.
    """
    return (epoch + 1) % every == 0

"""The switch that turns every trick of speed off: `GANZOO_PLAIN=1`.

Then networks, optimizers, dropout, convolutions and data are Keras' own, and so are the numbers
that they draw. Results differ by rounding, and where random numbers of another kind are drawn.
"""

from __future__ import annotations

import os

PLAIN = os.environ.get("GANZOO_PLAIN", "") not in ("", "0")

"""The only room that knows a backend. README.md beside this file explains it to a newcomer.

`minimize`, `minimize_jointly` and `input_gradient` let a training step be written once, as if
variables were mutable; `BackendModel` makes Keras' trainer call that step on every backend.
"""

from __future__ import annotations

from ganzoo.environment import require_backend

_BACKEND = require_backend()

if _BACKEND == "tensorflow":
    from ganzoo._backend._tensorflow import BackendModel, input_gradient, minimize_jointly
elif _BACKEND == "jax":
    from ganzoo._backend._jax import BackendModel, input_gradient, minimize_jointly
else:
    from ganzoo._backend._torch import BackendModel, input_gradient, minimize_jointly

from ganzoo._backend.common import minimize_with

minimize = minimize_with(minimize_jointly)

__all__ = ["BackendModel", "input_gradient", "minimize", "minimize_jointly"]

"""All that ganzoo takes from `keras.src`, which Keras does not promise to keep.

pyproject.toml bounds the version of Keras for the sake of this file.
"""

from __future__ import annotations

from typing import Any

import keras
from keras.src.backend import numpy as backend_numpy  # noqa: F401  of the backend that is used
from keras.src.backend.common.stateless_scope import in_stateless_scope as in_stateless_scope
from keras.src.models.functional import Functional as Functional
from keras.src.saving import saving_lib as _saving_lib
from keras.src.trainers.data_adapters import get_data_adapter as get_data_adapter
from keras.src.trainers.data_adapters import is_grain_dataset as is_grain_dataset
from keras.src.trainers.data_adapters import is_tf_dataset as is_tf_dataset
from keras.src.trainers.data_adapters import is_torch_dataloader as is_torch_dataloader
from keras.src.trainers.data_adapters.py_dataset_adapter import PyDatasetAdapter as PyDatasetAdapter
from keras.src.trainers.data_adapters.tf_dataset_adapter import TFDatasetAdapter as TFDatasetAdapter
from keras.src.trainers.data_adapters.torch_data_loader_adapter import (
    TorchDataLoaderAdapter as TorchDataLoaderAdapter,
)

if keras.backend.backend() == "torch":
    from keras.src.backend.torch.core import get_device as get_device
    from keras.src.backend.torch.core import to_torch_dtype as to_torch_dtype
    from keras.src.backend.torch.random import torch_seed_generator as torch_seed_generator

OF_A_BACKEND = "keras.src.backend."
"""How the modules of classes begin that Keras has for one backend alone."""


def own_weights(model: Any) -> list[Any]:
    """Return the weights that a model has itself, by `add_weight`: those of none of its layers."""
    return [*model._trainable_variables, *model._non_trainable_variables]


def write_state(model: Any, file: Any) -> None:
    """Write a model's state into an open binary file, as `model.save_weights` does into a path."""
    store = _saving_lib.H5IOStore(file, mode="w")
    _saving_lib._save_state(
        model, weights_store=store, assets_store=None, inner_path="", visited_saveables=set()
    )
    store.close()

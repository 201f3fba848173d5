"""Networks as programs for other runtimes: ONNX from every backend, TensorFlow's own forms.

`onnx(model, "model.onnx")` writes one file that needs neither Keras nor ganzoo; README.md beside
this file says how.
"""

from ganzoo.export import page
from ganzoo.export.onnx_file import onnx
from ganzoo.export.subject import Exported
from ganzoo.export.tensorflow_forms import saved_model, tflite

__all__ = ["Exported", "onnx", "page", "saved_model", "tflite"]

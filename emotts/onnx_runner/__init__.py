"""Speech from an exported folder (`emotts export --format onnx`) with numpy and onnxruntime.

Nothing here imports torch, so that a small machine or a small container can speak without it.
"""

from emotts.onnx_runner.synthesizer import OnnxSynthesizer

__all__ = ["OnnxSynthesizer"]

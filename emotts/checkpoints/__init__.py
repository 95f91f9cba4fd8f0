"""Sets of checkpoints on disk: saving, loading, verifying, and where the embedded set is found.

A set is one folder: `<name>.safetensors` (floats as fp16), `<name>.json` (configuration),
`<name>.md` (model card), and `index.json` with the size and SHA-256 of every file.
"""

from emotts.checkpoints.card import ModelCard
from emotts.checkpoints.index import verify
from emotts.checkpoints.location import resolve
from emotts.checkpoints.store import Checkpoint, load_checkpoint, save_checkpoint

__all__ = ["Checkpoint", "ModelCard", "load_checkpoint", "resolve", "save_checkpoint", "verify"]

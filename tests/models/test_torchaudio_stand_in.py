"""torchaudio imports beside a CPU-only torch once the stand-in is in place."""

import subprocess
import sys
from types import ModuleType

import pytest

from emotts.models import torchaudio_stand_in
from emotts.models.torchaudio_stand_in import NAME, install

USE_TORCHAUDIO = """
from emotts.models.torchaudio_stand_in import install
install()
import torch, torchaudio
print(torchaudio.transforms.MelSpectrogram(16000)(torch.zeros(1, 16000)).shape[0])
print(torchaudio.models.wav2vec2_base is not None, hasattr(torchaudio.pipelines, "HUBERT_BASE"))
"""


@pytest.fixture
def without_extension(monkeypatch):
    monkeypatch.delitem(sys.modules, NAME, raising=False)
    yield monkeypatch
    sys.modules.pop(NAME, None)


def test_torchaudio_works_in_a_fresh_interpreter():
    pytest.importorskip("torch")
    from importlib.util import find_spec

    if find_spec("torchaudio") is None:
        pytest.skip("torchaudio is not installed")
    run = subprocess.run([sys.executable, "-c", USE_TORCHAUDIO], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == ["1", "True", "True"]


def test_importing_the_module_installs_nothing(without_extension):
    assert NAME not in sys.modules
    assert torchaudio_stand_in.NAME == "torchaudio._extension"


def test_installing_twice_keeps_the_first(without_extension):
    without_extension.setattr("torch.version.cuda", None)
    assert install() is True
    first = sys.modules[NAME]
    assert install() is True
    assert sys.modules[NAME] is first
    assert first._IS_TORCHAUDIO_EXT_AVAILABLE is False and first._IS_ALIGN_AVAILABLE is False
    assert first.fail_if_no_align(len) is len
    assert first._check_cuda_version() is None


def test_cuda_builds_are_left_alone(without_extension):
    without_extension.setattr("torch.version.cuda", "13.0")
    assert install() is False
    assert NAME not in sys.modules


def test_a_loaded_extension_is_not_replaced(without_extension):
    without_extension.setattr("torch.version.cuda", None)
    real = ModuleType(NAME)
    without_extension.setitem(sys.modules, NAME, real)
    assert install() is False
    assert sys.modules[NAME] is real

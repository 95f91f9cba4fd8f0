"""A studio of the tiny corpus' checkpoints."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("gradio")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline import trained  # noqa: E402, F401


@pytest.fixture(scope="session")
def studio(trained, tmp_path_factory):  # noqa: F811
    from emotts.demo.studio import Studio

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EMOTTS_HOME", str(tmp_path_factory.mktemp("home")))
        made = Studio(trained.checkpoints)
        patch.setenv("GRADIO_TEMP_DIR", str(made.folder / "page"))
        yield made
        made.close()

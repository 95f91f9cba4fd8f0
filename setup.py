"""Copies the embedded checkpoints into built packages; everything else stands in setup.cfg."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithCheckpoints(build_py):
    """A wheel carries checkpoints/ as emotts/embedded/; an editable install reads it in place."""

    def run(self):
        super().run()
        checkpoints = Path(__file__).parent / "checkpoints"
        if checkpoints.is_dir() and not self.editable_mode:
            embedded = Path(self.build_lib, "emotts", "embedded")
            shutil.rmtree(embedded, ignore_errors=True)
            shutil.copytree(checkpoints, embedded, ignore=shutil.ignore_patterns(".*"))


setup(cmdclass={"build_py": BuildWithCheckpoints})

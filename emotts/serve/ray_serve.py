"""The same server as a Ray Serve application: replicas wherever the cluster has room.

    serve run emotts.serve.ray_serve:app replicas=4 cores=2

Every replica loads its own models; the cluster's machines need emotts and the checkpoints.
"""

from pydantic import Field

from emotts.errors import EmottsError
from emotts.serve.settings import Settings


class RaySettings(Settings):
    """Settings of every replica; replicas: how many; cores: of each, for placing it."""

    replicas: int = Field(1, ge=1, le=10_000)
    cores: float = Field(1.0, gt=0)


def app(settings: RaySettings):
    """A `ray.serve.Application`; Ray Serve fills the settings from its command line or file."""
    try:
        from ray import serve
    except ImportError as error:
        raise EmottsError("Ray Serve is missing: pip install 'ray[serve]'") from error

    own = Settings(**settings.model_dump(exclude={"replicas", "cores"}))

    def build():
        from emotts.serve.app import create_app

        return create_app(own)

    return serve.deployment(
        name="emotts",
        num_replicas=settings.replicas,
        ray_actor_options={"num_cpus": settings.cores},
        max_ongoing_requests=own.max_requests,
    )(serve.ingress(build)()).bind()

"""The server as a Ray Serve application, on a cluster of this machine alone."""

import urllib.request

import pytest
from live_server import post

pytestmark = pytest.mark.slow


def test_two_replicas_answer_as_one_does(client, checkpoints):
    ray = pytest.importorskip("ray")
    serve = pytest.importorskip("ray.serve", exc_type=ImportError)
    from emotts.serve.ray_serve import RaySettings, app

    settings = RaySettings(
        checkpoint=str(checkpoints), personal=False, warm=False, replicas=2, cores=0.5
    )
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        serve.start(http_options={"host": "127.0.0.1", "port": 8199})
        serve.run(app(settings), name="emotts", route_prefix="/")
        address = "http://127.0.0.1:8199"
        assert b"ok" in urllib.request.urlopen(f"{address}/healthz", timeout=60).read()
        body = {"model": "emotts", "input": "No one knew.", "voice": "kathleen",
                "response_format": "pcm"}  # fmt: skip
        here = client.post("/v1/audio/speech", json=body).content
        for _ in range(4):
            answer = post(address, **body).getresponse()
            assert answer.status == 200 and answer.read() == here
        assert post(address, voice="bob").getresponse().status == 400
    finally:
        serve.shutdown()
        ray.shutdown()

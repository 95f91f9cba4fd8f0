"""Requests made up from the server's own OpenAPI: whatever comes, nothing breaks."""

import pytest

schemathesis = pytest.importorskip("schemathesis")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def schema(client):
    return schemathesis.openapi.from_asgi("/openapi.json", client.app)


@pytest.mark.parametrize("_", ["all"])
def test_made_up_requests_get_no_5xx(schema, _):
    from hypothesis import HealthCheck, given, settings

    count = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
        def probe(case):
            nonlocal count
            answer = case.call()
            assert answer.status_code < 500, answer.text[:500]
            count += 1

        probe()
    assert count > 100

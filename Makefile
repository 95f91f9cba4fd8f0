.PHONY: install test slow lint format wheel ci clean

install:
	pip install -e ".[test]"

test:
	pytest

slow:
	pytest -m "slow or browser"

lint:
	ruff check .

format:
	ruff format .

wheel:
	python -m build

ci:
	.ci/run

clean:
	rm -rf build dist *.egg-info .pytest_cache .ruff_cache .hypothesis

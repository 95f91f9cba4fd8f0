import json

import pytest
from typer.testing import CliRunner

from emotts.cli.main import app


def run(*arguments, **options):
    return CliRunner().invoke(app, ["phonemes", *arguments], **options)


def test_the_phonemes_are_one_line():
    result = run("Dzień dobry!", "--language", "pl")
    assert result.exit_code == 0
    assert result.stdout == "dʑˈɛɲ dˈɔbrɨ!\n"


def test_json_has_words_and_tokens():
    record = json.loads(run("Dr. Lee", "--json").stdout)
    assert record["language"] == "en-us"
    assert record["normalized"] == "Doctor Lee"
    assert record["words"] == ["dˈɑːktɚ", "lˈiː"]
    assert [token["symbol"] for token in record["tokens"]][-3:] == ["l", "i", "$"]
    assert record["tokens"][-2]["stress"] == 1
    assert record["tokens"][-2]["length"] == 1
    assert record["tokens"][-2]["word"] == 1


def test_the_text_can_come_from_standard_input():
    assert run("-", input="good day\n").stdout == run("good day").stdout


def test_languages_are_listed():
    lines = run("--languages").stdout.split()
    assert {"en-us", "en-gb", "pl", "de"} <= set(lines)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "no text"),
        ([""], "empty"),
        (["!?"], "nothing in the text"),
        (["hi", "-l", "martian"], "unknown language 'martian'"),
        (["[[a%]]"], "'%'"),
    ],
)
def test_bad_input_is_one_sentence_and_status_2(arguments, words):
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert not result.stdout

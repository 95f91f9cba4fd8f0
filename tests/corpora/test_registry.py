from pathlib import Path

from emotts.corpora.labels import FURTHER, category, meanings
from emotts.corpora.registry import CORPORA
from emotts.emotion.vocabulary import CATEGORIES

PAGE = (Path(__file__).resolve().parents[2] / "docs/corpora.md").read_text(encoding="utf-8")


def test_the_page_says_of_every_corpus_what_the_code_says():
    rows = PAGE.splitlines()
    for made in CORPORA.values():
        (row,) = [r for r in rows if r.endswith(f"`--corpus {made.name}` |")]
        facts = (made.title, made.link, made.licence, made.language, made.emotions, made.obtain)
        assert all(fact in row for fact in facts), made.name
        assert f"| {made.name} | {made.layout} | {made.splits.note} |" in rows


def test_the_page_lists_the_whole_vocabulary():
    for name in CATEGORIES:
        assert f"| {name} | {', '.join(meanings()[name])} |" in PAGE
    assert all(name in PAGE for name in FURTHER)


def test_every_word_of_the_tables_leads_to_a_category():
    for name, words in meanings().items():
        assert category(name) == name
        assert {category(word.upper()) for word in words} <= {name}
    assert len(set(FURTHER)) == len(FURTHER) and not set(FURTHER) & set(CATEGORIES)

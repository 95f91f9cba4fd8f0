import pytest

from emotts.text.normalize import normalize
from emotts.text.polish import ordinal, plural_form


def check(cases):
    assert {text: normalize(text, "pl") for text in cases} == cases


def test_numbers_and_units():
    check({
        "Mam 21 lat": "Mam dwadzieścia jeden lat",
        "2 kg, 5 kg, 1 kg": "dwa kilogramy, pięć kilogramów, jeden kilogram",
        "1,5 km": "jeden przecinek pięć kilometra",
        "2 minuty, 22 osoby": "dwie minuty, dwadzieścia dwie osoby",
        "2 min": "dwie minuty",
        "45%": "czterdzieści pięć procent",
        "-3 °C": "minus trzy stopnie Celsjusza",
        "1 250 000": "milion dwieście pięćdziesiąt tysięcy",
        "0,05": "zero przecinek zero pięć",
        "4 mln osób": "cztery miliony osób",
    })  # fmt: skip


def test_money():
    check({
        "1 zł, 3 zł, 15 zł": "jeden złoty, trzy złote, piętnaście złotych",
        "7,99 zł": "siedem złotych dziewięćdziesiąt dziewięć groszy",
        "€2": "dwa euro",
        "5 mln zł": "pięć milionów złotych",
    })  # fmt: skip


def test_dates_and_times():
    check({
        "3 maja 1998 r.": (
            "trzeciego maja tysiąc dziewięćset dziewięćdziesiątego ósmego roku."
        ),
        "02.11.2020": "drugiego listopada dwa tysiące dwudziestego roku",
        "w 1945 r. i": "w tysiąc dziewięćset czterdziestym piątym roku i",
        "o 17:30": "o siedemnastej trzydzieści",
        "Jest 8:05": "Jest ósma zero pięć",
    })  # fmt: skip


def test_roman_numerals():
    check({
        "w XIX wieku": "w dziewiętnastym wieku",
        "XX wiek": "dwudziesty wiek",
        "Rozdział VI": "Rozdział szósty",
        "Zygmunt III": "Zygmunt trzeci",
        "Elżbieta II": "Elżbieta druga",
    })  # fmt: skip


def test_abbreviations_and_acronyms():
    check({
        "np. dr Lis i prof. Kot": "na przykład doktor Lis i profesor Kot",
        "chleb, mleko itd.": "chleb, mleko i tak dalej.",
        "nr 5, str. 7": "numer pięć, strona siedem",
        "PKP i ZUS": "pe-ka-pe i zus",
        "NATO": "nato",
    })  # fmt: skip


def test_addresses():
    check({
        "ola@poczta.pl": "ola małpa poczta kropka pe-el",
        "+48 600 100 200": "plus cztery osiem, sześć zero zero, jeden zero zero, dwa zero zero",
    })  # fmt: skip


@pytest.mark.parametrize(
    ("number", "ending", "words"),
    [(3, "ego", "trzeciego"), (2, "ej", "drugiej"), (2, "ym", "drugim"),
     (24, "a", "dwudziesta czwarta"), (4001, "ym", "cztery tysiące pierwszym")],
)  # fmt: skip
def test_ordinals_inflect(number, ending, words):
    assert ordinal(number, ending) == words


@pytest.mark.parametrize(
    ("number", "form"),
    [("1", "a"), ("2", "b"), ("4", "b"), ("5", "c"), ("12", "c"), ("22", "b"), ("112", "c"),
     ("0", "c"), ("21", "c"), ("1,5", "d")],
)  # fmt: skip
def test_nouns_follow_their_number(number, form):
    assert plural_form(number, ("a", "b", "c", "d")) == form

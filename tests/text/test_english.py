"""Sentences as a person reads them; each test is one kind of thing that is not a word."""

from emotts.text.normalize import normalize


def check(cases, language="en-us"):
    read = {text: normalize(text, language) for text in cases}
    assert read == cases


def test_numbers():
    check({
        "She has 3 dogs and 21 hens.": "She has three dogs and twenty-one hens.",
        "1,206 seats": "one thousand two hundred six seats",
        "2.75 and .5": "two point seven five and point five",
        "agent 007": "agent zero zero seven",
        "0": "zero",
        "-12": "minus twelve",
        "5-10 days": "five to ten days",
        "2 400 000": "two four hundred zero zero zero",
    })  # fmt: skip


def test_british_numbers_have_and():
    check({"1,206 seats": "one thousand two hundred and six seats"}, "en-gb")


def test_very_long_numbers_are_read_digit_by_digit():
    assert normalize("1" * 40, "en-us") == " ".join(["one"] * 40)


def test_money():
    check({
        "$3,412.07": "three thousand four hundred twelve dollars and seven cents",
        "$1": "one dollar",
        "$1.01": "one dollar and one cent",
        "$0.40": "forty cents",
        "£6.50": "six pounds and fifty pence",
        "€20.": "twenty euros.",
        "20 €": "twenty euros",
        "$2.5 billion": "two point five billion dollars",
        "£3m": "three million pounds",
        "-$8": "minus eight dollars",
        "a $5 note": "a five dollar note",
        "$5-10": "five to ten dollars",
        "US$9": "nine U-S dollars",
        "75¢ and 99p": "seventy-five cents and ninety-nine pence",
        "15 PLN": "fifteen zlotys",
    })  # fmt: skip


def test_dates():
    check({
        "7/4/2031": "July fourth, twenty thirty-one",
        "2031-07-04": "July fourth, twenty thirty-one",
        "04.07.2031": "July fourth, twenty thirty-one",
        "July 4, 1998": "July fourth, nineteen ninety-eight",
        "Sept. 3rd": "September third",
        "on the 3rd of May": "on the third of May",
        "12 June 2005": "the twelfth of June, two thousand five",
        "in May 2019": "in May twenty nineteen",
        "Tues., Feb. 2": "Tuesday, February second",
        "May 55 of them come": "May fifty-five of them come",
        "7/4/31 at noon": "July fourth, thirty-one at noon",
    })  # fmt: skip


def test_the_day_comes_first_in_britain():
    check({"7/4/2031": "the seventh of April, twenty thirty-one"}, "en-gb")


def test_years():
    check({
        "in 1905": "in nineteen oh five",
        "since 2000": "since two thousand",
        "from 1939-1945": "from nineteen thirty-nine to nineteen forty-five",
        "the 1920s and '60s": "the nineteen twenties and sixties",
        "1800 people": "one thousand eight hundred people",
        "1500 copies": "one thousand five hundred copies",
    })  # fmt: skip


def test_times():
    check({
        "7:15 a.m.": "seven fifteen A-M.",
        "at 7:05 pm on Friday": "at seven oh five P-M on Friday",
        "It is 9:00 now": "It is nine o'clock now",
        "20:00 or 21:40": "twenty hundred or twenty-one forty",
        "at 4 p.m. Then we ate.": "at four P-M. Then we ate.",
        "at 4 p.m. Sunday": "at four P-M Sunday",
        "99:99": "ninety-nine to ninety-nine",
        "1:02:03": "one oh two and three seconds",
    })  # fmt: skip


def test_ordinals_and_fractions():
    check({
        "the 1st, 22nd and 113th": "the first, twenty-second and one hundred thirteenth",
        "1/2 a mile": "one half a mile",
        "2 3/4 inches": "two and three quarters inches",
        "1½ cups": "one and a half cups",
        "5/12": "five over twelve",
        "open 24/7": "open twenty-four seven",
    })  # fmt: skip


def test_units():
    check({
        "40%": "forty percent",
        "8 kg, 1 kg": "eight kilograms, one kilogram",
        "-3.5 °C": "minus three point five degrees Celsius",
        "90 km/h": "ninety kilometers per hour",
        "6'2\"": "six foot two",
        "12 m²": "twelve square meters",
        "32GB": "thirty-two gigabytes",
    })  # fmt: skip


def test_titles_streets_and_saints():
    check({
        "Mr. and Mrs. Ray": "Mister and Missus Ray",
        "Dr. Orr met Prof. Lee.": "Doctor Orr met Professor Lee.",
        "Mrs Dale": "Missus Dale",
        "St. Anne lives at 4 Mill St. now": "Saint Anne lives at four Mill Street now",
        "It stands on High St. The door is red.": "It stands on High Street. The door is red.",
        "Ms. St. Clair": "Miz Saint Clair",
    })  # fmt: skip


def test_abbreviations():
    check({
        "fruit, e.g. plums, i.e. fruit": "fruit, for example plums, that is fruit",
        "Nuts, figs, etc.": "Nuts, figs, et cetera.",
        "Nuts, etc., are good": "Nuts, et cetera, are good",
        "Cats vs. dogs": "Cats versus dogs",
        "No. 9 and no. 4": "number nine and number four",
        "No. Never.": "No. Never.",
        "pp. 3-5, fig. 2": "pages three to five, figure two",
        "the U.K. and the U.S.": "the U-K and the U-S.",
        "J. K. Moss and Ann B. Hill": "J-K Moss and Ann B Hill",
    })  # fmt: skip


def test_roman_numerals():
    check({
        "Chapter XII, Part III": "Chapter twelve, Part three",
        "Acts I and II": "Acts one and two",
        "Volumes IV-VI": "Volumes four to six",
        "King Edward VII": "King Edward the Seventh",
        "Louis XVI's clock": "Louis the Sixteenth's clock",
        "Queen Elizabeth I ruled": "Queen Elizabeth the First ruled",
        "World War II": "World War two",
        "I, MIX, VIVID": "I, MIX, VIVID",
        "The Chapter I wrote": "The Chapter I wrote",
    })  # fmt: skip


def test_telephone_numbers():
    check({
        "Call 555-0142.": "Call five five five, zero one four two.",
        "(212) 555-0142": "two one two, five five five, zero one four two",
        "+48 600 100 200": "plus four eight, six zero zero, one zero zero, two zero zero",
    })  # fmt: skip


def test_addresses():
    check({
        "Mail ann.lee@post.example.org.": "Mail ann dot lee at post dot example dot org.",
        "https://www.example.com/a-b?": "W-W-W dot example dot com slash a dash B?",
        "Open main_loop.py, then setup.cfg": (
            "Open main underscore loop dot P-Y, then setup dot C-F-G"
        ),
    })  # fmt: skip


def test_letters_with_figures():
    check({
        "Flat 12C": "Flat twelve C",
        "COVID-19": "covid nineteen",
        "A320, 4K and MP3": "A three twenty, four K and M-P three",
        "version 3.1.4": "version three point one point four",
        "v2.0": "version two point zero",
        "10.0.0.1": "ten dot zero dot zero dot one",
    })  # fmt: skip


def test_capitals():
    check({
        "The BBC and the FBI": "The BBC and the FBI",
        "NASA and NATO agree": "nasa and nato agree",
        "I said NO.": "I said no.",
        "WE ARE LEAVING RIGHT NOW! You?": "we are leaving right now! You?",
    })  # fmt: skip


def test_signs():
    check({
        "Salt & pepper": "Salt and pepper",
        "5 + 3 = 8": "five plus three equals eight",
        "tea and/or milk": "tea and or milk",
        "#7": "number seven",
        "x < y": "x less than y",
    })  # fmt: skip

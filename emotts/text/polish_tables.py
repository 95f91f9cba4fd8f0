"""Polish abbreviations, units, currencies, signs and letter names."""

# Matched without regard to case. A word with a dot here keeps no stop inside a sentence.
ABBREVIATIONS = {
    "np.": "na przykład",
    "itd.": "i tak dalej",
    "itp.": "i tym podobne",
    "m.in.": "między innymi",
    "m. in.": "między innymi",
    "tzn.": "to znaczy",
    "tj.": "to jest",
    "tzw.": "tak zwany",
    "ww.": "wyżej wymieniony",
    "jw.": "jak wyżej",
    "ok.": "około",
    "prof.": "profesor",
    "inż.": "inżynier",
    "hab.": "habilitowany",
    "doc.": "docent",
    "red.": "redaktor",
    "gen.": "generał",
    "płk.": "pułkownik",
    "kpt.": "kapitan",
    "por.": "porównaj",
    "ks.": "ksiądz",
    "św.": "święty",
    "ul.": "ulica",
    "al.": "aleja",
    "pl.": "plac",
    "os.": "osiedle",
    "woj.": "województwo",
    "godz.": "godzina",
    "tel.": "telefon",
    "wg": "według",
    "ds.": "do spraw",
    "br.": "bieżącego roku",
    "n.p.m.": "nad poziomem morza",
    "p.n.e.": "przed naszą erą",
    "n.e.": "naszej ery",
    "cd.": "ciąg dalszy",
    "cdn.": "ciąg dalszy nastąpi",
    "zob.": "zobacz",
    "wyd.": "wydanie",
    "dr": "doktor",
    "dr.": "doktora",
    "mgr": "magister",
    "lek.": "lekarz",
    "nr": "numer",
    "s.a.": "es-a",
    "z o.o.": "zet o-o",
}
NUMBERED = {"str.": "strona", "s.": "strona", "rozdz.": "rozdział", "rys.": "rysunek",
            "tab.": "tabela", "art.": "artykuł", "poz.": "pozycja", "pkt": "punkt",
            "t.": "tom", "#": "numer", "№": "numer", "§": "paragraf"}  # fmt: skip
MONTHS = (
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada "
    "grudnia"
).split()
MASCULINE, FEMININE = "m", "f"
# one, two to four, five and more; a fraction takes the fourth
CURRENCIES = {
    "zł": ("złoty", "złote", "złotych", "złotego"),
    "PLN": ("złoty", "złote", "złotych", "złotego"),
    "gr": ("grosz", "grosze", "groszy", "grosza"),
    "€": ("euro", "euro", "euro", "euro"),
    "EUR": ("euro", "euro", "euro", "euro"),
    "$": ("dolar", "dolary", "dolarów", "dolara"),
    "USD": ("dolar", "dolary", "dolarów", "dolara"),
    "£": ("funt", "funty", "funtów", "funta"),
    "GBP": ("funt", "funty", "funtów", "funta"),
    "CHF": ("frank", "franki", "franków", "franka"),
}
SMALL_COINS = {
    "zł": ("grosz", "grosze", "groszy", "grosza"),
    "PLN": ("grosz", "grosze", "groszy", "grosza"),
    "£": ("pens", "pensy", "pensów", "pensa"),
    "GBP": ("pens", "pensy", "pensów", "pensa"),
    "CHF": ("rappen", "rappeny", "rappenów", "rappena"),
}
CENTS = ("cent", "centy", "centów", "centa")
SCALES = {
    "tys.": ("tysiąc", "tysiące", "tysięcy", "tysiąca"),
    "mln": ("milion", "miliony", "milionów", "miliona"),
    "mld": ("miliard", "miliardy", "miliardów", "miliarda"),
}
UNITS = {
    "km/h": ("kilometr na godzinę", "kilometry na godzinę", "kilometrów na godzinę",
             "kilometra na godzinę", MASCULINE),
    "km²": ("kilometr kwadratowy", "kilometry kwadratowe", "kilometrów kwadratowych",
            "kilometra kwadratowego", MASCULINE),
    "m²": ("metr kwadratowy", "metry kwadratowe", "metrów kwadratowych", "metra kwadratowego",
           MASCULINE),
    "km": ("kilometr", "kilometry", "kilometrów", "kilometra", MASCULINE),
    "cm": ("centymetr", "centymetry", "centymetrów", "centymetra", MASCULINE),
    "mm": ("milimetr", "milimetry", "milimetrów", "milimetra", MASCULINE),
    "m": ("metr", "metry", "metrów", "metra", MASCULINE),
    "kg": ("kilogram", "kilogramy", "kilogramów", "kilograma", MASCULINE),
    "dag": ("dekagram", "dekagramy", "dekagramów", "dekagrama", MASCULINE),
    "g": ("gram", "gramy", "gramów", "grama", MASCULINE),
    "ml": ("mililitr", "mililitry", "mililitrów", "mililitra", MASCULINE),
    "l": ("litr", "litry", "litrów", "litra", MASCULINE),
    "godz.": ("godzina", "godziny", "godzin", "godziny", FEMININE),
    "min.": ("minuta", "minuty", "minut", "minuty", FEMININE),
    "min": ("minuta", "minuty", "minut", "minuty", FEMININE),
    "sek.": ("sekunda", "sekundy", "sekund", "sekundy", FEMININE),
    "s": ("sekunda", "sekundy", "sekund", "sekundy", FEMININE),
    "MB": ("megabajt", "megabajty", "megabajtów", "megabajta", MASCULINE),
    "GB": ("gigabajt", "gigabajty", "gigabajtów", "gigabajta", MASCULINE),
    "Hz": ("herc", "herce", "herców", "herca", MASCULINE),
    "kHz": ("kiloherc", "kiloherce", "kiloherców", "kiloherca", MASCULINE),
    "°C": ("stopień Celsjusza", "stopnie Celsjusza", "stopni Celsjusza", "stopnia Celsjusza",
           MASCULINE),
    "°": ("stopień", "stopnie", "stopni", "stopnia", MASCULINE),
    "%": ("procent", "procent", "procent", "procent", MASCULINE),
}  # fmt: skip
SIGNS = {
    "&": "i", "+": "plus", "=": "równa się", "@": "małpa", "#": "krzyżyk", "%": "procent",
    "×": "razy", "÷": "podzielić przez", "<": "mniejsze niż", ">": "większe niż",
    "±": "plus minus", "≈": "około", "~": "około", "°": "stopni", "$": "dolarów", "€": "euro",
    "£": "funtów", "/": "przez", "_": " ", "|": ",", "•": ",", "²": "kwadrat", "³": "sześcian",
}  # fmt: skip
ADDRESS_SIGNS = {
    ".": "kropka", "@": "małpa", "/": "ukośnik", "-": "myślnik", "_": "podkreślenie",
    ":": "dwukropek", "?": "pytajnik", "=": "równa się", "&": "i", "+": "plus", "#": "krzyżyk",
    "%": "procent", "~": "tylda",
}  # fmt: skip
LETTER_NAMES = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZŁŚŻŹĆÓ",
        "a be ce de e ef gie ha i jot ka el em en o pe ku er es te u fau wu iks igrek zet "
        "eł eś żet ziet cie o".split(),
        strict=True,
    )
)
# Acronyms of four letters and more are words when they have a vowel; these shorter ones too.
WORD_ACRONYMS = frozenset("ZUS PIT VAT NIK PAN KOR SOR GUS WOT SIM PIN RAM".split())
HEADINGS = "[Rr]ozdział|[Tt]om|[Cc]zęść|[Aa]kt|[Kk]sięga|[Ee]tap|[Kk]lasa"
# After 2, 22, 32 … and after 1: the feminine nouns that figures stand before most often.
FEMININE_NOUNS = (
    "godziny|minuty|sekundy|doby|noce|osoby|kobiety|dziewczyny|książki|strony|kawy|herbaty|"
    "drogi|szkoły|rzeczy|sprawy|części|ulice|rodziny|siostry|córki|kartki|butelki|szklanki"
)
ONE_FEMININE = (
    "godzina|minuta|sekunda|doba|noc|osoba|kobieta|dziewczyna|książka|strona|kawa|herbata|"
    "droga|szkoła|rzecz|sprawa|część|ulica|rodzina|siostra|córka|kartka|butelka|szklanka"
)

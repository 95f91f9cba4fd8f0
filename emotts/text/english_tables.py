"""English abbreviations, units, currencies and signs."""

TITLES = {
    "Mr": "Mister",
    "Mrs": "Missus",
    "Ms": "Miz",
    "Dr": "Doctor",
    "Prof": "Professor",
    "Rev": "Reverend",
    "Gen": "General",
    "Col": "Colonel",
    "Capt": "Captain",
    "Lt": "Lieutenant",
    "Sgt": "Sergeant",
    "Maj": "Major",
    "Gov": "Governor",
    "Sen": "Senator",
    "Rep": "Representative",
    "Hon": "Honorable",
    "Pres": "President",
    "Messrs": "Messieurs",
    "Fr": "Father",
    "Mt": "Mount",
    "Ft": "Fort",
}
# Also written without their dot.
DOTLESS_TITLES = ("Mr", "Mrs", "Ms", "Dr")
STREETS = {
    "St": "Street",
    "Ave": "Avenue",
    "Blvd": "Boulevard",
    "Rd": "Road",
    "Dr": "Drive",
    "Ln": "Lane",
    "Sq": "Square",
    "Hwy": "Highway",
}
# Matched without regard to case, with the dot.
ABBREVIATIONS = {
    "e.g.": "for example",
    "eg.": "for example",
    "i.e.": "that is",
    "ie.": "that is",
    "etc.": "et cetera",
    "vs.": "versus",
    "approx.": "approximately",
    "dept.": "department",
    "est.": "established",
    "jr.": "Junior",
    "sr.": "Senior",
    "esq.": "Esquire",
    "inc.": "Incorporated",
    "ltd.": "Limited",
    "corp.": "Corporation",
    "co.": "Company",
    "bros.": "Brothers",
    "assn.": "Association",
    "misc.": "miscellaneous",
    "cf.": "compare",
    "viz.": "namely",
    "et al.": "and others",
    "ph.d.": "P-H-D",
    "a.k.a.": "also known as",
    "ca.": "circa",
    "incl.": "including",
    "tel.": "telephone",
    "min.": "minutes",
    "hrs.": "hours",
    "w/o": "without",
}
# Only before a number.
NUMBERED = {
    "no.": "number",
    "nos.": "numbers",
    "p.": "page",
    "pp.": "pages",
    "fig.": "figure",
    "figs.": "figures",
    "vol.": "volume",
    "vols.": "volumes",
    "ch.": "chapter",
    "chap.": "chapter",
    "sec.": "section",
    "eq.": "equation",
    "op.": "opus",
    "art.": "article",
    "№": "number",
    "#": "number",
    "§": "section",
}
MONTHS = (
    "January February March April May June July August September October November December"
).split()
MONTH_NUMBERS = {name.lower(): index for index, name in enumerate(MONTHS, 1)} | {
    **{name[:3].lower(): index for index, name in enumerate(MONTHS, 1)},
    "sept": 9,
}
WEEKDAYS = {
    "Mon": "Monday",
    "Tue": "Tuesday",
    "Tues": "Tuesday",
    "Wed": "Wednesday",
    "Thu": "Thursday",
    "Thur": "Thursday",
    "Thurs": "Thursday",
    "Fri": "Friday",
    "Sat": "Saturday",
    "Sun": "Sunday",
}
# symbol: one, many, smaller one, smaller many
CURRENCIES = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
    "¥": ("yen", "yen", "sen", "sen"),
    "₹": ("rupee", "rupees", "paisa", "paise"),
    "₩": ("won", "won", "jeon", "jeon"),
    "zł": ("zloty", "zlotys", "grosz", "groszy"),
    "PLN": ("zloty", "zlotys", "grosz", "groszy"),
    "USD": ("dollar", "dollars", "cent", "cents"),
    "EUR": ("euro", "euros", "cent", "cents"),
    "GBP": ("pound", "pounds", "penny", "pence"),
    "CHF": ("Swiss franc", "Swiss francs", "centime", "centimes"),
}
DOLLARS = {"US": "U-S ", "A": "Australian ", "C": "Canadian ", "NZ": "New Zealand ", "": ""}
SCALES = {
    "k": "thousand",
    "m": "million",
    "mn": "million",
    "b": "billion",
    "bn": "billion",
    "tn": "trillion",
}
# abbreviation: one, many
UNITS = {
    "km/h": ("kilometer per hour", "kilometers per hour"),
    "m/s": ("meter per second", "meters per second"),
    "mph": ("mile per hour", "miles per hour"),
    "km²": ("square kilometer", "square kilometers"),
    "m²": ("square meter", "square meters"),
    "m³": ("cubic meter", "cubic meters"),
    "km": ("kilometer", "kilometers"),
    "cm": ("centimeter", "centimeters"),
    "mm": ("millimeter", "millimeters"),
    "m": ("meter", "meters"),
    "ft": ("foot", "feet"),
    "mi": ("mile", "miles"),
    "kg": ("kilogram", "kilograms"),
    "mg": ("milligram", "milligrams"),
    "g": ("gram", "grams"),
    "lbs": ("pound", "pounds"),
    "lb": ("pound", "pounds"),
    "oz": ("ounce", "ounces"),
    "ml": ("milliliter", "milliliters"),
    "l": ("liter", "liters"),
    "L": ("liter", "liters"),
    "kHz": ("kilohertz", "kilohertz"),
    "MHz": ("megahertz", "megahertz"),
    "GHz": ("gigahertz", "gigahertz"),
    "Hz": ("hertz", "hertz"),
    "dB": ("decibel", "decibels"),
    "kB": ("kilobyte", "kilobytes"),
    "KB": ("kilobyte", "kilobytes"),
    "MB": ("megabyte", "megabytes"),
    "GB": ("gigabyte", "gigabytes"),
    "TB": ("terabyte", "terabytes"),
    "kW": ("kilowatt", "kilowatts"),
    "kWh": ("kilowatt hour", "kilowatt hours"),
    "W": ("watt", "watts"),
    "V": ("volt", "volts"),
    "ms": ("millisecond", "milliseconds"),
    "s": ("second", "seconds"),
    "sec": ("second", "seconds"),
    "min": ("minute", "minutes"),
    "hrs": ("hour", "hours"),
    "hr": ("hour", "hours"),
    "h": ("hour", "hours"),
    "°C": ("degree Celsius", "degrees Celsius"),
    "℃": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "℉": ("degree Fahrenheit", "degrees Fahrenheit"),
    "°": ("degree", "degrees"),
    "%": ("percent", "percent"),
    "‰": ("per mille", "per mille"),
}
SIGNS = {
    "&": "and",
    "+": "plus",
    "=": "equals",
    "@": "at",
    "#": "hash",
    "%": "percent",
    "×": "times",
    "÷": "divided by",
    "<": "less than",
    ">": "greater than",
    "±": "plus or minus",
    "≈": "about",
    "≤": "at most",
    "≥": "at least",
    "≠": "is not",
    "~": "about",
    "→": "to",
    "²": "squared",
    "³": "cubed",
    "°": "degrees",
    "©": "copyright",
    "$": "dollars",
    "£": "pounds",
    "€": "euros",
    "\\": "backslash",
    "/": "slash",
    "_": " ",
    "|": ",",
    "•": ",",
}
ADDRESS_SIGNS = {
    ".": "dot",
    "@": "at",
    "/": "slash",
    "-": "dash",
    "_": "underscore",
    ":": "colon",
    "?": "question mark",
    "=": "equals",
    "&": "and",
    "+": "plus",
    "#": "hash",
    "%": "percent",
    "~": "tilde",
}
# Read as words, not letter by letter.
WORD_ACRONYMS = frozenset(
    "ARM NATO UNESCO UNICEF NASA FIFA OPEC AIDS SARS COVID RAM ROM SIM PIN LASER RADAR NASDAQ "
    "SWAT GIF BASIC FEMA INTERPOL SCUBA SONAR".split()
)
# Capitals for emphasis.
EMPHASIS = frozenset(
    "NO NOT SO VERY ALL NEVER EVER NOW STOP YES AND BUT OR THE THIS THAT THESE THOSE ONLY MUST "
    "REALLY ALWAYS MY YOUR HIS HER OUR THEIR YOU HE SHE WE THEY HIM THEM WHAT WHY HOW WHERE WHEN "
    "IS ARE WAS WERE DO DOES DID CAN WILL GO OUT UP DOWN ON OFF OVER TOO EVERY NOTHING EVERYTHING "
    "SOMETHING ANYTHING PLEASE HELP LOVE HATE WANT NEED KNOW BIG ONE TWO THREE NEW FREE GREAT GOOD "
    "BAD BEST WORST HAPPY SAD ANGRY WOW HEY OH AH SORRY THANK THANKS DON'T CAN'T WON'T".split()
)
HEADINGS = (
    "Chapter|Part|Act|Scene|Volume|Book|Section|Article|Appendix|Figure|Table|Phase|Stage|Type|"
    "Level|Grade|Class|Canto|Psalm|Sonnet|Title|Unit|Lesson|Episode|Season|War|Bowl|Apollo|Mark|"
    "Version|Page|Plate|Verse|Round|Area|Division|chapter|part|act|scene|volume|section|type|phase"
)
RULERS = (
    "King|Queen|Pope|Emperor|Empress|Tsar|Czar|Prince|Princess|Sultan|Kaiser|Saint|Pharaoh|Duke"
)
REGNAL_NAMES = (
    "Henry|Louis|Elizabeth|George|Edward|Charles|William|James|Richard|Paul|Pius|Benedict|Leo|"
    "Philip|Catherine|Frederick|Napoleon|Nicholas|Alexander|Peter|Ivan|Ramses|Otto|Wilhelm|Mary|"
    "John|Gregory|Innocent|Clement|Felipe|Carlos|Gustav|Christian|Harald|Haakon|Sigismund|Casimir|"
    "Ferdinand|Francis|Joseph|Leopold|Albert|Alfonso|Malcolm|Robert|Margaret|Xerxes|Darius|Cyrus|"
    "Ptolemy|Murad|Mehmed|Selim|Urban|Boniface|Sixtus|Julius|Victor|Vittorio|Rudolf|Maximilian"
)
YEAR_WORDS = (
    "in|since|by|until|till|before|after|from|to|of|year|during|circa|through|between|and|late|"
    "early|mid|spring|summer|autumn|fall|winter|around|about|anno"
)
SENTENCE_STARTERS = frozenset(
    "The A An It He She We They I In On At But And Then This That These Those There His Her Its "
    "Our Their My Your What Why How When Where Who If As So Yet Or For To No Yes Please".split()
)

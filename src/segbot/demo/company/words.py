"""The words the demo company is made of: names with accents and apostrophes, places, products, campaigns.

Plain data, so that the SQL of the generator only draws from lists. Order matters: drawing is by position, and
where a list is drawn with a skew the first words are the frequent ones. Telephone numbers use the ranges that
the authorities keep free for fiction; every person is invented.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple


def _words(text: str, separator: str = " ") -> tuple[str, ...]:
    """The words of a text; an underscore holds two together."""
    return tuple(word.replace("_", " ") for word in text.split(separator))


FIRST_NAMES_F = _words(
    "Emma Olivia María Jennifer Ashley Jessica Sarah Emily Lauren Megan Grace Hannah Sofía Chloé Zoë Renée "
    "Isabella Mia Charlotte Amelia Abigail Ella Scarlett Victoria Aria Lily Nora Camila Lucía Elena Ana "
    "Valentina Paula Carmen Rosa Anaïs Hélène Céline Amélie Inès Noémie Siobhán Niamh Aoife Saoirse Ingrid "
    "Astrid Freya Linnéa Åsa Jutta Käthe Heike Ursula Anja Katarzyna Małgorzata Zuzana Božena Ivana Yara "
    "Aaliyah Imani Keisha Latoya D'Asia Shanice Priya Ananya Lakshmi Aisha Fatima Zainab Mei Xiu Yuki Hana "
    "Ji-woo Linh Thảo Georgia Madison Brooklyn Paris Carolina Savannah Dakota Mary-Kate Anne-Marie Barbara "
    "Linda Susan Patricia Deborah Karen Donna Carol Ruth Margaret Dorothy"
)
FIRST_NAMES_M = _words(
    "Liam Noah James Michael David John Robert William Daniel Matthew Ethan Lucas Mason Logan José Juan "
    "Benjamin Henry Jack Owen Samuel Joseph Andrew Ryan Nathan Luis Carlos Ángel Jesús Diego Mateo Andrés "
    "Raúl Iván Hugo Théo Léo René André François Benoît Seán Pádraig Ciarán Oisín Lars Björn Søren Håkon "
    "Jürgen Günther Jörg Matthias Stefan Łukasz Paweł Tomáš Jiří Dragan Malik DeShawn D'Angelo Tyrone Jamal "
    "Kwame Arjun Rahul Vikram Ahmed Omar Yusuf Wei Jun Hiroshi Kenji Min-jun Đức Quang Austin Jordan Lincoln "
    "Houston Dallas Jean-Luc Karl-Heinz George Kenneth Steven Paul Larry Frank Raymond Walter Harold Eugene"
)
LAST_NAMES = (
    *_words(
        "Smith Johnson Williams Brown Jones Garcia García Miller Davis Rodríguez Martínez Hernández López González "
        "Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Pérez Thompson White Harris Sánchez Clark Ramírez "
        "Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyễn Hill Flores Green Adams Nelson Baker "
        "Hall Rivera Campbell Mitchell Carter Roberts O'Brien O'Connor O'Neill D'Angelo D'Souza McDonald MacLeod "
        "Núñez Ibáñez Müller Schäfer Groß Weiß Köhler Østergaard Løvgren Åkesson Lindström Dubois Lefèvre Gagné "
        "Bélanger Côté Kowalski Wiśniewska Dvořák Šimić Horváth Popescu Papadopoulos Rossi Bianchi Ferrari Patel "
        "Singh Khan Ali Chen Wang Li Zhang Kim Park Choi Tanaka Yamamoto Phạm Trần Smith-Jones Taylor-Reyes "
        "St.John Washington Jefferson Lincoln London Paris Church Forest Rivers Stone Bishop Price Cash Gold "
        "Silver May June Winter Summers Day"
    ),
    "van der Berg",
    "de la Cruz",
    "De Luca",
    "von Stein",
    "Le Gall",
    "San Martín",
    "bin Rashid",
)

STREETS = _words(
    "Maple Oak Cedar Pine Elm Washington Lake Hill Park Main Church Spring Ridge Highland Meadow River Sunset "
    "Lincoln Jackson Franklin Willow Chestnut Birch Walnut Mill Cherry Madison Dogwood Railroad Prospect "
    "Martin_Luther_King_Jr. St._John's O'Farrell Cañada"
)
STREET_KINDS = ("St", "Ave", "Rd", "Dr", "Ln", "Blvd", "Ct", "Way", "Pl", "Ter")

OCCUPATIONS = _words(
    "software engineer|teacher|registered nurse|retail manager|accountant|sales representative|project manager|"
    "student|retired|small business owner|marketing manager|electrician|construction worker|truck driver|chef|"
    "graphic designer|physician|lawyer|police officer|firefighter|financial analyst|consultant|mechanic|"
    "customer service agent|administrative assistant|civil engineer|pharmacist|dentist|real estate agent|"
    "social worker|photographer|farmer|scientist|professor|journalist|park ranger|personal trainer|homemaker|"
    "warehouse worker|barista",
    separator="|",
)
INTERESTS = (
    "hiking", "running", "camping", "cycling", "yoga", "travel", "skiing", "climbing", "fishing", "surfing",
    "fashion", "gardening",
)  # fmt: skip
SOURCES = ("website", "website", "website", "website", "app", "app", "store", "store", "referral", "instagram",
           "instagram", "partner", "import")  # fmt: skip
VISIT_SOURCES = ("direct", "direct", "google", "google", "google", "email", "email", "instagram", "facebook",
                 "affiliate", "sms")  # fmt: skip
TICKET_TOPICS = ("shipping", "shipping", "returns", "returns", "sizing", "billing", "product question", "account")
RETURN_REASONS = ("too small", "too large", "changed mind", "damaged", "not as described", "arrived late")
COUPONS = ("WELCOME10", "SUMMER15", "TRAIL20", "SORRY10", "FRIENDS25")
MAIL_DOMAINS = (
    *("gmail.com",) * 42, *("yahoo.com",) * 14, *("outlook.com",) * 8, *("hotmail.com",) * 8, *("icloud.com",) * 9,
    *("aol.com",) * 3, *("comcast.net",) * 3, *("protonmail.com",) * 2, "me.com", "att.net", "verizon.net",
    "example.org", "cascade-clinic.example", "harbor-law.example", "u-lakeside.example",
)  # fmt: skip
MAIL_DOMAINS_ABROAD = {
    "GB": ("gmail.com", "gmail.com", "gmail.com", "btinternet.com", "hotmail.co.uk", "yahoo.co.uk"),
    "DE": ("gmail.com", "gmx.de", "gmx.de", "web.de", "t-online.de"),
    "FR": ("gmail.com", "gmail.com", "orange.fr", "free.fr", "laposte.net"),
}


class Place(NamedTuple):
    """A city: where people live, how many of 1000 customers, and its telephone area code
    (None: nobody there left a number)."""

    city: str
    state: str | None
    country: str
    postal: str
    latitude: float
    longitude: float
    area_code: str | None
    weight: int


def _us(state: str, *cities: tuple[str, str, float, float, str, int]) -> tuple[Place, ...]:
    return tuple(Place(c, state, "US", zip3, lat, lon, area, w) for c, zip3, lat, lon, area, w in cities)


# American postal codes are the three digits given here and two drawn ones.
PLACES: tuple[Place, ...] = (
    *_us("CA", ("Los Angeles", "900", 34.05, -118.24, "213", 38), ("San Diego", "921", 32.72, -117.16, "619", 20),
         ("San Francisco", "941", 37.77, -122.42, "415", 20), ("San Jose", "951", 37.34, -121.89, "408", 14),
         ("Sacramento", "958", 38.58, -121.49, "916", 12), ("Oakland", "946", 37.80, -122.27, "510", 9),
         ("Fresno", "937", 36.74, -119.79, "559", 6), ("Long Beach", "908", 33.77, -118.19, "562", 6)),
    *_us("TX", ("Houston", "770", 29.76, -95.37, "713", 20), ("Austin", "787", 30.27, -97.74, "512", 18),
         ("Dallas", "752", 32.78, -96.80, "214", 17), ("San Antonio", "782", 29.42, -98.49, "210", 11),
         ("Fort Worth", "761", 32.76, -97.33, "817", 7), ("Paris", "754", 33.66, -95.56, "903", 1)),
    *_us("FL", ("Miami", "331", 25.76, -80.19, "305", 17), ("Orlando", "328", 28.54, -81.38, "407", 13),
         ("Tampa", "336", 27.95, -82.46, "813", 13), ("Jacksonville", "322", 30.33, -81.66, "904", 10)),
    *_us("NY", ("New York", "100", 40.71, -74.01, "212", 34), ("Brooklyn", "112", 40.68, -73.94, "718", 16),
         ("Buffalo", "142", 42.89, -78.88, "716", 6), ("Rochester", "146", 43.16, -77.61, "585", 4)),
    *_us("NJ", ("Newark", "071", 40.74, -74.17, "973", 8), ("Jersey City", "073", 40.72, -74.04, "201", 9),
         ("Princeton", "085", 40.36, -74.66, "609", 5)),
    *_us("PA", ("Philadelphia", "191", 39.95, -75.17, "215", 19), ("Pittsburgh", "152", 40.44, -80.00, "412", 11)),
    *_us("IL", ("Chicago", "606", 41.88, -87.63, "312", 27), ("Springfield", "627", 39.78, -89.65, "217", 4)),
    *_us("OH", ("Columbus", "432", 39.96, -83.00, "614", 13), ("Cleveland", "441", 41.50, -81.69, "216", 9),
         ("Cincinnati", "452", 39.10, -84.51, "513", 8)),
    *_us("GA", ("Atlanta", "303", 33.75, -84.39, "404", 20), ("Columbus", "319", 32.46, -84.99, "706", 3),
         ("Augusta", "309", 33.47, -81.97, "706", 4)),
    *_us("NC", ("Charlotte", "282", 35.23, -80.84, "704", 13), ("Raleigh", "276", 35.78, -78.64, "919", 11),
         ("Asheville", "288", 35.60, -82.55, "828", 5)),
    *_us("MI", ("Detroit", "482", 42.33, -83.05, "313", 11), ("Grand Rapids", "495", 42.96, -85.66, "616", 8)),
    *_us("WA", ("Seattle", "981", 47.61, -122.33, "206", 24), ("Spokane", "992", 47.66, -117.43, "509", 6),
         ("Vancouver", "986", 45.64, -122.66, "360", 3)),
    *_us("OR", ("Portland", "972", 45.52, -122.68, "503", 18), ("Bend", "977", 44.06, -121.32, "541", 6)),
    *_us("CO", ("Denver", "802", 39.74, -104.99, "303", 20), ("Boulder", "803", 40.01, -105.27, "303", 9),
         ("Colorado Springs", "809", 38.83, -104.82, "719", 6)),
    *_us("MA", ("Boston", "021", 42.36, -71.06, "617", 19), ("Springfield", "011", 42.10, -72.59, "413", 3),
         ("Cambridge", "021", 42.37, -71.11, "617", 5)),
    *_us("VA", ("Richmond", "232", 37.54, -77.44, "804", 9), ("Arlington", "222", 38.88, -77.09, "703", 8),
         ("Virginia Beach", "234", 36.85, -75.98, "757", 6)),
    *_us("DC", ("Washington", "200", 38.91, -77.04, "202", 9)),
    *_us("MD", ("Baltimore", "212", 39.29, -76.61, "410", 9), ("Bethesda", "208", 38.98, -77.10, "301", 5)),
    *_us("AZ", ("Phoenix", "850", 33.45, -112.07, "602", 13), ("Tucson", "857", 32.22, -110.97, "520", 6)),
    *_us("TN", ("Nashville", "372", 36.16, -86.78, "615", 11), ("Memphis", "381", 35.15, -90.05, "901", 6)),
    *_us("MN", ("Minneapolis", "554", 44.98, -93.27, "612", 13), ("Duluth", "558", 46.79, -92.10, "218", 3)),
    *_us("MO", ("St. Louis", "631", 38.63, -90.20, "314", 8), ("Kansas City", "641", 39.10, -94.58, "816", 8)),
    *_us("WI", ("Madison", "537", 43.07, -89.40, "608", 7), ("Milwaukee", "532", 43.04, -87.91, "414", 7)),
    *_us("UT", ("Salt Lake City", "841", 40.76, -111.89, "801", 11), ("Moab", "845", 38.57, -109.55, "435", 2)),
    *_us("NV", ("Las Vegas", "891", 36.17, -115.14, "702", 8), ("Reno", "895", 39.53, -119.81, "775", 4)),
    *_us("IN", ("Indianapolis", "462", 39.77, -86.16, "317", 10)),
    *_us("SC", ("Charleston", "294", 32.78, -79.93, "843", 7)),
    *_us("LA", ("New Orleans", "701", 29.95, -90.07, "504", 7), ("Lafayette", "705", 30.22, -92.02, "337", 2)),
    *_us("KY", ("Louisville", "402", 38.25, -85.76, "502", 6)),
    *_us("AL", ("Birmingham", "352", 33.52, -86.80, "205", 6)),
    *_us("OK", ("Oklahoma City", "731", 35.47, -97.52, "405", 6)),
    *_us("CT", ("Hartford", "061", 41.77, -72.67, "860", 6)),
    *_us("KS", ("Kansas City", "661", 39.11, -94.63, "913", 3), ("Wichita", "672", 37.69, -97.34, "316", 3)),
    *_us("IA", ("Des Moines", "503", 41.59, -93.62, "515", 5)),
    *_us("ME", ("Portland", "041", 43.66, -70.26, "207", 5)),
    *_us("NH", ("Manchester", "031", 42.99, -71.46, "603", 4)),
    *_us("VT", ("Burlington", "054", 44.48, -73.21, "802", 4)),
    *_us("RI", ("Providence", "029", 41.82, -71.41, "401", 3)),
    *_us("DE", ("Wilmington", "198", 39.75, -75.55, "302", 3)),
    *_us("WV", ("Charleston", "253", 38.35, -81.63, "304", 2)),
    *_us("MS", ("Jackson", "392", 32.30, -90.18, "601", 3)),
    *_us("AR", ("Little Rock", "722", 34.75, -92.29, "501", 3)),
    *_us("NE", ("Omaha", "681", 41.26, -95.93, "402", 3)),
    *_us("NM", ("Albuquerque", "871", 35.08, -106.65, "505", 4)),
    *_us("ID", ("Boise", "837", 43.62, -116.20, "208", 5)),
    *_us("MT", ("Bozeman", "597", 45.68, -111.04, "406", 4)),
    *_us("WY", ("Jackson", "830", 43.48, -110.76, "307", 2)),
    *_us("ND", ("Fargo", "581", 46.88, -96.79, "701", 1)),
    *_us("SD", ("Rapid City", "577", 44.08, -103.23, "605", 1)),
    *_us("AK", ("Anchorage", "995", 61.22, -149.90, "907", 3)),
    *_us("HI", ("Honolulu", "968", 21.31, -157.86, "808", 4)),
    Place("Toronto", "ON", "CA", "M5V", 43.65, -79.38, "416", 22),
    Place("Ottawa", "ON", "CA", "K1P", 45.42, -75.70, "613", 6),
    Place("Vancouver", "BC", "CA", "V6B", 49.28, -123.12, "604", 15),
    Place("Montréal", "QC", "CA", "H2X", 45.50, -73.57, "514", 11),
    Place("Calgary", "AB", "CA", "T2P", 51.05, -114.07, "403", 9),
    Place("Halifax", "NS", "CA", "B3J", 44.65, -63.58, "902", 3),
    Place("London", None, "GB", "SW1A", 51.51, -0.13, "7700 900", 20),
    Place("Manchester", None, "GB", "M1", 53.48, -2.24, "7700 900", 7),
    Place("Edinburgh", None, "GB", "EH1", 55.95, -3.19, "7700 900", 5),
    Place("Berlin", None, "DE", "101", 52.52, 13.41, "30 23125", 10),
    Place("München", None, "DE", "803", 48.14, 11.58, "89 99998", 8),
    Place("Köln", None, "DE", "506", 50.94, 6.96, "221 4710", 4),
    Place("Paris", None, "FR", "750", 48.86, 2.35, "6 39 98", 8),
    Place("Lyon", None, "FR", "690", 45.76, 4.84, "6 39 98", 4),
    Place("Amsterdam", None, "NL", "10", 52.37, 4.90, None, 4),
    Place("Zürich", None, "CH", "80", 47.38, 8.54, None, 3),
    Place("Dublin", None, "IE", "D02", 53.35, -6.26, "20 910", 4),
)  # fmt: skip
DIAL_CODES = {"US": "1", "CA": "1", "GB": "44", "DE": "49", "FR": "33", "IE": "353"}


class Category(NamedTuple):
    """A product category: its middle price in dollars, how often it sells in the warm and in the cold half-year."""

    name: str
    price: int
    warm: int
    cold: int
    department: str
    nouns: tuple[str, ...]


CATEGORIES: tuple[Category, ...] = (
    Category("shoes", 118, 17, 13, "unisex", ("Trail Shoe", "Running Shoe", "Sneaker")),
    Category("boots", 165, 4, 10, "unisex", ("Hiking Boot", "Winter Boot")),
    Category("sandals", 62, 8, 1, "unisex", ("Sandal", "Flip-Flop")),
    Category("socks", 18, 11, 12, "unisex", ("Merino Sock", "Crew Sock", "Running Sock")),
    Category("hats", 31, 8, 9, "unisex", ("Sun Hat", "Beanie", "Cap")),
    Category("gloves", 42, 1, 7, "unisex", ("Glove", "Mitten")),
    Category("jackets", 210, 5, 14, "unisex", ("Down Jacket", "Rain Jacket", "Shell")),
    Category("fleece", 92, 3, 9, "unisex", ("Fleece Pullover", "Fleece Vest")),
    Category("shirts", 48, 12, 8, "unisex", ("Tee", "Flannel Shirt", "Sun Shirt")),
    Category("trousers", 84, 7, 6, "unisex", ("Trail Pant", "Chino")),
    Category("shorts", 56, 10, 1, "unisex", ("Short", "Board Short")),
    Category("dresses", 89, 8, 3, "women", ("Travel Dress", "Sundress", "Knit Dress")),
    Category("leggings", 68, 5, 6, "women", ("Legging", "Tight")),
    Category("base layers", 64, 2, 7, "unisex", ("Base Layer Top", "Base Layer Bottom")),
    Category("backpacks", 132, 7, 4, "unisex", ("Daypack", "Backpack")),
    Category("tents", 340, 5, 1, "unisex", ("Two-Person Tent", "Family Tent")),
    Category("sleeping bags", 190, 4, 2, "unisex", ("Sleeping Bag", "Quilt")),
    Category("stoves", 74, 3, 1, "unisex", ("Camp Stove",)),
    Category("bottles", 29, 8, 6, "unisex", ("Bottle", "Travel Mug")),
    Category("headlamps", 46, 3, 4, "unisex", ("Headlamp", "Lantern")),
    Category("sunglasses", 98, 7, 3, "unisex", ("Sunglasses",)),
    Category("gift cards", 60, 2, 7, "unisex", ("Gift Card",)),
)
PRODUCTS_PER_CATEGORY = 15
# Several brands are also places, first names, months or tiers: real catalogs do that to a reader, too.
BRANDS = (
    "Fern & Field", "Jordan Creek", "Ridgeline", "Georgia Pine", "Northfold", "Phoenix", "Halden", "Carolina Cloth",
    "Summit & Co.", "Augusta", "Tern", "Goldfinch", "Lumen", "Madison Mills", "Aspen", "Kestrel", "Brook & May",
    "Silver Birch", "Outpost", "Lincoln Works", "L'Étape", "Fjällbo", "O'Malley", "Driftwood", "Paris Knit",
)  # fmt: skip
COLOURS = ("black", "navy", "olive", "grey", "red", "blue", "green", "sand", "white", "orange", "purple", "teal")
ADJECTIVES = ("Alpine", "Coastal", "Everyday", "Granite", "Drift", "Wander", "Ember", "Cirrus", "Basecamp", "Mesa")

# The themes of campaigns by month, January first.
THEMES = (
    "New Year Reset", "Winter Clearance", "Spring Trails", "Rain Gear Week", "Memorial Day", "Summer Kick-off",
    "National Parks", "Back to Campus", "Fall Colors", "Layer Up", "Black Friday", "Holiday Gift Guide",
)  # fmt: skip
# How much people order in each month, January first; 2 is the most there is room for.
SEASON = (0.75, 0.70, 0.85, 0.90, 1.00, 1.05, 0.95, 0.90, 0.85, 0.95, 1.55, 1.80)


def ascii_letters(name: str) -> str:
    """The name as it appears in e-mail addresses: lower case, no accents, apostrophes, dots or spaces."""
    plain = name.lower()
    for letter, spelt in {"ø": "o", "ł": "l", "đ": "d", "ß": "ss"}.items():
        plain = plain.replace(letter, spelt)
    letters = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return "".join(letter for letter in letters if letter.isalpha())

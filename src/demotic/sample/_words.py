"""What the sample shop is made of: the words, as tables. How rows are drawn from them stands in `_rows`."""

from __future__ import annotations

# (name, description, the parent's place in this list counted from 1)
CATEGORIES: list[tuple[str, str | None, int | None]] = [
    ("Food", "All that is eaten", None),
    ("Drinks", "Hot, cold and in between", None),
    ("Household", None, None),
    ("Cheese", "From fresh to very old", 1),
    ("Bread & Pastry", "Baked this morning", 1),
    ("Spices", "Whole, ground and mixed", 1),
    ("Tea", "Black, green, white and herbal", 2),
    ("Coffee", "Roasted in small batches", 2),
    ("Green Tea", "日本茶 and others", 7),
    ("Stationery", None, 3),
    ("Kitchen", "Pots, pans and knives", 3),
    ("Knives", "Handle with care", 11),
]

SUPPLIERS: list[tuple[str, str | None, str, str, str | None]] = [
    ("Fromagerie de l'Étoile", "Hélène Lefèvre", "Besançon", "FR", "https://example.com/etoile"),
    ("Bäckerei Süßmilch", "Jörg Süßmilch", "Köln", "DE", None),
    ("O'Hara & Sons", "Siobhán O'Hara", "Galway", "IE", "https://example.com/ohara?shop=1&lang=en"),
    ("京都茶園", "佐藤 花子", "Kyōto", "JP", "https://example.com/茶"),
    ("Café São Jorge", "João Araújo", "São Paulo", "BR", None),
    ("Mølleriet", None, "Århus", "DK", None),
    ("Λαδάδικα", "Ελένη Παππά", "Θεσσαλονίκη", "GR", "https://example.com/ladadika"),
    ("Spice Route 100%", "Meera Iyer", "Kochi", "IN", "https://example.com/spice_route"),
    ("Çınar Mutfak", "Işıl Çınar", "İzmir", "TR", None),
    ("Paper, Ink; Co.", 'Nell "Inky" Price', "Cambridge", "GB", "https://example.com/paper%20ink"),
]

GIVEN = [
    "Ada", "Björn", "Chloé", "Dmitri", "Eszter", "Fatima", "Gürkan", "Hiroko", "Inês", "Jürgen", "Kwame", "Łukasz",
    "María", "Ngũgĩ", "Øystein", "Priya", "Quentin", "Renée", "Siân", "Tomáš", "Ute", "Vigdís", "Wei", "Ximena",
    "Yusuf", "Zoë",
]  # fmt: skip

FAMILY = [
    "Almeida", "Brontë", "Castañeda", "D'Arcy", "Eriksson", "Fuß", "García-Ruiz", "Håkansson", "Ibáñez", "Jansen",
    "Kovács", "Lindqvist", "Müller", "Nuñez", "O'Brien", "Petrović", "Quist", "Rossi", "Şahin", "Takahashi", "Urban",
    "van der Berg", "Wójcik", "Xu", "Ypma", "Žižka",
]  # fmt: skip

CITIES = [
    ("Cambridge", "GB"), ("Paris", "FR"), ("Köln", "DE"), ("Tōkyō", "JP"), ("São Paulo", "BR"), ("Kraków", "PL"),
    ("Reykjavík", "IS"), ("Galway", "IE"), ("Malmö", "SE"), ("Αθήνα", "GR"), ("Москва", "RU"), ("東京", "JP"),
]  # fmt: skip

# (first name, last name, title, born, hired, place of the superior in this list counted from 1)
EMPLOYEES: list[tuple[str, str, str, str | None, str, int | None]] = [
    ("Margarethe", "Voß", "Managing Director", "1968-03-14", "2009-01-05", None),
    ("Tiago", "Conceição", "Head of Sales", "1975-11-02", "2011-06-01", 1),
    ("Niamh", "Ní Bhriain", "Head of Purchasing", "1980-02-29", "2013-09-16", 1),
    ("Sven", "Åkerlund", "Sales Representative", "1988-07-21", "2016-04-04", 2),
    ("Aiko", "Mori", "Sales Representative", "1991-12-31", "2018-10-01", 2),
    ("Olu", "Adébáyọ̀", "Sales Representative", None, "2020-02-03", 2),
    ("Petra", "Novotná", "Buyer", "1985-05-09", "2015-08-17", 3),
    ("Luc", "d'Aubigné", "Buyer", "1993-01-01", "2021-11-29", 3),
    ("Rosalind", "Quayle", "Trainee", "2003-10-10", "2023-09-01", 4),
]

# Products by their category's place in CATEGORIES, with the supplier's place in SUPPLIERS (None: made in house).
PRODUCTS: dict[int, tuple[int | None, list[str]]] = {
    1: (7, ["Olive Oil", "Kalamata Olives", "Sun-dried Tomatoes", "Honey with Thyme", "Φέτα in Brine", "Capers"]),
    2: (None, ["House Lemonade", "Elderflower Cordial", "Ginger Beer", "Apple Juice, cloudy", "Tap Water 100% pure"]),
    3: (9, ["Beeswax Candle", "Linen Tea Towel", "Olive Soap", "Broom", "Clothes Pegs (50)"]),
    4: (1, ["Comté 18 Months", "Brie de Meaux", "Roquefort", "Mont d'Or", "Bleu d'Auvergne", "Crème Fraîche"]),
    5: (2, ["Rye Bread", "Pretzel", "Apfelstrudel", "Butter Croissant", "Nut_Roll", "Kürbiskernbrot", "Franzbrötchen"]),
    6: (8, ["Black Pepper", "Cardamom", "Garam Masala", "Turmeric", "Chilli 50% hot", "Saffron", "Star Anise"]),
    7: (4, ["Assam Second Flush", "Darjeeling First Flush", "Earl Grey", "Lapsang Souchong", "Mint & Lemon"]),
    8: (5, ["Santos Espresso", "Bourbon Filter", "Decaf No. 3", "Cold Brew Concentrate", "Café da Manhã"]),
    9: (4, ["煎茶 Sencha", "抹茶 Matcha", "Gyokuro", "玄米茶 Genmaicha", "Hōjicha"]),
    10: (10, ["Ruled Notebook", "Fountain Pen \"Classic\"", "Blue-black Ink", "Blotting Paper", "Envelopes C6/5"]),
    11: (9, ["Copper Pan", "Cast-iron Pot", "Çaydanlık", "Wooden Spoon", "Smørrebrød Board", "Colander"]),
    12: (3, ["Paring Knife", "Bread Knife", "Chef's Knife", "Oyster Knife"]),
}  # fmt: skip

TAGS = [
    "new",
    "organic",
    "vegan",
    "fair trade",
    "fragile",
    "gift",
    "on sale",
    "handmade",
    "50% off",
    "saisonal",
    "人気",
]

STATUSES = ["open", "paid", "shipped", "closed"]

NOTES: list[str | None] = [
    None,
    None,
    None,
    "Please ring twice",
    "Bitte beim Nachbarn abgeben, danke!",
    "Gift wrap; no invoice in the parcel",
    "",
    "10% agreed with M. Voß",
    "C'est pour l'anniversaire de Zoë 🎂",
]

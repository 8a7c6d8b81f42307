"""A database's tables as collections: mappings by key that take queries, all in one state of the data.

Run it beside a sample database (demotic sample shop.db): python examples/collections_of_a_database.py
"""

from demotic.store.sql import open_store


def main() -> None:
    """Look up, filter, order, expand and count."""
    with open_store("shop.db") as store, store.transaction() as tx:
        products = tx["Products"]
        print(f"{len(products)} products; number 1 is {products[1]['Name']}")

        dear = products.where("Price gt 90").order_by("Price desc").expand("Category")
        for product in dear[:3].values():
            print(f"  {product['Price']:>7} {product['Name']} ({product['Category']['Name']})")

        heavy = products.where(products.p.Weight > 15)
        print(f"{heavy.count()} are heavy; is number 1 one of them? {'yes' if 1 in heavy else 'no'}")


if __name__ == "__main__":
    main()

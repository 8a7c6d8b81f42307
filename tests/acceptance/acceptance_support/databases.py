"""The two databases: the scripts that make them, the keys of their views, and all forms in which tests look at one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from acceptance_support.http import WsgiClient
from acceptance_support.naming import Served
from acceptance_support.truth import Truth
from demotic.store import Store

NORTHWIND_VIEWS: dict[str, tuple[str, ...]] = {
    "Alphabetical list of products": ("ProductID",),
    "Category Sales for 1997": ("CategoryName",),
    "Current Product List": ("ProductID",),
    "Customer and Suppliers by City": ("CompanyName", "ContactName", "Relationship"),
    "Invoices": ("OrderID", "ProductID"),
    "Order Details Extended": ("OrderID", "ProductID"),
    "Order Subtotals": ("OrderID",),
    "Orders Qry": ("OrderID",),
    "Product Sales for 1997": ("CategoryName", "ProductName"),
    "ProductDetails_V": ("ProductID",),
    "Products Above Average Price": ("ProductName",),
    "Products by Category": ("ProductName",),
    "Quarterly Orders": ("CustomerID",),
    "Sales Totals by Amount": ("OrderID",),
    "Sales by Category": ("CategoryID", "ProductName"),
    "Summary of Sales by Quarter": ("OrderID",),
    "Summary of Sales by Year": ("OrderID",),
}
DATABASES: dict[str, tuple[tuple[str, ...], dict[str, tuple[str, ...]]]] = {
    "northwind": (("northwind/create.sql", "northwind/update.sql"), NORTHWIND_VIEWS),
    "chinook": (("chinook/Chinook_Sqlite.sql",), {}),
}


@dataclass(frozen=True)
class World:
    """A database in every form that the tests look at it in."""

    name: str
    path: Path
    truth: Truth
    store: Store
    client: WsgiClient
    served: Served

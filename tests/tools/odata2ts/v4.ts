// What the client that odata2ts generates from our OData 4 metadata does on a running server; returns what it found.
import { FetchClient } from "@odata2ts/http-client-fetch";
import { shopService } from "./shop-v4/shopService";

export async function use(root: string): Promise<object> {
  const shop = new shopService(new FetchClient(), root);
  const one = await shop.Products(1).query((builder) => builder.expand("Supplier"));
  const filtered = await shop.Products().query((builder, q) =>
    builder.select("ID", "Name").filter(q.Name.contains("Oil").and(q.Price.gt(20))).orderBy(q.Name.asc()).count()
  );
  const orders = await shop.Orders().query((builder) =>
    builder.top(2).expanding("OrderLines", (lines) => lines.expand("Product"))
  );
  const line = await shop.OrderLines({ Order_ID: 1, LineNumber: 1 }).query();
  const made = await shop.Suppliers().create({ CompanyName: "Teehaus", City: "Bremen", Country: "DE" });
  const key = made.data.ID;
  await shop.Suppliers(key).patch({ City: "Leipzig" });
  const patched = await shop.Suppliers(key).query();
  await shop.Suppliers(key).update({ CompanyName: "Kaffeehaus", City: "Graz", Country: "AT" });
  const replaced = await shop.Suppliers(key).query();
  const removed = await shop.Suppliers(key).delete();
  const gone = await shop.Suppliers(key).query().then(() => 200, (error) => error.status);
  return {
    one: one.data, filtered: filtered.data.value, count: filtered.data["@odata.count"], orders: orders.data.value,
    line: line.data, made: made.data, patched: patched.data, replaced: replaced.data, removed: removed.status, gone,
  };
}

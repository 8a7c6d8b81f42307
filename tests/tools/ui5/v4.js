// OpenUI5's ODataModel for OData 4 against a service: create, read, filter, expand, update, delete, all in $batch.
"use strict";

const { main } = require("./page.js");

main(async (need, window, origin, seen) => {
  const [ODataModel, Filter, FilterOperator, Sorter] = await need(
    "sap/ui/model/odata/v4/ODataModel",
    "sap/ui/model/Filter",
    "sap/ui/model/FilterOperator",
    "sap/ui/model/Sorter",
  );
  const plain = (value) => JSON.parse(JSON.stringify(value));
  const model = new ODataModel({ serviceUrl: `${origin}/odata/v4/`, operationMode: "Server", groupId: "$auto" });
  const failures = [];
  model.attachEvent("messageChange", (event) =>
    failures.push(...(event.getParameter("newMessages") ?? []).map((item) => item.getMessage())),
  );
  const found = {};
  found.version = (await model.getMetaModel().requestObject("/")).$kind;
  const one = model.bindContext("/Products(1)", undefined, { $expand: { Supplier: { $select: "CompanyName" } } });
  found.one = plain(await one.requestObject());
  const filtered = model.bindList(
    "/Products",
    undefined,
    [new Sorter("ID", true)],
    [
      new Filter("Name", FilterOperator.Contains, "Oil"),
      new Filter("Price", FilterOperator.GT, "5"),
      new Filter("Discontinued", FilterOperator.EQ, false),
      new Filter("Released", FilterOperator.GE, "2000-01-01"),
    ],
    { $select: "ID,Name,Released", $count: true },
  );
  found.filtered = (await filtered.requestContexts(0, 3)).map((item) => plain(item.getObject()));
  found.count = filtered.getLength();
  const orders = model.bindList("/Orders", undefined, [], [], { $expand: "OrderLines($expand=Product),Customer" });
  found.orders = (await orders.requestContexts(0, 2)).map((item) => plain(item.getObject()));
  // Inserts, changes and deletions of one group go out as one change set.
  const list = model.bindList("/Suppliers", undefined, [new Sorter("ID")], [], { $$updateGroupId: "changes" });
  await list.requestContexts(0, 1);
  const made = list.create({ CompanyName: "Teehaus", City: "Bremen", Country: "DE" }, true);
  const other = list.create({ CompanyName: "Kaffeehaus", City: "Wien", Country: "AT" }, true);
  await model.submitBatch("changes");
  await Promise.all([made.created(), other.created()]);
  found.made = [made, other].map((item) => plain(item.getObject()));
  made.setProperty("City", "Leipzig");
  other.setProperty("City", "Graz");
  await model.submitBatch("changes");
  found.changed = [];
  for (const item of [made, other]) found.changed.push(await model.bindContext(item.getPath()).requestObject("City"));
  const path = other.getPath();
  other.delete("changes");
  await model.submitBatch("changes");
  found.gone = await model
    .bindContext(path)
    .requestObject()
    .then(
      () => "still there",
      (error) => error.status ?? String(error),
    );
  // A deep insert, and a change outside of any group.
  const products = model.bindList("/Products");
  await products.requestContexts(0, 1);
  const product = products.create(
    { Name: "Assam", Price: 4.5, Stock: 3, Discontinued: false, Category_ID: 1, Released: "2024-02-29" },
    true,
  );
  await product.created();
  await product.setProperty("Name", "Assam 2", "$direct");
  found.product = plain(await model.bindContext(product.getPath()).requestObject());
  await product.delete("$direct");
  found.seen = [...new Set(await seen())];
  found.failures = failures;
  return found;
});

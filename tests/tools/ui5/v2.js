// OpenUI5's ODataModel for OData 2 against a service: create, read, filter, expand, update, delete, all in $batch.
"use strict";

const { main } = require("./page.js");

main(async (need, window, origin, seen) => {
  const [ODataModel, Filter, FilterOperator, Sorter] = await need(
    "sap/ui/model/odata/v2/ODataModel",
    "sap/ui/model/Filter",
    "sap/ui/model/FilterOperator",
    "sap/ui/model/Sorter",
  );
  const model = new ODataModel(`${origin}/odata/v2/`, {
    useBatch: true,
    defaultCountMode: "Inline",
    skipMetadataAnnotationParsing: true, // its parser writes to a property that XPath results of jsdom protect
  });
  const metadata = await new Promise((done, failed) => {
    model.attachMetadataFailed((event) => failed(new Error(`no metadata: ${JSON.stringify(event.getParameters())}`)));
    model.metadataLoaded().then(() => done(model.getServiceMetadata()));
  });
  const plain = (value) => JSON.parse(JSON.stringify(value));
  const call = (method, ...args) =>
    new Promise((done, failed) => {
      const last = args.pop();
      model[method](...args, {
        ...last,
        success: (data, response) => done({ data: data && plain(data), status: Number(response.statusCode) }),
        error: (error) => failed(new Error(`${method} ${args[0]}: ${error.statusCode} ${error.responseText}`)),
      });
    });
  const found = { version: metadata.dataServices.dataServiceVersion };
  found.one = (await call("read", "/Products(1)", { urlParameters: { $expand: "Supplier" } })).data;
  found.filtered = (
    await call("read", "/Products", {
      filters: [
        new Filter("Name", FilterOperator.Contains, "Oil"),
        new Filter("Price", FilterOperator.GT, "5"),
        new Filter("Discontinued", FilterOperator.EQ, false),
        new Filter("Released", FilterOperator.GE, new Date(Date.UTC(2000, 0, 1))),
      ],
      sorters: [new Sorter("ID", true)],
      urlParameters: { $select: "ID,Name,Released", $inlinecount: "allpages", $top: "3" },
    })
  ).data;
  found.orders = (
    await call("read", "/Orders", { urlParameters: { $expand: "OrderLines/Product,Customer", $top: "2" } })
  ).data;
  found.made = (
    await call("create", "/Suppliers", { CompanyName: "Teehaus", City: "Bremen", Country: "DE" }, {})
  ).data;
  const key = model.createKey("/Products", { ID: "9000" });
  found.key = key;
  found.product = (
    await call(
      "create",
      "/Products",
      {
        ID: "9000",
        Name: "Assam",
        Price: "4.50",
        Stock: "3",
        Discontinued: false,
        Category_ID: "1",
        Released: new Date(Date.UTC(2024, 1, 29)),
      },
      {},
    )
  ).data;
  found.updated = (await call("update", key, { Name: "Assam 2" }, { merge: true })).status;
  found.after = (await call("read", key, {})).data;
  // Changes of a two-way binding go out as one change set.
  model.setDefaultBindingMode("TwoWay");
  model.setProperty(`${key}/Stock`, "7");
  model.setProperty(`${key}/Price`, "5.25");
  await new Promise((done, failed) => model.submitChanges({ success: done, error: failed }));
  found.submitted = (await call("read", key, {})).data;
  // A list binding, as tables use it.
  const list = model.bindList("/Suppliers", undefined, [new Sorter("ID")], [new Filter("Country", "EQ", "DE")]);
  found.list = await new Promise((done) => {
    list.attachChange(() => {
      const contexts = list.getContexts(0, 5);
      if (contexts.length) done(contexts.map((item) => item.getProperty("CompanyName")));
    });
    list.initialize();
    list.getContexts(0, 5);
  });
  // Somebody else changes it meanwhile: a stale state is refused.
  const stale = plain(found.submitted.__metadata);
  found.conflict = await new Promise((done) => {
    model.update(key, { Name: "lost" }, {
      eTag: `${stale.etag.slice(0, -3)}xx"`,
      success: () => done("no conflict"),
      error: (error) => done(Number(error.statusCode)),
    });
  });
  found.removed = (await call("remove", key, {})).status;
  found.gone = await new Promise((done) => {
    model.read(key, { success: () => done("still there"), error: (error) => done(Number(error.statusCode)) });
  });
  found.seen = [...new Set(await seen())];
  model.destroy();
  return found;
});

-- The tables of the sample shop, in the order in which rows are written.
-- Each holds something that a real database holds and a service must cope with; the comment above it says what.

-- Self-reference: a category may lie within another.
CREATE TABLE Categories (
  ID INTEGER NOT NULL PRIMARY KEY,
  Name VARCHAR(40) NOT NULL,
  Description TEXT,
  Parent_ID INTEGER REFERENCES Categories (ID)
);
CREATE INDEX Categories_Parent ON Categories (Parent_ID);

CREATE TABLE Suppliers (
  ID INTEGER NOT NULL PRIMARY KEY,
  CompanyName VARCHAR(60) NOT NULL,
  ContactName VARCHAR(60),
  City VARCHAR(40) NOT NULL,
  Country CHAR(2) NOT NULL,
  HomePage VARCHAR(200)
);

CREATE TABLE Customers (
  ID INTEGER NOT NULL PRIMARY KEY,
  Name VARCHAR(80) NOT NULL,
  Email VARCHAR(120),
  City VARCHAR(40) NOT NULL,
  Country CHAR(2) NOT NULL,
  Since DATE NOT NULL,
  CreditLimit DECIMAL(10, 2)
);
CREATE INDEX Customers_Country ON Customers (Country);

-- Self-reference whose column has no ID in its name.
CREATE TABLE Employees (
  ID INTEGER NOT NULL PRIMARY KEY,
  FirstName VARCHAR(30) NOT NULL,
  LastName VARCHAR(30) NOT NULL,
  Title VARCHAR(40) NOT NULL,
  BirthDate DATE,
  HireDate DATE NOT NULL,
  ReportsTo INTEGER REFERENCES Employees (ID)
);
CREATE INDEX Employees_ReportsTo ON Employees (ReportsTo);

CREATE TABLE Products (
  ID INTEGER NOT NULL PRIMARY KEY,
  Name VARCHAR(80) NOT NULL,
  Price DECIMAL(10, 2) NOT NULL,
  Weight DOUBLE,
  Stock INTEGER NOT NULL,
  Discontinued BOOLEAN NOT NULL,
  Released DATE,
  Category_ID INTEGER NOT NULL REFERENCES Categories (ID),
  Supplier_ID INTEGER REFERENCES Suppliers (ID)
);
CREATE INDEX Products_Category ON Products (Category_ID);
CREATE INDEX Products_Supplier ON Products (Supplier_ID);

-- Pictures kept in the database.
CREATE TABLE Photos (
  ID INTEGER NOT NULL PRIMARY KEY,
  Caption VARCHAR(100),
  MediaType VARCHAR(40) NOT NULL,
  Image BLOB NOT NULL,
  Taken TIMESTAMP NOT NULL,
  Product_ID INTEGER NOT NULL REFERENCES Products (ID)
);
CREATE INDEX Photos_Product ON Photos (Product_ID);

CREATE TABLE Tags (
  ID INTEGER NOT NULL PRIMARY KEY,
  Name VARCHAR(30) NOT NULL UNIQUE
);

-- Many-to-many: nothing but two references, which are its key.
CREATE TABLE ProductTags (
  Product_ID INTEGER NOT NULL REFERENCES Products (ID),
  Tag_ID INTEGER NOT NULL REFERENCES Tags (ID),
  PRIMARY KEY (Product_ID, Tag_ID)
);
CREATE INDEX ProductTags_Tag ON ProductTags (Tag_ID);

-- A table and a column with a blank in the name; the key has two parts, one of them a date.
CREATE TABLE "Price List" (
  Product_ID INTEGER NOT NULL REFERENCES Products (ID),
  "Valid From" DATE NOT NULL,
  Price DECIMAL(10, 2) NOT NULL,
  PRIMARY KEY (Product_ID, "Valid From")
);

CREATE TABLE Orders (
  ID INTEGER NOT NULL PRIMARY KEY,
  OrderDate TIMESTAMP NOT NULL,
  ShippedDate TIMESTAMP,
  Status VARCHAR(10) NOT NULL,
  Freight DECIMAL(8, 2) NOT NULL,
  Note VARCHAR(200),
  Customer_ID INTEGER NOT NULL REFERENCES Customers (ID),
  Employee_ID INTEGER REFERENCES Employees (ID)
);
CREATE INDEX Orders_Customer ON Orders (Customer_ID);
CREATE INDEX Orders_Employee ON Orders (Employee_ID);

-- Composite key: the order, and the line's number within it.
CREATE TABLE OrderLines (
  Order_ID INTEGER NOT NULL REFERENCES Orders (ID),
  LineNumber SMALLINT NOT NULL,
  Quantity INTEGER NOT NULL,
  UnitPrice DECIMAL(10, 2) NOT NULL,
  Discount REAL NOT NULL,
  Product_ID INTEGER NOT NULL REFERENCES Products (ID),
  PRIMARY KEY (Order_ID, LineNumber)
);
CREATE INDEX OrderLines_Product ON OrderLines (Product_ID);

-- A column for every primitive type that a database column can hold, all of them nullable.
CREATE TABLE EveryType (
  ID INTEGER NOT NULL PRIMARY KEY,
  BooleanValue BOOLEAN,
  ByteValue TINYINT UNSIGNED,
  SByteValue TINYINT,
  Int16Value SMALLINT,
  Int32Value INTEGER,
  Int64Value BIGINT,
  DecimalValue DECIMAL(12, 4),
  DoubleValue DOUBLE,
  SingleValue REAL,
  StringValue VARCHAR(40),
  TextValue TEXT,
  DateValue DATE,
  DateTimeValue DATETIME,
  TimestampValue TIMESTAMP,
  TimeOfDayValue TIME,
  GuidValue UUID,
  BinaryValue BLOB
);

-- A view, with a blank in its name; Product_ID identifies its rows.
CREATE VIEW "Product Sales" AS
SELECT
  Products.ID AS Product_ID,
  Products.Name AS ProductName,
  COUNT(*) AS OrderCount,
  SUM(OrderLines.Quantity) AS Quantity,
  ROUND(SUM(OrderLines.Quantity * OrderLines.UnitPrice * (1 - OrderLines.Discount)), 2) AS Revenue
FROM Products
JOIN OrderLines ON OrderLines.Product_ID = Products.ID
GROUP BY Products.ID, Products.Name;

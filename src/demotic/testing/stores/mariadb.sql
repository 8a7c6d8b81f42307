-- The world of the suite as tables: reflected, they give the names of model.xml. Keys that the database makes are kept
-- apart from those that the suite gives. Text is compared by code point.
CREATE TABLE Supplier (ID BIGINT AUTO_INCREMENT PRIMARY KEY, Name VARCHAR(40) NOT NULL)
  AUTO_INCREMENT 1000 CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE TABLE Product (
  ID BIGINT AUTO_INCREMENT PRIMARY KEY,
  Name VARCHAR(40) NOT NULL,
  Price DECIMAL(10, 2),
  Sold DATETIME(6),
  Stock BIGINT NOT NULL DEFAULT 0,
  Active BOOLEAN,
  Since DATE,
  Weight DOUBLE,
  Photo BLOB,
  Supplier_ID BIGINT,
  FOREIGN KEY (Supplier_ID) REFERENCES Supplier (ID) ON DELETE NO ACTION
) AUTO_INCREMENT 1000 CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE TABLE Tag (Name VARCHAR(20) PRIMARY KEY) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE TABLE Product_Tag (
  Product_ID BIGINT NOT NULL,
  Tag_Name VARCHAR(20) NOT NULL,
  PRIMARY KEY (Product_ID, Tag_Name),
  FOREIGN KEY (Product_ID) REFERENCES Product (ID) ON DELETE CASCADE,
  FOREIGN KEY (Tag_Name) REFERENCES Tag (Name) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE TABLE Line (
  Product_ID BIGINT NOT NULL,
  No BIGINT NOT NULL,
  Quantity BIGINT NOT NULL,
  PRIMARY KEY (Product_ID, No),
  FOREIGN KEY (Product_ID) REFERENCES Product (ID) ON DELETE CASCADE
);
CREATE TABLE Folder (
  ID BIGINT AUTO_INCREMENT PRIMARY KEY,
  Name TEXT NOT NULL,
  Parent_ID BIGINT,
  FOREIGN KEY (Parent_ID) REFERENCES Folder (ID) ON DELETE SET NULL
) AUTO_INCREMENT 1000 CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

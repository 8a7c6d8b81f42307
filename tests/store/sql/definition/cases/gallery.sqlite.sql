CREATE TABLE "Artists" (
  "ID" UUID DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))) NOT NULL,
  "Name" VARCHAR(60) NOT NULL,
  "Home_Street" VARCHAR(80),
  "Home_City" TEXT NOT NULL,
  "Home_Place_X" DOUBLE,
  "Home_Place_Y" DOUBLE,
  "Work_Street" VARCHAR(80),
  "Work_City" TEXT,
  "Work_Place_X" DOUBLE,
  "Work_Place_Y" DOUBLE,
  "Mood" INT32 DEFAULT 1 NOT NULL,
  "Nicknames" TEXT DEFAULT '[]' NOT NULL,
  "Places" TEXT DEFAULT '[]' NOT NULL,
  "Since" DATETIME DEFAULT (substr(strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000', 1, 23) || 'Z') NOT NULL,
  "Born" DATE,
  "Teacher_ID" UUID,
  CONSTRAINT "pk_Artists" PRIMARY KEY ("ID"),
  CONSTRAINT "uq_Artists_Name" UNIQUE ("Name"),
  CONSTRAINT "fk_Artists_Teacher_ID" FOREIGN KEY("Teacher_ID") REFERENCES "Artists" ("ID")
);
CREATE INDEX "ix_Artists_Teacher_ID" ON "Artists" ("Teacher_ID");
CREATE TABLE "Studios" (
  "ID" INTEGER NOT NULL,
  "Opens" TIME DEFAULT '09:00:00',
  "Owner_ID" UUID NOT NULL,
  CONSTRAINT "pk_Studios" PRIMARY KEY ("ID"),
  CONSTRAINT "uq_Studios_Owner_ID" UNIQUE ("Owner_ID"),
  CONSTRAINT "fk_Studios_Owner_ID" FOREIGN KEY("Owner_ID") REFERENCES "Artists" ("ID")
);
CREATE TABLE "Pictures" (
  "Code" VARCHAR(12) NOT NULL,
  "Title" TEXT,
  "Price" DECIMAL_TEXT(20,4),
  "Traits" BIGINT,
  "Ratio" SINGLE,
  "Rank" BYTE,
  "Delta" SBYTE,
  "Level" SMALLINT,
  "Length" DURATION,
  "Open" BOOLEAN DEFAULT 1,
  "Note" TEXT DEFAULT 'it''s: new',
  "Thumb" VARBINARY(16),
  "Where" TEXT,
  "Artist_ID" UUID NOT NULL,
  CONSTRAINT "pk_Pictures" PRIMARY KEY ("Code"),
  CONSTRAINT "fk_Pictures_Artist_ID" FOREIGN KEY("Artist_ID") REFERENCES "Artists" ("ID")
);
CREATE INDEX "ix_Pictures_Artist_ID" ON "Pictures" ("Artist_ID");
CREATE TABLE "Artists_Letters" (
  "No" INT32 NOT NULL,
  "Text" TEXT,
  "Artists_ID" UUID NOT NULL,
  CONSTRAINT "pk_Artists_Letters" PRIMARY KEY ("Artists_ID", "No"),
  CONSTRAINT "fk_Artists_Letters_Artists_ID" FOREIGN KEY("Artists_ID") REFERENCES "Artists" ("ID") ON DELETE CASCADE
);
CREATE TABLE "Artists_Friends" (
  "Artists_ID" UUID NOT NULL,
  "Friends_ID" UUID NOT NULL,
  CONSTRAINT "pk_Artists_Friends" PRIMARY KEY ("Artists_ID", "Friends_ID"),
  CONSTRAINT "fk_Artists_Friends_Artists_ID" FOREIGN KEY("Artists_ID") REFERENCES "Artists" ("ID") ON DELETE CASCADE,
  CONSTRAINT "fk_Artists_Friends_Friends_ID" FOREIGN KEY("Friends_ID") REFERENCES "Artists" ("ID") ON DELETE CASCADE
);
CREATE INDEX "ix_Artists_Friends_Friends_ID" ON "Artists_Friends" ("Friends_ID");
CREATE TABLE "Shows" (
  "Year" INT32 NOT NULL,
  "Name" VARCHAR(30) NOT NULL,
  "Best_Code" VARCHAR(12),
  CONSTRAINT "pk_Shows" PRIMARY KEY ("Year", "Name"),
  CONSTRAINT "fk_Shows_Best_Code" FOREIGN KEY("Best_Code") REFERENCES "Pictures" ("Code")
);
CREATE INDEX "ix_Shows_Best_Code" ON "Shows" ("Best_Code");
CREATE TABLE "Pictures_Shows" (
  "Pictures_Code" VARCHAR(12) NOT NULL,
  "Shows_Year" INT32 NOT NULL,
  "Shows_Name" VARCHAR(30) NOT NULL,
  CONSTRAINT "pk_Pictures_Shows" PRIMARY KEY ("Pictures_Code", "Shows_Year", "Shows_Name"),
  CONSTRAINT "fk_Pictures_Shows_Pictures_Code" FOREIGN KEY("Pictures_Code") REFERENCES "Pictures" ("Code") ON DELETE CASCADE,
  CONSTRAINT "fk_Pictures_Shows_Shows_Year_Shows_Name" FOREIGN KEY("Shows_Year", "Shows_Name") REFERENCES "Shows" ("Year", "Name") ON DELETE CASCADE
);
CREATE INDEX "ix_Pictures_Shows_Shows_Year_Shows_Name" ON "Pictures_Shows" ("Shows_Year", "Shows_Name");

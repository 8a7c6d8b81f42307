CREATE TABLE `Artists` (
  `ID` CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT (uuid()),
  `Name` VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `Home_Street` VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin,
  `Home_City` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `Home_Place_X` DOUBLE,
  `Home_Place_Y` DOUBLE,
  `Work_Street` VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin,
  `Work_City` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin,
  `Work_Place_X` DOUBLE,
  `Work_Place_Y` DOUBLE,
  `Mood` INTEGER NOT NULL DEFAULT 1,
  `Nicknames` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL DEFAULT ('[]'),
  `Places` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL DEFAULT ('[]'),
  `Since` DATETIME(3) NOT NULL DEFAULT (utc_timestamp(3)),
  `Born` DATE,
  `Teacher_ID` CHAR(36) CHARACTER SET ascii COLLATE ascii_bin,
  CONSTRAINT `pk_Artists` PRIMARY KEY (`ID`),
  CONSTRAINT `uq_Artists_Name` UNIQUE (`Name`),
  CONSTRAINT `fk_Artists_Teacher_ID` FOREIGN KEY(`Teacher_ID`) REFERENCES `Artists` (`ID`)
)ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE INDEX `ix_Artists_Teacher_ID` ON `Artists` (`Teacher_ID`);
CREATE TABLE `Studios` (
  `ID` BIGINT NOT NULL AUTO_INCREMENT,
  `Opens` TIME(0) DEFAULT ('09:00:00'),
  `Owner_ID` CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  CONSTRAINT `pk_Studios` PRIMARY KEY (`ID`),
  CONSTRAINT `uq_Studios_Owner_ID` UNIQUE (`Owner_ID`),
  CONSTRAINT `fk_Studios_Owner_ID` FOREIGN KEY(`Owner_ID`) REFERENCES `Artists` (`ID`)
)ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE `Pictures` (
  `Code` VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `Title` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin,
  `Price` DECIMAL(20,4),
  `Traits` BIGINT,
  `Ratio` FLOAT,
  `Rank` TINYINT UNSIGNED,
  `Delta` TINYINT,
  `Level` SMALLINT,
  `Length` BIGINT,
  `Open` TINYINT(1) DEFAULT 1,
  `Note` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin DEFAULT ('it''s: new'),
  `Thumb` VARBINARY(16),
  `Where` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin,
  `Artist_ID` CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  CONSTRAINT `pk_Pictures` PRIMARY KEY (`Code`),
  CONSTRAINT `fk_Pictures_Artist_ID` FOREIGN KEY(`Artist_ID`) REFERENCES `Artists` (`ID`)
)ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE INDEX `ix_Pictures_Artist_ID` ON `Pictures` (`Artist_ID`);
CREATE TABLE `Artists_Letters` (
  `No` INTEGER NOT NULL,
  `Text` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin,
  `Artists_ID` CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  CONSTRAINT `pk_Artists_Letters` PRIMARY KEY (`Artists_ID`, `No`),
  CONSTRAINT `fk_Artists_Letters_Artists_ID` FOREIGN KEY(`Artists_ID`) REFERENCES `Artists` (`ID`) ON DELETE CASCADE
)ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE `Artists_Friends` (
  `Artists_ID` CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `Friends_ID` CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  CONSTRAINT `pk_Artists_Friends` PRIMARY KEY (`Artists_ID`, `Friends_ID`),
  CONSTRAINT `fk_Artists_Friends_Artists_ID` FOREIGN KEY(`Artists_ID`) REFERENCES `Artists` (`ID`) ON DELETE CASCADE,
  CONSTRAINT `fk_Artists_Friends_Friends_ID` FOREIGN KEY(`Friends_ID`) REFERENCES `Artists` (`ID`) ON DELETE CASCADE
)ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE INDEX `ix_Artists_Friends_Friends_ID` ON `Artists_Friends` (`Friends_ID`);
CREATE TABLE `Shows` (
  `Year` INTEGER NOT NULL,
  `Name` VARCHAR(30) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `Best_Code` VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin,
  CONSTRAINT `pk_Shows` PRIMARY KEY (`Year`, `Name`),
  CONSTRAINT `fk_Shows_Best_Code` FOREIGN KEY(`Best_Code`) REFERENCES `Pictures` (`Code`)
)ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE INDEX `ix_Shows_Best_Code` ON `Shows` (`Best_Code`);
CREATE TABLE `Pictures_Shows` (
  `Pictures_Code` VARCHAR(12) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  `Shows_Year` INTEGER NOT NULL,
  `Shows_Name` VARCHAR(30) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin NOT NULL,
  CONSTRAINT `pk_Pictures_Shows` PRIMARY KEY (`Pictures_Code`, `Shows_Year`, `Shows_Name`),
  CONSTRAINT `fk_Pictures_Shows_Pictures_Code` FOREIGN KEY(`Pictures_Code`) REFERENCES `Pictures` (`Code`) ON DELETE CASCADE,
  CONSTRAINT `fk_Pictures_Shows_Shows_Year_Shows_Name` FOREIGN KEY(`Shows_Year`, `Shows_Name`) REFERENCES `Shows` (`Year`, `Name`) ON DELETE CASCADE
)ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE INDEX `ix_Pictures_Shows_Shows_Year_Shows_Name` ON `Pictures_Shows` (`Shows_Year`, `Shows_Name`);

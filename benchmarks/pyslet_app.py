"""Pyslet's OData 2 server over the benchmark's shop, for the Python 2.7 that it runs on.

usage: python2.7 pyslet_app.py shop.db PORT

The amounts are Edm.Double: as Edm.Decimal, those that SQLite keeps as REAL are answered with an error.
"""

import sys
from io import BytesIO

import waitress
from pyslet.odata2.metadata import Document
from pyslet.odata2.server import ReadOnlyServer
from pyslet.odata2.sqlds import SQLiteEntityContainer

METADATA = b"""<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx"
    xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">
  <edmx:DataServices m:DataServiceVersion="2.0">
    <Schema Namespace="Shop" xmlns="http://schemas.microsoft.com/ado/2006/04/edm">
      <EntityContainer Name="Container" m:IsDefaultEntityContainer="true">
        <EntitySet Name="Orders" EntityType="Shop.Order"/>
      </EntityContainer>
      <EntityType Name="Order">
        <Key><PropertyRef Name="ID"/></Key>
        <Property Name="ID" Type="Edm.Int64" Nullable="false"/>
        <Property Name="orderDate" Type="Edm.DateTimeOffset" Nullable="false"/>
        <Property Name="amount" Type="Edm.Double" Nullable="false"/>
        <Property Name="status" Type="Edm.String" MaxLength="10" Nullable="false"/>
        <Property Name="note" Type="Edm.String" MaxLength="200"/>
        <Property Name="customer_ID" Type="Edm.Int64" Nullable="false"/>
      </EntityType>
    </Schema>
  </edmx:DataServices>
</edmx:Edmx>
"""


def main(database, port):
    document = Document()
    document.read(BytesIO(METADATA))
    SQLiteEntityContainer(file_path=database, container=document.root.DataServices["Shop.Container"])
    server = ReadOnlyServer(service_root="http://127.0.0.1:" + port + "/")
    server.set_model(document)
    waitress.serve(server, host="127.0.0.1", port=port)


main(*sys.argv[1:])

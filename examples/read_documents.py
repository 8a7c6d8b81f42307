"""Read a list of books into objects, change it, write it back; mend a broken one; check one by its document type."""

from demotic.xml import Bound, QName, attribute, child, children, integer, read, read_leniently, serialize, text
from demotic.xml.validation import check


class Title(Bound, name=QName("", "title")):
    value = text()


class Book(Bound, name=QName("", "book")):
    pages = attribute("pages", type=integer)
    title = child(Title, required=True)


class Books(Bound, name=QName("", "books")):
    books = children(Book)


BOOKS = """<books>
  <!-- kept -->
  <book pages="312"><title>Rosetta</title></book>
</books>"""

books = read(BOOKS, Books)
books.books[0].pages = 313
books.books.append(Book(title=Title(value="Demotic")))
print(serialize(books, declaration=False).decode())

mended = read_leniently("<books><BOOK pages=10><title>R & D</book></books>", Books)
print(mended.root)
for repair in mended.repairs:
    print(f"line {repair.line}, column {repair.column}: {repair.message}")

declared = "<!DOCTYPE books [<!ELEMENT books (book+)><!ELEMENT book (title)><!ELEMENT title (#PCDATA)>]>"
for problem in check(f"{declared}<books><book/></books>", dtd=True).problems:
    print(problem)

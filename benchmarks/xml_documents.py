"""XML: documents to typed objects and back beside lxml's bare parse, a long feed in little memory, and imports."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from report import Figure
from servers import Setup

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
ATOM = "http://www.w3.org/2005/Atom"

_CHOICES = "".join(
    f'\n        <simpleChoice identifier="choice{letter}" fixed="{fixed}">The {word} of the house is the one that '
    f"stands <em>nearest</em> to the door.</simpleChoice>"
    for letter, fixed, word in (("A", "false", "first"), ("B", "true", "second"), ("C", "false", "third"))
)
_OUTCOMES = "".join(
    f'\n  <outcomeDeclaration identifier="{name}" cardinality="single" baseType="float">\n    <defaultValue>\n'
    f"      <value>{value}</value>\n    </defaultValue>\n  </outcomeDeclaration>"
    for name, value in (("SCORE", "0.0"), ("MAXSCORE", "1.0"), ("PENALTY", "0.5"))
)
ITEM = f"""<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="{QTI}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:schemaLocation="{QTI} http://www.imsglobal.org/xsd/imsqti_v2p1.xsd" identifier="house-001"
    title="Which house?" adaptive="false" timeDependent="false" xml:lang="en">
  <!-- one response, three outcomes -->
  <responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">
    <correctResponse>
      <value>choiceA</value>
    </correctResponse>
    <mapping lowerBound="0" upperBound="1" defaultValue="0">
      <mapEntry mapKey="choiceA" mappedValue="1"/>
      <mapEntry mapKey="choiceB" mappedValue="0.5"/>
      <mapEntry mapKey="choiceC" mappedValue="0"/>
    </mapping>
  </responseDeclaration>{_OUTCOMES}
  <itemBody>
    <p>Look at the houses in the picture, then read what is said about each of them &amp; decide.</p>
    <choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="1">
      <prompt>Which of these sentences is <strong>true</strong>, if any?</prompt>{_CHOICES}
    </choiceInteraction>
  </itemBody>
  <responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"/>
  <modalFeedback outcomeIdentifier="SCORE" showHide="show" identifier="right" title="Well done">Right: it is the first.
  Houses are numbered from the door, and the first one is what the sentence speaks of; all others are further in.
  </modalFeedback>
</assessmentItem>
""".encode()


def best(*runs: Callable[[], object], rounds: int) -> list[float]:
    """Return the shortest time of each, in microseconds; they take turns, so that what disturbs one disturbs all."""
    shortest = [float("inf")] * len(runs)
    for _ in range(rounds):
        for number, run in enumerate(runs):
            start = time.perf_counter_ns()
            run()
            run()
            shortest[number] = min(shortest[number], (time.perf_counter_ns() - start) / 2000)
    return shortest


def documents(_setup: Setup, *, rounds: int) -> Iterator[Figure]:
    """Yield how many times lxml's bare parse and serialise ours take, for an item read into objects."""
    from lxml import etree
    from xml_classes import Item

    from demotic.xml import parse, read, serialize

    bare, tree, item = etree.fromstring(ITEM), parse(ITEM), read(ITEM, Item)
    assert serialize(item) == serialize(tree)
    assert item.lang == "en"
    runs = (
        lambda: etree.fromstring(ITEM),
        lambda: etree.tostring(bare, encoding="utf-8"),
        lambda: parse(ITEM),
        lambda: serialize(tree),
        lambda: read(ITEM, Item),
        lambda: serialize(item),
    )
    parse_bare, write_bare, parse_tree, write_tree, parse_typed, write_typed = best(*runs, rounds=rounds)
    size = f"{len(ITEM)} bytes, {sum(1 for _ in tree.walk())} elements"
    yield Figure(
        "xml: read typed", parse_typed / parse_bare, "x lxml", most=7, note=f"{size}; lxml {parse_bare:.0f} us"
    )
    yield Figure("xml: write typed", write_typed / write_bare, "x lxml", most=7, note=f"lxml {write_bare:.0f} us")
    yield Figure("xml: read tree", parse_tree / parse_bare, "x lxml")
    yield Figure("xml: write tree", write_tree / write_bare, "x lxml")


def feed(setup: Setup, *, megabytes: int) -> Iterator[Figure]:
    """Yield speed and memory of streaming a long feed, in a process of its own."""
    script = Path(__file__).with_name("xml_feed.py")
    done = subprocess.run(
        [sys.executable, script, setup.folder / "feed.xml", str(megabytes)], capture_output=True, text=True, check=True
    )
    speed, processor, memory, entries = done.stdout.split()
    note = f"{entries} entries in {megabytes} MB; {processor} MB/s of processor time"
    yield Figure("xml: stream", float(speed), "MB/s", least=10, note=note)
    yield Figure("xml: stream memory", float(memory), "MB", most=50, note="the process's peak, Python included")


def imports(setup: Setup, *, rounds: int) -> Iterator[Figure]:
    """Yield the time that the imports add to a bare Python."""
    modules = "demotic.xml, demotic.syntax, lxml.etree"
    code = f"import time; start = time.perf_counter(); import {modules}; print(time.perf_counter() - start)"
    times = []
    # Installed packages are compiled once; so are these, in a folder of their own.
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    clean["PYTHONPYCACHEPREFIX"] = str(setup.folder / "bytecode")
    for _ in range(rounds + 5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=clean)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append((float(done.stdout), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
    wall, processor = min(wall for wall, _ in times), min(used for _, used in times)
    yield Figure(
        "xml: import", wall * 1000, "ms", most=100, note=f"with lxml; {processor * 1000:.0f} ms of processor in all"
    )


def xml(setup: Setup, *, rounds: int, megabytes: int) -> Iterator[Figure]:
    """Yield all figures about XML."""
    yield from documents(setup, rounds=rounds * 100)
    yield from imports(setup, rounds=rounds)
    yield from feed(setup, megabytes=megabytes)

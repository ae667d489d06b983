#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes the pages of the API: api_pages.py ROOT XML FOLDER.

One for each folder of public headers below ROOT, which is that of the project,
and an index of them. Breathe fills them from Doxygen's XML, of which all is
removed that is not for users, or that Sphinx cannot read.
"""
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from pathlib import Path

# Folders of headers, by component.
COMPONENTS = {
    "core": "libzenws/zenws",
    "sim": "libzenws/zenws/sim",
    "actors": "actors/zenws/actors",
    "nodes": "actors/zenws/nodes",
    "flows": "actors/zenws/flows",
    "metrics": "actors/zenws/metrics",
    "monitor": "actors/zenws/monitor",
    "outlet": "actors/zenws/outlet",
    "sinks": "actors/zenws/sinks",
    "testing": "actors/zenws/testing",
}

# They declare nothing of their own.
LISTS = {"all.hpp", "fwd.hpp"}

# The other branches for versions of CAF: they have the same names as the first.
TWINS = {"caf_0_18.hpp", "caf_1.hpp"}

# Of the simulator, what its users configure; the rest is how venues behave.
SIM = Path("libzenws/zenws/sim")
SHOWN_OF_SIM = {SIM, SIM / "config"}


def is_removed(element, kind):
    """Whether an element goes, of a description of a class, a file, …"""
    if element.tag == "sectiondef":
        return element.get("kind").startswith("private")
    if element.tag == "innerclass":
        return element.get("prot") == "private"
    if element.tag == "innernamespace":
        return kind == "namespace"  # a file names it as well
    # Sphinx knows no designated initializers.
    return (element.tag == "initializer"
            and re.match(r"\{\s*\.", element.text or ""))


def clean(file):
    document = ElementTree.parse(file)
    compound = document.find("compounddef")
    kind = "" if compound is None else compound.get("kind")
    for parent in list(document.iter()):
        for child in [x for x in parent if is_removed(x, kind)]:
            parent.remove(child)
    document.write(file, encoding="utf-8", xml_declaration=True)


def component_of(header):
    names = [x for x, folder in COMPONENTS.items()
             if header.is_relative_to(folder)]
    return names[-1]  # sim lies in the folder of core


def public_headers(root):
    for part in ("libzenws", "actors"):
        for file in sorted((root / part).rglob("*.hpp")):
            header = file.relative_to(root)
            if "internal" in header.parts or header.name in LISTS | TWINS:
                continue
            if not header.is_relative_to(SIM) or header.parent in SHOWN_OF_SIM:
                yield header


def page(title, headers):
    text = [f"# {title}\n"]
    for header in headers:
        name = header.relative_to(header.parts[0])
        text.append(f"## {name}\n\n```{{doxygenfile}} {name}\n```\n")
    return "\n".join(text)


def main(root, xml, out):
    for file in xml.glob("*.xml"):
        clean(file)
    pages = defaultdict(list)
    for header in public_headers(root):
        name = component_of(header)
        below = header.parent.relative_to(COMPONENTS[name])
        pages[name, below.as_posix().replace("/", "-")].append(header)
    out.mkdir(parents=True, exist_ok=True)
    index = ["# API", "",
             "The public headers, by component and folder. A program includes",
             "`zenws/actors/all.hpp`, or those that it needs.", ""]
    for component in COMPONENTS:
        index += ["```{toctree}", f":caption: zenws::{component}", ""]
        for name, folder in sorted(x for x in pages if x[0] == component):
            file = name if folder == "." else f"{name}-{folder}"
            title = file.replace("-", ": ", 1)
            (out / f"{file}.md").write_text(page(title, pages[name, folder]))
            index.append(file)
        index += ["```", ""]
    (out / "index.md").write_text("\n".join(index))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))

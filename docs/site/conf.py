# SPDX-License-Identifier: BSD-3-Clause
#
# The site, see docs() in `dev`.

import re
from pathlib import Path

from breathe.renderer import sphinxrenderer

root = Path(__file__).resolve().parents[2]
version_header = (root / "libzenws/zenws/version.hpp").read_text()

project = "zenws"
author = "the authors of zenws"
copyright = author
release = re.search(r'version = "(.*)";', version_header).group(1)
extensions = ["myst_parser", "breathe"]

# -- pages ---------------------------------------------------------------------

# The depth of headings that links may lead to.
myst_heading_anchors = 4
highlight_language = "text"

# -- API -----------------------------------------------------------------------

breathe_projects = {"zenws": str(root / "build/docs/xml")}
breathe_default_project = "zenws"
breathe_show_include = False
primary_domain = "cpp"


def render_below(renderer, stack, render):
    """Renders with the names of `stack` before those of what is shown."""
    before = renderer.qualification_stack
    renderer.qualification_stack = stack
    try:
        return render()
    finally:
        renderer.qualification_stack = before


def visit_namespace(renderer, node):
    """Shows what a header has in a namespace, without declaring that again."""
    content = renderer.compound_parser.parse(node.refid)
    context = renderer.context.create_child_context(content)
    return render_below(renderer, [content, content.compounddef],
                        lambda: renderer.render(content, context))


def visit_compound_type(visit):
    """Names of types are whole already."""
    return lambda renderer, node: render_below(renderer, [node],
                                               lambda: visit(renderer, node))


shown_by = sphinxrenderer.SphinxRenderer
shown_by.visit_namespace = visit_namespace
shown_by.visit_class = visit_compound_type(shown_by.visit_class)
shown_by.visit_union = visit_compound_type(shown_by.visit_union)

# Each type of each signature is looked up. Those of CAF, Boost and the standard
# library, and parameters of templates, are on no page.
nitpick_ignore_regex = [("cpp:identifier", ".*")]

# Doxygen links each name that it knows, also to what is on no page. The links
# of the pages themselves are checked by MyST.
suppress_warnings = ["ref.ref"]

# -- HTML ----------------------------------------------------------------------

html_theme = "furo"
html_title = f"zenws {release}"
html_copy_source = False

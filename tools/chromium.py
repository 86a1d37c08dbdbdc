"""The browser in which built pages are checked and printed: the system's own Chromium, never a downloaded one."""

import os
import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find():
    """Path of the browser: what the variable CHROMIUM names, or the first one found; exits without one."""
    given = os.environ.get("CHROMIUM", "")
    found = next(filter(None, map(shutil.which, [given] if given else NAMES)), None)
    if found is None:
        what = f"CHROMIUM = {given!r} is not a program" if given else "no Chromium found"
        sys.exit(f"error: {what}; install the Debian package chromium, or name one: make CHROMIUM=/path/to/chromium")
    return found


def pages(html):
    """Built pages in a folder, those of the reference included; exits with one line where there are none."""
    found = sorted([*html.glob("*.html"), *html.glob("api/*.html")])
    if not found:
        sys.exit(f"error: no page in {html}; run `make book` first")
    return found


def settle(page):
    """Wait until the equations of an open page are typeset."""
    page.evaluate("() => window.MathJax?.startup?.promise?.then(() => true)")

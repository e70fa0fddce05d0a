#!/usr/bin/env python3
"""Drives the sandbox's page in headless Chromium, as a person would.

Needs a running `mynah dev` (its bot answers /ping with pong), `chromedriver`
and Chromium; nothing but the standard library otherwise.

    MYNAH_URL=http://127.0.0.1:7700 python3 page_test.py [AREA…]

MYNAH_BARE_URL      a running `mynah sandbox`, where no bot is connected yet
                    (optional; without it one check is left out)
MYNAH_SCREENSHOTS   a directory for pictures of what was seen (optional)
MYNAH_CHROMEDRIVER  the driver, if it is not on the PATH
MYNAH_CHROMIUM      the browser, if it is not on the PATH

An AREA is a file in `checks/`, by its name; without one everything runs. What
needs the running sandbox and what needs none go on side by side, each in its
own browser. Of the lists in an area,

LIVE     is looked at with the bots of `mynah dev`, in the order of `AREAS`,
         and begins where the lists before it have left off,
MADE_UP  in worlds that `fake.py` makes up, for what no such bot sends,
BARE     where no bot is connected,
LAST     with the bots again, when nothing else needs what was said,
ALONE    after all of that with nothing beside it, because it measures time.

The worlds of the sandbox are started over. Prints one line per check and a
summary; exits with 1 when a check failed and with 2 when nothing could be
checked.
"""

import os
import sys
import threading
import time

import fake
from browser import WIDE, Browser, Failed, json_call
from checks import bearychat, columns, dingtalk, groups, long, onebot, pieces, rongcloud, tools, wecom

AREAS = [onebot, tools, wecom, rongcloud, bearychat, dingtalk, columns, groups, pieces, long]


class Lane(threading.Thread):
    """A browser, and what is looked at in it: lists of checks and where."""

    def __init__(self, page, steps):
        super().__init__()
        self.page = page
        self.steps = steps
        self.passed = self.failed = 0

    def run(self):
        for base, checks in self.steps:
            self.page.base = base
            for check in checks:
                self.look(check)

    def look(self, check):
        begun = time.monotonic()
        try:
            check(self.page)
            self.passed += 1
            told = f"ok {check.__doc__} ({time.monotonic() - begun:.1f} s)"
        except Exception as error:  # One check must not end the others.
            self.failed += 1
            told = f"FAILED {check.__doc__}: {error if isinstance(error, (Failed, OSError)) else repr(error)}"
            self.leave_behind(check)
        print(told, flush=True)

    def leave_behind(self, check):
        """Keeps a picture, and lets nothing of it stand in the way of the next."""
        try:
            self.page.screenshot(f"failed-{check.__name__}")
            self.page.run("document.querySelector('#dialog')?.close()")
        except (Failed, OSError):
            pass  # It has been told what matters.


def checks(areas, kind):
    return [check for area in areas for check in getattr(area, kind, [])]


def main():
    base = os.environ.get("MYNAH_URL", "").rstrip("/")
    bare = os.environ.get("MYNAH_BARE_URL", "").rstrip("/")
    names = {area.__name__.rpartition(".")[2]: area for area in AREAS}
    unknown = [name for name in sys.argv[1:] if name not in names]
    if not base or unknown:
        print(f"page_test: MYNAH_URL must name a running `mynah dev`, and an area is one of {', '.join(names)}", file=sys.stderr)
        return 2
    areas = [area for name, area in names.items() if name in sys.argv[1:]] or AREAS
    pages = []
    worlds = fake.Fake()
    try:
        for sandbox in filter(None, (base, bare)):
            json_call("POST", f"{sandbox}/control/reset", {})
        for _ in range(2):
            pages.append(Browser(base))
            pages[-1].fake = worlds
            pages[-1].size(*WIDE)
        lanes = look(pages, areas, base, bare, worlds.base)
    except (Failed, OSError) as error:
        print(f"page_test: {error}", file=sys.stderr)
        return 2
    finally:
        for page in pages:
            page.close()
        worlds.close()
    failed = sum(lane.failed for lane in lanes)
    print(f"{sum(lane.passed for lane in lanes)} passed, {failed} failed")
    return 1 if failed else 0


def look(pages, areas, base, bare, made_up):
    """Runs everything; answers the lanes, which have counted."""
    live, beside = pages
    steps = [(made_up, checks(areas, "MADE_UP"))]
    if bare:
        steps.append((bare, checks(areas, "BARE")))
    together = [Lane(live, [(base, checks(areas, "LIVE") + checks(areas, "LAST"))]), Lane(beside, steps)]
    for lane in together:
        lane.start()
    for lane in together:
        lane.join()
    alone = Lane(live, [(base, checks(areas, "ALONE"))])
    alone.run()
    return [*together, alone]


if __name__ == "__main__":
    sys.exit(main())

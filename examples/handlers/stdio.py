#!/usr/bin/env python3
"""A handler for `mynah run` through standard input and output: one JSON object a line.

    [[handler]]
    name = "python"
    command = ["python3", "examples/handlers/stdio.py"]

Standard output is for answers. What is meant for people goes to standard error.
"""

import json
import sys


def answer(event):
    """What becomes of an event: nothing, text, parts, or more."""
    command = event.get("command")
    if command is None:
        return None
    if command["name"] == "ping":
        return "pong from Python"
    if command["name"] == "echo":
        return command["args"]
    return None


for line in sys.stdin:
    event = json.loads(line)
    print(json.dumps({"id": event["id"], "answer": answer(event)}), flush=True)

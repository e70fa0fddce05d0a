"""Holds the data of an answer against the fields that a vector file lists."""

import json
from pathlib import Path

VECTORS = Path(__file__).parents[3] / "crates/mynah-onebot/tests/vectors/actions.json"

INTEGERS = {"int16": 2**15, "int32": 2**31, "int64": 2**63}
PLAIN = {"string": str, "bool": bool, "object": dict, "array": list, "any": object}


def actions():
    """Every action of the vector file, in its order."""
    return json.loads(VECTORS.read_text(encoding="utf-8"))["actions"]


def check(data, returns, may_be_absent=()):
    """Asserts that `data` has every field in `returns`, and of the right type."""
    if not returns:
        assert data is None, f"there should be no data: {data!r}"
    for field in returns or []:
        if field["name"] in may_be_absent:
            continue
        values = [data]
        if field["name"] != "[]":
            for name in field["name"].split("."):
                values = [found for value in values for found in step(value, name)]
        for value in values:
            nullable = field.get("nullable") and value is None
            right = any(is_a(value, kind) for kind in field["type"].split("|"))
            assert nullable or right, f"{field['name']} is {value!r}, not {field['type']}"


def step(value, name):
    """What `name` stands for in `value`: one field, all elements, or all fields."""
    if name.endswith("[]"):
        lists = step(value, name.removesuffix("[]"))
        return [element for found in lists if found is not None for element in found]
    if name == "":
        return [value]
    if name == "*":
        return []
    if name.startswith("*"):
        return [found for key, found in value.items() if key.endswith(name[1:])]
    if value is None:
        return []
    assert name in value, f"{name} is missing in {value!r}"
    return [value[name]]


def is_a(value, kind):
    if kind in INTEGERS:
        limit = INTEGERS[kind]
        return type(value) is int and -limit <= value < limit
    if kind == "number":
        return type(value) in (int, float)
    if kind == "message":
        return isinstance(value, (str, list))
    if kind == "string[]":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return isinstance(value, PLAIN[kind])

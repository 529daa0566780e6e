"""Gives the values of expressions and templates in Jinja, all in one go.

Standard input: {"variables": {...}, "cases": [{"kind": "expression" | "template", "text": ..., "trim": ..., "lstrip": ...}]}.
Standard output: a list with {"value": ...} or {"error": ...} for each. None prints as nothing, as Ansible has it.
"""
import json
import signal
import sys
from collections.abc import Iterator, KeysView, ItemsView, ValuesView, Mapping

from jinja2 import Environment, StrictUndefined, Undefined


def plain(value):
    if isinstance(value, Undefined):
        str(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, range, Iterator, KeysView, ItemsView, ValuesView)):
        return [plain(inner) for inner in value]
    raise TypeError("no value of the language: " + type(value).__name__)


def environment(trim, lstrip):
    return Environment(
        undefined=StrictUndefined,
        trim_blocks=trim,
        lstrip_blocks=lstrip,
        finalize=lambda value: "" if value is None else value,
    )


ENVIRONMENTS = {(t, l): environment(t, l) for t in (False, True) for l in (False, True)}


def too_long(*_):
    raise TimeoutError("takes too long")


def outcome(case, variables):
    env = ENVIRONMENTS[(case.get("trim", True), case.get("lstrip", False))]
    signal.setitimer(signal.ITIMER_REAL, 5)
    try:
        if case["kind"] == "template":
            return {"value": env.from_string(case["text"]).render(**variables)}
        return {"value": plain(env.compile_expression(case["text"], undefined_to_none=False)(**variables))}
    except Exception as error:  # whatever it is, it is an error of the case
        return {"error": type(error).__name__ + ": " + str(error)}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


signal.signal(signal.SIGALRM, too_long)
given = json.load(sys.stdin)
results = [outcome(case, json.loads(json.dumps(given["variables"]))) for case in given["cases"]]
json.dump(results, sys.stdout)

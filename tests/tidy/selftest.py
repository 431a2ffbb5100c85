"""Plants faults in small trees and looks whether the rule that is meant finds each of them, and no other rule any."""

import os
import pathlib
import tempfile

from tidy import documents, sources
from tidy.tree import Tree

HELP = "Exit codes:\n  0  success\n  1  a failure\n"
OPTIONS = "  -h,--help  this text\n  --port N  the port\n"
CONFIG = "[server]\nport = 1\n"

CLEAN = {
    "src/main.cpp": '#include "cli/cli.hpp"\nint main() { return troupe::cli::run(); }\n',
    "src/cli/cli.hpp": '#pragma once\n#include "cli/common/exit_code.hpp"\nint run();\n',
    "src/cli/common/exit_code.hpp": "#pragma once\nenum ExitCode : int { exit_ok = 0, exit_failure = 1 };\n",
    "src/cli/cli.cpp": '#include "cli/cli.hpp"\n#include "sim/load/plan.hpp"\nint run() { return 0; }\n',
    "src/sim/load/plan.hpp": '#pragma once\n#include "sim/measure/lag.hpp"\n',
    "src/sim/measure/lag.hpp": '#pragma once\n#include "support/result.hpp"\n',
    "src/support/result.hpp": "#pragma once\n// steady_clock::now() in a comment calls nothing\n",
    "README.md": "# A heading\n[it](#a-heading) [docs](docs/reference/more.md#more) --port --help\n\n"
                 "| exit code | meaning |\n|---|---|\n| 0 | success |\n| 1 | a failure |\n",
    "docs/reference/more.md": "# More\n```\n[no link](in/code)\n```\n",
    "config/troupe.toml": "[server]\n# port = 1\n",
}

EXCEPTING = (sources.clocks, sources.randoms, sources.logs)  # rules with a list of exceptions, which the small trees have none of
INCLUDE = '#include "{}"\n'
LONG_BODY = "void f() {\n" + "  g();\n" * 61 + "}\n"

# (rule, file, what is added at its end, line)
PLANTED = [
    ("arrows", "src/support/result.hpp", INCLUDE.format("cli/cli.hpp"), 3),
    ("arrows", "src/sim/load/plan.hpp", INCLUDE.format("http/server/x.hpp"), 3),
    ("arrows", "src/sim/load/plan.hpp", INCLUDE.format("stand_in/x.hpp"), 3),
    ("arrows", "src/attic/a.cpp", "int a;\n", 1),
    ("closed_rooms", "src/actors/runtime/r.cpp", INCLUDE.format("actors/database/d.hpp"), 1),
    ("closed_rooms", "src/http/server/s.cpp", INCLUDE.format("http/api/a.hpp"), 1),
    ("closed_rooms", "src/postgres/wire/w.cpp", INCLUDE.format("postgres/cluster/c.hpp"), 1),
    ("circles", "src/sim/measure/lag.hpp", INCLUDE.format("sim/load/plan.hpp"), 3),
    ("long_functions", "src/cli/cli.cpp", LONG_BODY, 4),
    ("long_functions", "src/cli/cli.cpp", "A::A(int a) : a_{a}, b_{a} {\n" + "  g();\n" * 61 + "}\n", 4),
    ("long_functions", "src/cli/cli.cpp", "class A {\n public:\n  " + LONG_BODY + "};\n", 6),
    ("long_files", "src/cli/cli.cpp", "int x;\n" * 400, 401),
    ("long_lines", "src/cli/cli.cpp", "// " + "x" * 110 + "\n", 4),
    ("unused_headers", "src/cli/alone.hpp", "#pragma once\n", 1),
    ("headerless", "src/cli/alone.cpp", "int a;\n", 1),
    ("clocks", "src/cli/cli.cpp", "auto t = std::chrono::steady_clock::now();\n", 4),
    ("clocks", "src/cli/cli.cpp", "auto t = std::time(nullptr);\n", 4),
    ("clocks", "src/cli/cli.cpp", "void f() { std::this_thread::sleep_for(1s); }\n", 4),
    ("randoms", "src/cli/cli.cpp", "std::mt19937 random(1);\n", 4),
    ("randoms", "src/cli/cli.cpp", "int r = std::rand();\n", 4),
    ("logs", "src/cli/cli.cpp", 'void f() { spdlog::warn("x"); }\n', 4),
    ("hidden", "src/cli/more.cpp", "namespace {\nint run() { return 1; }\n}\n", 2),
    ("unfinished", "src/cli/cli.cpp", "// TO" "DO: later\n", 4),
    ("unfinished", "docs/reference/more.md", "FIX" "ME\n", 5),
    ("links", "docs/reference/more.md", "[gone](gone.md)\n", 5),
    ("links", "docs/reference/more.md", "[gone](../../README.md#gone)\n", 5),
    ("mentions", "src/cli/cli.cpp", "// docs/gone.md says why\n", 4),
    ("mentions", "docs/reference/more.md", "`docs/gone.md` says why\n", 5),
    ("exit_codes", "src/cli/common/exit_code.hpp", "enum { exit_usage = 2 };\n", 1),
    ("settings", "config/troupe.toml", "# gone = 2\n", 3),
]

# What the program says that the documents of the clean tree do not: (rule, file of the program, its new text).
SAID = [
    ("exit_codes", "--help", HELP + "  2  a mistake\n"),
    ("exit_codes", "--help", "Exit codes:\n  0  success\n"),
    ("exit_codes", "--help", HELP.replace("a failure", "another failure")),
    ("settings", "serve --print-config", CONFIG + "host = 2\n"),
    ("flags", "simulate --help-all", OPTIONS + "  --users N  users\n"),
]


def _write(root, path, text):
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def _program(root, said):
    """A program that says what a real one would, from files."""
    answers = {"--help": HELP, "serve --print-config": CONFIG}
    answers |= {" ".join(words): OPTIONS for words in documents.HELPS}
    for words, text in (answers | said).items():
        _write(root, words, text)
    _write(root, "troupe", '#!/bin/sh\ncat "$(dirname "$0")/$*"\n')
    os.chmod(root / "troupe", 0o755)
    return str(root / "troupe")


def _faults(files, said):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for path, text in files.items():
            _write(root / "tree", path, text)
        binary = _program(root / "program", said)
        tree = Tree(root / "tree")
        found = [fault for rule in sources.RULES if rule not in EXCEPTING for fault in rule(tree)]
        found += [fault for rule in EXCEPTING for fault in rule(tree, {})]
        found += [fault for rule in documents.RULES for fault in rule(tree)]
        return found + [fault for rule in documents.BINARY_RULES for fault in rule(tree, binary)]


def _complaints():
    for fault in _faults(CLEAN, {}):
        yield f"a clean tree: {fault}"
    tried = set()
    for rule, path, text, line in PLANTED:
        tried.add(rule)
        files = CLEAN | {path: CLEAN.get(path, "") + text}
        # A new file is a fault of no other rule: its header lies beside it, and somebody includes that.
        if path.endswith(".cpp") and path not in CLEAN and rule != "headerless":
            header = path.removesuffix(".cpp") + ".hpp"
            files |= {header: "#pragma once\n", "tests/use.cpp": INCLUDE.format(header.removeprefix("src/"))}
        found = _faults(files, {})
        if rule == "arrows" and path.startswith("src/attic/"):
            found = [fault for fault in found if fault.path == path]
        if {fault.rule for fault in found} != {rule} or (path, line) not in {(fault.path, fault.line) for fault in found}:
            yield f"{rule} planted at {path}:{line}: {[str(fault) for fault in found]}"
    for rule, words, text in SAID:
        tried.add(rule)
        found = _faults(CLEAN, {words: text})
        if {fault.rule for fault in found} != {rule}:
            yield f"{rule} planted in {words}: {[str(fault) for fault in found]}"
    with tempfile.TemporaryDirectory() as folder:
        for rule in EXCEPTING:
            if len(list(rule(Tree(folder), {"src/gone.cpp": "a reason"}))) != 1:
                yield f"{rule.__name__}: an exception that is stale is not found"
    for rule in sources.RULES + documents.RULES + documents.BINARY_RULES:
        if rule.__name__ not in tried:
            yield f"{rule.__name__}: no fault is planted for it"


def run():
    complaints = list(_complaints())
    for complaint in complaints:
        print(complaint)
    if not complaints:
        print(f"{len(PLANTED) + len(SAID)} planted faults are found")
    return 1 if complaints else 0

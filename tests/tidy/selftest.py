"""Each rule on a planted fault: the rule must find it, at its line, and find nothing in a tree that is in order."""

import pathlib
import tempfile

from tidy import documents, sources
from tidy.tree import Tree

CLEAN = {
    "src/support/time.hpp": "#pragma once\nint now();\n",
    "src/support/time.cpp": '#include "support/time.hpp"\nint now() { return 1; }\n',
    "src/http/server/session.hpp": '#pragma once\n#include "support/time.hpp"\n',
    "src/http/server/session.cpp": '#include "http/server/session.hpp"\n',
    "src/http/api/get.hpp": '#pragma once\n#include "http/server/session.hpp"\n',
    "src/http/api/get.cpp": '#include "http/api/get.hpp"\n',
    "src/cli/cli.hpp": '#pragma once\nenum ExitCode { exit_ok = 0, exit_usage = 2 };\n#include "http/api/get.hpp"\n',
    "src/main.cpp": '#include "cli/cli.hpp"\n',
    "README.md": "# Title\n\n[here](#title) `--port`\n\n| 0 | success |\n| 2 | a mistake |\n",
    "config/troupe.toml": "[server]\n# port = 8080\n",
}

HELP = """Exit codes:
  0  success
  2  a mistake
"""

LONG_BODY = "int f() {\n" + "  now();\n" * 61 + "}\n"

# rule, what is planted (path: text), where the fault must be found
PLANTED = [
    (sources.arrows, {"src/support/up.hpp": '#pragma once\n#include "http/api/get.hpp"\n'}, ("src/support/up.hpp", 2)),
    (sources.arrows, {"src/sim/a.hpp": '#pragma once\n\n#include "http/api/get.hpp"\n'}, ("src/sim/a.hpp", 3)),
    (sources.arrows, {"src/attic/a.hpp": "#pragma once\n"}, ("src/attic/a.hpp", 1)),
    (sources.closed_rooms, {"src/http/server/a.hpp": '#pragma once\n#include "http/api/get.hpp"\n'},
     ("src/http/server/a.hpp", 2)),
    (sources.circles, {"src/http/server/a.hpp": '#pragma once\n#include "http/api/get.hpp"\n'},
     ("src/http/server/a.hpp", 2)),
    (sources.long_functions, {"src/support/long.cpp": "\n" + LONG_BODY}, ("src/support/long.cpp", 2)),
    (sources.long_files, {"src/support/long.cpp": "\n" * 401}, ("src/support/long.cpp", 401)),
    (sources.long_lines, {"src/support/wide.hpp": "#pragma once\n// " + "x" * 108 + "\n"}, ("src/support/wide.hpp", 2)),
    (sources.unused_headers, {"src/support/dead.hpp": "#pragma once\n"}, ("src/support/dead.hpp", 1)),
    (sources.headerless, {"src/support/alone.cpp": "int alone;\n"}, ("src/support/alone.cpp", 1)),
    (sources.clocks, {"src/sim/a.cpp": "auto t = std::chrono::steady_clock::now();\n"}, ("src/sim/a.cpp", 1)),
    (sources.clocks, {"src/sim/a.cpp": "\nvoid f() { std::this_thread::sleep_for(s); }\n"}, ("src/sim/a.cpp", 2)),
    (sources.randoms, {"src/sim/a.cpp": "std::mt19937 any;\n"}, ("src/sim/a.cpp", 1)),
    (documents.unfinished, {"src/sim/a.cpp": "int a;  // TO" "DO\n"}, ("src/sim/a.cpp", 1)),
    (documents.links, {"docs/a.md": "# A\n\n[gone](gone.md)\n"}, ("docs/a.md", 3)),
    (documents.links, {"docs/a.md": "# A\n\n[gone](../README.md#gone)\n"}, ("docs/a.md", 3)),
]

PLANTED_WITH_BINARY = [
    (documents.exit_codes, {"README.md": CLEAN["README.md"].replace("a mistake", "all is well")}, {}, ("README.md", 6)),
    (documents.exit_codes, {}, {"--help": HELP + "  7  bad luck\n"}, ("src/cli/cli.hpp", 1)),
    (documents.settings, {"config/troupe.toml": "[server]\n"}, {}, ("config/troupe.toml", 1)),
    (documents.settings, {"config/troupe.toml": "[server]\n# port = 1\n# prot = 1\n"}, {}, ("config/troupe.toml", 3)),
    (documents.flags, {}, {"serve --help": "  --host HOST   where\n"}, ("docs/flags.md", 1)),
]

# Exceptions are named for the real tree; here they would all be stale.
EXCEPTIONS = {sources.clocks: {"exceptions": {}}, sources.randoms: {"exceptions": {}},
              sources.long_lines: {"exceptions": {}}}


def _plant(folder, files):
    for path, text in {**CLEAN, **files}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return Tree(folder)


def _binary(folder, outputs):
    """A program that answers as `outputs` has it, by its arguments."""
    said = {"--help": HELP, "serve --print-config": "[server]\n# port = 8080\n", "serve --help": "  --port N  port\n"}
    cases = "".join(f"'{arguments}') cat <<'END'\n{text}END\n;;\n" for arguments, text in {**said, **outputs}.items())
    path = folder / "program"
    path.write_text(f'#!/bin/sh\ncase "$*" in\n{cases}esac\n', encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def _places(rule, tree, *binary):
    return [(fault.path, fault.line) for fault in rule(tree, *binary, **EXCEPTIONS.get(rule, {}))]


def run():
    failed = []
    for rule, files, where in PLANTED:
        with tempfile.TemporaryDirectory() as folder:
            if where not in _places(rule, _plant(pathlib.Path(folder), files)):
                failed.append(f"{rule.__name__} does not find {sorted(files)}")
    for rule, files, outputs, where in PLANTED_WITH_BINARY:
        with tempfile.TemporaryDirectory() as folder:
            tree = _plant(pathlib.Path(folder), files)
            if where not in _places(rule, tree, _binary(pathlib.Path(folder), outputs)):
                failed.append(f"{rule.__name__} does not find {sorted(files) + sorted(outputs)}")
    with tempfile.TemporaryDirectory() as folder:
        tree = _plant(pathlib.Path(folder), {})
        binary = _binary(pathlib.Path(folder), {})
        for rule in sources.RULES + documents.RULES:
            failed += [f"{rule.__name__} finds a fault where there is none: {place}" for place in _places(rule, tree)]
        for rule in documents.BINARY_RULES:
            failed += [f"{rule.__name__} finds a fault where there is none: {place}" for place in _places(rule, tree, binary)]
    tested = {rule for rule, *_ in PLANTED + PLANTED_WITH_BINARY}
    failed += [f"{rule.__name__} is tested on no planted fault"
               for rule in sources.RULES + documents.RULES + documents.BINARY_RULES if rule not in tested]
    for line in failed:
        print(f"tidy_test --self-test: {line}")
    print(f"{len(PLANTED) + len(PLANTED_WITH_BINARY)} planted faults, {len(failed)} not as they should be")
    return 1 if failed else 0

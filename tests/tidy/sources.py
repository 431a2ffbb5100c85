"""Rules about the C++ sources: where they may reach, how long they may be, what they may call."""

import pathlib
import re

from tidy.tree import Fault, line_of

# A folder may include what stands on a lower step; folders on one step do not know each other.
STEPS = {"support": 1, "schema": 2, "report": 2, "postgres": 3, "actors": 4, "http": 5, "sim": 5, "stand_in": 5,
         "harness": 6, "sweep": 7, "world": 7, "cli": 8, "main.cpp": 9}

# Rooms that must not know certain others, although the folders' steps would let them.
CLOSED = [("http/server/", ("http/api/",)), ("actors/runtime/", ("actors/database/",)),
          ("postgres/wire/", ("postgres/cluster/",))]

FUNCTION_LINES = 60
FILE_LINES = 400
LINE_LENGTH = 110


def arrows(tree):
    for path in tree.cpp("src"):
        here = path.removeprefix("src/")
        folder = here.split("/")[0]
        if folder not in STEPS:
            yield Fault(path, 1, "arrows", f"{folder} has no step in tests/tidy/sources.py")
            continue
        for line, header in tree.includes(path):
            there = header.split("/")[0]
            if there not in STEPS or there == folder:
                continue
            if STEPS[there] >= STEPS[folder]:
                yield Fault(path, line, "arrows", f"{folder} must not know {header}")


def closed_rooms(tree):
    for path in tree.cpp("src"):
        for room, others in CLOSED:
            if not path.startswith("src/" + room):
                continue
            for line, header in tree.includes(path):
                if header.startswith(others):
                    yield Fault(path, line, "closed_rooms", f"{room} must not know {header}")


def _room(path):
    parts = path.split("/")
    return parts[0], parts[1] if len(parts) > 2 else "."


def _reachable(edges, start):
    seen = set()
    todo = [start]
    while todo:
        for following in edges.get(todo.pop(), {}):
            if following not in seen:
                seen.add(following)
                todo.append(following)
    return seen


def circles(tree):
    """Rooms of one folder that include each other, at whatever length; the files at its top are a room, too."""
    folders = {}
    for path in tree.cpp("src"):
        folder, room = _room(path.removeprefix("src/"))
        for line, header in tree.includes(path):
            other_folder, other = _room(header)
            if other_folder == folder and other != room and f"src/{header}" in tree.paths:
                folders.setdefault(folder, {}).setdefault(room, {}).setdefault(other, (path, line))
    for folder, edges in sorted(folders.items()):
        for room, others in sorted(edges.items()):
            for other, (path, line) in sorted(others.items()):
                if room in _reachable(edges, other):
                    yield Fault(path, line, "circles", f"in {folder}, room {room} and room {other} include each other")


def _boundary(code, end):
    return max(code.rfind(mark, 0, end) for mark in ";{}") + 1


def functions(code):
    """The (first line, last line, head) of each function body in C++ text without comments: good enough, not a parser."""
    scopes = []
    for match in re.finditer(r"[{}]", code):
        if match.group() == "}":
            if scopes:
                kind, start, head = scopes.pop()
                if kind == "function":
                    yield line_of(code, start), line_of(code, match.start()), head
            continue
        head = code[_boundary(code, match.start()):match.start()]
        head = re.sub(r"^\s*#[^\n]*$|\b(public|private|protected):", "", head, flags=re.MULTILINE)
        flat = re.sub(r"<[^<>]*>", "", head).strip()
        while re.search(r"\([^()]*\)", flat):
            flat = re.sub(r"\([^()]*\)", "@", flat)
        if any(kind != "scope" for kind, _, _ in scopes):
            kind = "inner"
        elif re.search(r"\b(namespace|class|struct|union|enum|extern)\b", flat) and "@" not in flat.split(":")[0]:
            kind = "scope"
        elif re.search(r"(?<!operator)(?<!operator=)=(?!=)", flat):
            kind = "inner"
        else:
            kind = "function" if "@" in flat or not flat or flat.startswith(",") else "inner"
        scopes.append((kind, match.start(), " ".join(head.split())))


def long_functions(tree):
    for path in tree.cpp("src", "tests", "bench"):
        for first, last, head in functions(tree.code(path)):
            if last - first > FUNCTION_LINES:
                name = re.search(r"([\w:~]+)\s*\(", head)
                what = name.group(1) if name else "a function"
                yield Fault(path, first, "long_functions", f"{what} is longer than {FUNCTION_LINES} lines")


def long_files(tree):
    for path in tree.paths:
        if path.endswith((".cpp", ".hpp", ".py")) and len(tree.lines(path)) > FILE_LINES:
            yield Fault(path, FILE_LINES + 1, "long_files", f"longer than {FILE_LINES} lines")


def long_lines(tree):
    """What clang-format cannot break, or does not look at; a raw string (a help text, SQL) is as wide as it wants to be."""
    for path in tree.cpp("src", "bench"):
        raw = {line for text in re.finditer(r'R"(\w*)\(.*?\)\1"', tree.text(path), re.DOTALL)
               for line in range(line_of(text.string, text.start()), line_of(text.string, text.end()) + 1)}
        for number, line in enumerate(tree.lines(path), 1):
            if len(line) > LINE_LENGTH and number not in raw:
                yield Fault(path, number, "long_lines", f"longer than {LINE_LENGTH} characters")


def unused_headers(tree):
    # A precompiled header is included by CMake, by its path from the list's folder.
    lists = [path for path in tree.paths if path.endswith("CMakeLists.txt")]
    used = {str(pathlib.PurePath(path).parent / name)
            for path in lists for name in re.findall(r"[\w./]+\.hpp", tree.text(path))}
    for path in tree.cpp("src", "tests", "bench"):
        beside = str(pathlib.PurePath(path).parent)
        for _, header in tree.includes(path):
            used |= {f"src/{header}", f"tests/{header}", f"{beside}/{header}"} - {path}
    for path in tree.cpp("src", "tests", "bench"):
        # Its own .cpp includes a header, too, but that is no use of it.
        own = path.removesuffix(".hpp") + ".cpp"
        if path.endswith(".hpp") and path not in used:
            yield Fault(path, 1, "unused_headers", "no file includes it")
        elif path.endswith(".hpp") and own in tree.paths and not _used_elsewhere(tree, path, own):
            yield Fault(path, 1, "unused_headers", "only its own .cpp includes it")


def _used_elsewhere(tree, header, own):
    wanted = header.removeprefix("src/").removeprefix("tests/")
    return any(included == wanted for path in tree.cpp("src", "tests", "bench") if path != own
               for _, included in tree.includes(path))


# A .cpp without a header of its name, and why.
HEADERLESS = {
    "src/main.cpp": "main() has no header",
    "src/support/asio.cpp": "the code of a library that has headers only",
    "src/http/api/endpoints/": "a file per endpoint, all of them declared in endpoints.hpp",
}


def headerless(tree):
    for path in tree.cpp("src"):
        header = path.removesuffix(".cpp") + ".hpp"
        if path.endswith(".cpp") and header not in tree.paths and not path.startswith(tuple(HEADERLESS)):
            yield Fault(path, 1, "headerless", "no header of its name lies beside it")


CLOCK = (r"\w*[Cc]lock::now\s*\(|\b(?:std::|::)time\s*\(|(?<![\w.:>])time\s*\(\s*(?:nullptr|NULL|0|&)"
         r"|\bclock_gettime\b|\bgettimeofday\b|\bsleep_(?:for|until)\s*\(|\b(?:usleep|nanosleep)\s*\(")
RANDOM = (r"\brandom_device\b|\bmt19937(?:_64)?\b|\bminstd_rand0?\b|\bdefault_random_engine\b|\branlux\w+"
          r"|(?<![\w.:>])s?rand\s*\(|\bstd::s?rand\b|\bgetrandom\b")

# Who looks at a clock (or sleeps) and draws random numbers besides Timers and the named streams, and why.
CLOCKS = {
    "src/postgres/copy/copy_marks.cpp": "dates a copy",
    "src/postgres/copy/copy_session.cpp": "the deadline of a thread that waits for PostgreSQL",
    "src/postgres/copy/rows/progress.cpp": "tells how a copy stands, on the main thread",
    "src/actors/runtime/timers.hpp": "Timers itself",
    "src/actors/database/database_pool.cpp": "waits on the starting thread, which has no Timers",
    "src/actors/runtime/worker.cpp": "a thread's processor time, which is measured and decides nothing",
    "src/support/name_lookups.cpp": "dates an answer, on a thread that has no Timers",
    "src/postgres/cluster/postgres_processes.cpp": "waits for other processes, before there are workers",
    "src/postgres/cluster/postmaster.cpp": "waits for another process, before there are workers",
    "src/postgres/cluster/child_process.cpp": "waits for another process, before there are workers",
    "src/postgres/cluster/embedded_cluster.cpp": "waits for the server to come and go, before there are workers",
    "src/postgres/wire/blocking_session.cpp": "the deadline of a thread that waits for PostgreSQL",
    "src/http/server/server.cpp": "waits on the stopping thread, which has no Timers",
    "src/http/server/response_head.cpp": "the Date field's time of day",
    "src/sweep/run/machine_cpu.cpp": "a process' processor time, which is measured and decides nothing",
    "src/sweep/run/shell_command.cpp": "waits for another process, on the main thread",
    "src/sweep/run/readiness.cpp": "waits for a service to come, on the main thread",
    "src/sim/users/swarm.cpp": "the time of day at the start, for texts that tell it",
    "src/sweep/run/repeat_loop.cpp": "tells how long a sweep still takes, on the main thread",
    "src/sim/run.cpp": "begins and ends a run, on the main thread",
    "src/sim/client/probe.cpp": "asks a server before a run, on the main thread",
    "src/sim/client/cookie_jar.cpp": "Expires is a date of the calendar",
    "src/cli/sweep/sweep.cpp": "dates the sweep's results",
    "src/cli/simulate/simulate_faults.cpp": "tells how long the worlds took, on the main thread",
    "src/world/run/children.cpp": "waits for other processes, on the main thread",
}
RANDOMS = {
    "src/http/limits/limits.cpp": "draws a secret, which no seed may tell",
    "src/sim/load/plan.cpp": "draws the seed itself, when none is given",
    "src/http/server/server.cpp": "draws what tells its requests' names from another server's",
}


def _sources(tree, rule, pattern, exceptions, instead):
    seen = set()
    for path in tree.cpp("src"):
        code = tree.code(path)
        for match in re.finditer(pattern, code):
            seen.add(path)
            if path not in exceptions:
                called = match.group().rstrip("( ")
                yield Fault(path, line_of(code, match.start()), rule, f"{called} is used and not {instead}")
    for path in sorted(set(exceptions) - seen):
        yield Fault(path, 1, rule, "is an exception in tests/tidy/sources.py and needs to be none")


def clocks(tree, exceptions=None):
    return _sources(tree, "clocks", CLOCK, CLOCKS if exceptions is None else exceptions, "Timers")


def randoms(tree, exceptions=None):
    return _sources(tree, "randoms", RANDOM, RANDOMS if exceptions is None else exceptions, "a named stream")


LOG = r"\bspdlog::\w+"
LOGS = {
    "src/support/log.cpp": "begins the log",
    "src/support/log_line.cpp": "is log_line.hpp itself",
}


def logs(tree, exceptions=None):
    return _sources(tree, "logs", LOG, LOGS if exceptions is None else exceptions, "support/log_line.hpp")


# A function at the beginning of a line, which is outside of every class; group 1 is its name.
FREE_FUNCTION = re.compile(r"^(?!namespace|using|struct|class)(?:[\w:<>,&*\[\]]+ )+[&*]*(\w+)\([^;{}]*\)[^;{}()]*[;{]", re.MULTILINE)
OVERLOADS = {"visit_fields"}  # for types of their own


def _unnamed(code):
    """What stands in namespaces without a name, the rest blank."""
    kept = [" " if c != "\n" else c for c in code]
    for match in re.finditer(r"\bnamespace \{", code):
        depth = 0
        for brace in re.finditer(r"[{}]", code[match.start():]):
            depth += 1 if brace.group() == "{" else -1
            if depth == 0:
                end = match.start() + brace.start()
                kept[match.end():end] = code[match.end():end]
                break
    return "".join(kept)


def hidden(tree):
    """Files of a folder are compiled as one unit, where a file's own function hides one of its name from a header, silently."""
    declared = {}
    for path in tree.cpp("src"):
        if path.endswith(".hpp"):
            for match in FREE_FUNCTION.finditer(tree.code(path)):
                declared.setdefault((path.split("/")[1], match.group(1)), path)
    for path in tree.cpp("src"):
        code = _unnamed(tree.code(path))
        for match in FREE_FUNCTION.finditer(code):
            header = declared.get((path.split("/")[1], match.group(1)))
            if header not in (None, path.removesuffix(".cpp") + ".hpp") and match.group(1) not in OVERLOADS:
                yield Fault(path, line_of(code, match.start(1)), "hidden", f"{match.group(1)} is a function of {header}, too")


RULES = [arrows, closed_rooms, circles, long_functions, long_files, long_lines, unused_headers, headerless, clocks, randoms, logs, hidden]

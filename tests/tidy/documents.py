"""Rules about what is written for people: documents, help texts, settings."""

import functools
import os
import pathlib
import re
import subprocess

from tidy.tree import Fault

HELPS = (("serve", "--help-all"), ("resources", "--help"), ("simulate", "--help-all"), ("sweep", "--help-all"), ("compare", "--help"), ("report", "--help"))
TEXTS = (".cpp", ".hpp", ".py", ".md", ".toml", ".cmake", ".txt", ".yaml", ".yml", ".js", ".mjs", ".ts", ".css", ".html",
         ".service", ".sh")
MARKS = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")  # torn apart: this file is searched, too


def _texts(tree):
    for path in tree.paths:
        name = pathlib.PurePath(path)
        if name.suffix not in TEXTS and not (name.suffix == "" and name.parts[0] in ("scripts", "tests", "deploy", ".ci")):
            continue
        if not path.startswith("docs/explanation/comparison/"):  # results, which are measured and not written
            yield path


def unfinished(tree):
    for path in _texts(tree):
        for number, line in enumerate(tree.lines(path), 1):
            match = MARKS.search(line)
            if match:
                yield Fault(path, number, "unfinished", f"the mark {match.group()}")


def _prose(tree, path):
    """The (line number, line) pairs outside code blocks."""
    fenced = False
    for number, line in enumerate(tree.lines(path), 1):
        if re.match(r"\s*(```|~~~)", line):
            fenced = not fenced
        elif not fenced:
            yield number, line


def anchors(tree, path):
    """The anchors that GitHub makes of a document's headings, and those written by hand."""
    found = set()
    for _, line in _prose(tree, path):
        heading = re.match(r"#{1,6}\s+(.*?)\s*#*$", line)
        if heading:
            text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading.group(1))
            slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            name, count = slug, 0
            while name in found:
                count += 1
                name = f"{slug}-{count}"
            found.add(name)
        found |= set(re.findall(r'<a\s+(?:id|name)="([^"]+)"', line))
    return found


def links(tree):
    for path in tree.paths:
        if not path.endswith(".md"):
            continue
        for number, line in _prose(tree, path):
            plain = re.sub(r"`[^`]*`", "", line)
            for target in re.findall(r"\]\(\s*<?([^)\s>]+)>?[^)]*\)", plain) + re.findall(r'(?:src|href)="([^"]+)"', plain):
                if re.match(r"[a-z][a-z+.-]*:|//", target):
                    continue
                file, _, anchor = target.partition("#")
                there = os.path.normpath(os.path.join(os.path.dirname(path), file)) if file else path
                if not (tree.root / there).exists():
                    yield Fault(path, number, "links", f"there is no {target}")
                elif anchor and there.endswith(".md") and anchor not in anchors(tree, there):
                    yield Fault(path, number, "links", f"there is no heading {target}")


def mentions(tree):
    """A document that a text, a comment or a help names from the root, docs/…, is there; links have a rule of their own."""
    for path in _texts(tree):
        if path == "tests/tidy/selftest.py":  # names those of a tree of its own
            continue
        for number, line in enumerate(tree.lines(path), 1):
            for name in re.findall(r"(?<![\w.-])(?<![\w.-]/)docs/[\w./-]*\.(?:md|png)\b", line):
                if not (tree.root / name).exists():
                    yield Fault(path, number, "mentions", f"there is no {name}")


@functools.cache
def _output(binary, *arguments):
    # As on a machine where nothing is set: neither by the environment nor by a file in the current folder.
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("TROUPE_", "DATABASE_URL"))}
    done = subprocess.run([os.path.abspath(binary), *arguments], capture_output=True, text=True, timeout=20, check=False,
                          env=bare, cwd="/")
    if done.returncode != 0:
        raise RuntimeError(f"{binary} {' '.join(arguments)}: exit code {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def exit_codes(tree, binary):
    """What a code means is written in README and in the help, in the same words; the code's enum has the same numbers."""
    declared = {int(code) for code in re.findall(r"\bexit_\w+\s*=\s*(\d+)", tree.text("src/cli/common/exit_code.hpp"))}
    helped = dict(re.findall(r"^  +(\d+)  (\S.*)$", _output(binary, "--help").partition("Exit codes:")[2], re.MULTILINE))
    written = {}
    for number, line in enumerate(tree.lines("README.md"), 1):
        row = re.match(r"\|\s*(\d+)\s*\|\s*(.*?)\s*\|$", line)
        if row:
            written[row.group(1)] = number, row.group(2).replace("`", "")
    for code in sorted(declared | {int(code) for code in [*helped, *written]}):
        if code not in declared:
            yield Fault("src/cli/common/exit_code.hpp", 1, "exit_codes", f"exit code {code} is not in enum ExitCode")
        if str(code) not in helped:
            yield Fault("src/cli/common/exit_code.hpp", 1, "exit_codes", f"exit code {code} is not in troupe --help")
        elif str(code) not in written:
            yield Fault("README.md", 1, "exit_codes", f"exit code {code} is not in the table of exit codes")
        elif written[str(code)][1] != helped[str(code)]:
            yield Fault("README.md", written[str(code)][0], "exit_codes", f"exit code {code} is not as troupe --help says it")


def settings(tree, binary):
    """Each setting stands in config/troupe.toml, and none that there is no more."""
    def keys(lines, pattern):
        table, found = "", {}
        for number, line in enumerate(lines, 1):
            heading = re.match(r"\[(\w+)\]", line)
            table = heading.group(1) if heading else table
            key = re.match(pattern, line)
            if key:
                found.setdefault(f"{table}.{key.group(1)}", number)
        return found

    known = keys(_output(binary, "serve", "--print-config").splitlines(), r"(?:# )?(\w+) *=")
    written = keys(tree.lines("config/troupe.toml"), r"(?:# )?(\w+) = ")
    for key in sorted(set(known) - set(written)):
        yield Fault("config/troupe.toml", 1, "settings", f"the setting {key} is missing")
    for key in sorted(set(written) - set(known)):
        yield Fault("config/troupe.toml", written[key], "settings", f"there is no setting {key}")


def flags(tree, binary):
    """Each flag that a help text lists is written about in README.md or docs/reference/."""
    documents = [path for path in tree.paths if path == "README.md" or re.match(r"docs/reference/[\w-]+\.md$", path)]
    written = set(re.findall(r"(?<![\w-])--[a-z][\w-]*", "\n".join(tree.text(path) for path in documents)))
    for command, flag in HELPS:
        for names in re.findall(r"^  ((?:-\w,)?--[\w,-]+)", _output(binary, command, flag), re.MULTILINE):
            for name in names.split(","):
                if name.startswith("--") and name not in written:
                    yield Fault("docs/reference/flags.md", 1, "flags", f"{command} {name} is in no document")


RULES = [unfinished, links, mentions]
BINARY_RULES = [exit_codes, settings, flags]

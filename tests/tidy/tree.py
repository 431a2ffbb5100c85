"""The tree that the rules read, and the faults that they find in it."""

import dataclasses
import pathlib
import re
import subprocess


@dataclasses.dataclass(frozen=True, order=True)
class Fault:
    """`detail` says what is wrong and holds no line number, so that a known fault can be named for good."""
    path: str
    line: int
    rule: str
    detail: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.rule}: {self.detail}"

    @property
    def key(self):
        return f"{self.rule} {self.path} {self.detail}"


def blank(text):
    """The C++ text with comments and what is within quotes replaced by blanks: lines and columns stay."""
    pattern = (r'//[^\n]*|/\*.*?\*/|R"(?P<d>[^ ()\\\n]*)\(.*?\)(?P=d)"|"(?:\\.|[^"\\\n])*"'
               r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])*'")

    def blanks(match):
        return re.sub(r"[^\n]", " ", match.group())

    return re.sub(pattern, blanks, text, flags=re.DOTALL)


class Tree:
    """The files of a clone, or of a plain folder, by their path relative to its root. Reads each of them once."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.paths = sorted(path for path in self._list() if (self.root / path).is_file())
        self._texts = {}
        self._blank = {}

    def _list(self):
        if not (self.root / ".git").exists():
            return [str(path.relative_to(self.root)) for path in self.root.rglob("*")]
        # A clone may belong to another user than the one who tests it (a container's root): read it all the same.
        command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=self.root, check=True, capture_output=True, text=True).stdout
        return set(listed.split("\0")) - {""}

    def text(self, path):
        if path not in self._texts:
            self._texts[path] = (self.root / path).read_text(encoding="utf-8", errors="replace")
        return self._texts[path]

    def code(self, path):
        if path not in self._blank:
            self._blank[path] = blank(self.text(path))
        return self._blank[path]

    def lines(self, path):
        return self.text(path).splitlines()

    def cpp(self, *folders):
        return [path for path in self.paths if path.endswith((".cpp", ".hpp")) and path.split("/")[0] in folders]

    def includes(self, path):
        """The (line number, header) pairs that the file includes with quotes."""
        for number, line in enumerate(self.lines(path), 1):
            match = re.match(r'\s*#\s*include "([^"]+)"', line)
            if match:
                yield number, match.group(1)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1

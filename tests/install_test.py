#!/usr/bin/env python3
"""Installs the built tree into a folder with cmake --install and uses what is there: program, files found by name, manual page,
completions, the service. TROUPE_BINARY is build/PRESET/troupe. Parts whose program is missing here are skipped, and say so."""
import os
import pathlib
import pty
import re
import select
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "peers"))
import servers  # noqa: E402

BUILD = pathlib.Path(servers.troupe_binary()).parent


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="troupe-install-")
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.root = pathlib.Path(cls.temporary.name)
        cls.root.chmod(0o755)
        subprocess.run(["cmake", "--install", BUILD], check=True, stdout=subprocess.DEVNULL, env={**os.environ, "DESTDIR": str(cls.root)})
        (binary,) = cls.root.glob("**/bin/troupe")
        cls.binary, cls.prefix = binary, binary.parent.parent

    def run_it(self, *arguments, cwd="/"):
        done = subprocess.run([self.binary, *arguments], cwd=cwd, capture_output=True, text=True, timeout=60, env=servers.clean_environment())
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_scenarios_and_models_are_found_by_name_from_anywhere(self):
        listed = self.run_it("scenarios")
        for path in (ROOT / "config" / "scenarios").glob("*.toml"):
            self.assertIn(path.stem, listed)
        # The source tree is not what they are read from: a name that only the installed folder has is known.
        shutil.copy(ROOT / "config" / "scenarios" / "read.toml", self.prefix / "share/troupe/config/scenarios/of_this_test.toml")
        self.assertIn("of_this_test", self.run_it("scenarios"))
        self.run_it("simulate", "--scenario", "of_this_test", "--stand-in-database", "--users", "1", "--duration", "200ms", "--quiet")
        plan = self.run_it("sweep", "--model", "threads", "--dry-run", "--stand-in-database", "instant")
        self.assertIn("threads", plan)

    def test_settings_of_the_service_are_none_of_commands_run_by_hand(self):
        (settings,) = self.root.glob("**/etc/troupe/troupe.toml")
        by_hand = self.run_it("serve", "--print-config")
        self.assertNotRegex(by_hand, r'(?m)^io = "epoll"')
        of_service = self.run_it("serve", "--print-config", "--config", str(settings))
        self.assertRegex(of_service, r'(?m)^io = "epoll"')
        self.assertRegex(of_service, r'(?m)^data_dir = "/var/lib/troupe/data"')

    def test_manual_page_has_no_mistake_and_shows_every_command(self):
        page = self.prefix / "share/man/man1/troupe.1"
        man = shutil.which("man")
        if not man:
            self.skipTest("man is not installed")
        done = subprocess.run([man, "--warnings=all", "-l", str(page)], capture_output=True, text=True, timeout=60,
                              env={**os.environ, "MANPAGER": "cat", "MANWIDTH": "120", "LC_ALL": "C.UTF-8", "MANROFFSEQ": ""})
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for command in ("serve", "simulate", "sweep", "scenario new", "auth new-key", "compare"):
            self.assertIn(f"troupe {command}", done.stdout.replace("‐", "-"))

    def complete(self, *words):
        """What bash offers for the last of these words."""
        script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _troupe; printf "%s\\n" "${COMPREPLY[@]}"')
        completion = self.prefix / "share/bash-completion/completions/troupe"
        done = subprocess.run(["bash", "-uc", script, "bash", completion, "troupe", *words], capture_output=True, text=True, timeout=20)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.split()

    def test_bash_completes_commands_flags_and_values(self):
        self.assertEqual(self.complete("simulate-"), ["simulate-faults"])
        self.assertEqual(self.complete("serve", "--pool"), ["--pool-size"])
        self.assertEqual(sorted(self.complete("serve", "--io", "")), ["auto", "epoll", "io_uring"])
        self.assertEqual(self.complete("auth", "n"), ["new-key"])
        self.assertEqual(self.complete("serve", "--resources", "sh"), [])  # bash's own: files

    def test_zsh_completes_commands_flags_and_values(self):
        zsh = shutil.which("zsh")
        if not zsh:
            self.skipTest("zsh is not installed")
        completions = self.prefix / "share/zsh/vendor-completions"
        out = self.root / "zsh"
        lines = {"troupe scenari": "troupe scenario", "troupe serve --pool-": "troupe serve --pool-size ", "troupe serve --io epo": "troupe serve --io epoll ",
                 "troupe auth ne": "troupe auth new-key ", "troupe simulate --seed 1 --seed 2 --spike 1s:1s:9 --user": "troupe simulate --seed 1 --seed 2 --spike 1s:1s:9 --users "}
        # Completion lives in zsh's line editor, so a zsh with a terminal is asked; what the line has become is written to a file.
        start = [f"fpath=({shlex.quote(str(completions))} $fpath)", "autoload -U compinit", "compinit -u -D",
                 f'tell() {{ print -r -- "$BUFFER" >>{shlex.quote(str(out))}; BUFFER=""; zle redisplay }}', "zle -N tell", "bindkey '^T' tell"]
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(zsh, [zsh, "-f", "-i"], {"PATH": os.environ["PATH"], "TERM": "dumb", "HOME": str(self.root), "LC_ALL": "C.UTF-8"})
        os.write(terminal, "".join(line + "\n" for line in start).encode())
        for line in lines:
            os.write(terminal, f"{line}\t\x14".encode())
        os.write(terminal, b"exit\n")
        shown = b""
        try:
            while select.select([terminal], [], [], 60)[0]:
                shown += os.read(terminal, 65536)
        except OSError:
            pass  # EIO: it has ended
        finally:
            os.close(terminal)
            os.waitpid(pid, 0)
        self.assertEqual(out.read_text().splitlines() if out.exists() else [], list(lines.values()), shown.decode(errors="replace"))

    def test_service_is_valid_and_confined(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("systemd is not installed")
        (unit,) = self.root.glob("**/systemd/system/troupe.service")
        # Its program is looked for where the unit says it is, and that is below DESTDIR.
        text = unit.read_text().replace(f"ExecStart=/{self.prefix.relative_to(self.root)}/", f"ExecStart={self.prefix}/")
        here = self.root / "troupe.service"
        here.write_text(text)
        # No other package need be there for the service.
        programs = set(re.findall(r"^Exec\w+=(\S+)", unit.read_text(), re.MULTILINE))
        self.assertEqual(programs, {f"/{self.prefix.relative_to(self.root)}/bin/troupe", "/bin/sh"})
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", here], capture_output=True, text=True, timeout=60)
        ours = [line for line in done.stderr.splitlines() if "troupe" in line]
        self.assertEqual((ours, done.returncode), ([], 0), done.stderr)
        done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=25", here], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout[-2000:])  # 2.5 of 10: "OK"

    def test_manager_is_told_when_the_service_is_ready_and_when_it_stops(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            address = self.root / "notify"
            manager.bind(str(address))
            address.chmod(0o777)
            manager.settimeout(60)
            environment = {**servers.clean_environment(), "NOTIFY_SOCKET": str(address)}
            process = servers.spawn([self.binary, "serve", "--port", "0", "--io", "epoll"], self.root / "log", environment, cwd="/")
            self.addCleanup(servers.stop, process)
            self.assertEqual(manager.recv(100), b"READY=1")
            said = (self.root / "log").read_text()
            self.assertRegex(said, re.compile(r"^troupe serves on http://127\.0\.0\.1:\d+", re.MULTILINE))
            process.send_signal(signal.SIGTERM)
            self.assertEqual(manager.recv(100), b"STOPPING=1")
            self.assertEqual(process.wait(30), 0)
            manager.settimeout(0.1)
            with self.assertRaises(TimeoutError):  # and PostgreSQL told nothing
                manager.recv(100)

    def test_licences_of_what_is_inside_are_there(self):
        doc = self.prefix / "share/doc/troupe"
        notices = (doc / "THIRD-PARTY-NOTICES").read_text()
        for name in ("echarts", "zrender", "tslib", "swagger-ui-dist"):
            self.assertIn(f"==== {name} ", notices)
        self.assertIn("Apache License", notices)
        self.assertIn("No licence has been chosen", (doc / "copyright").read_text())
        self.assertTrue((doc / "docs").is_dir())


if __name__ == "__main__":
    unittest.main()

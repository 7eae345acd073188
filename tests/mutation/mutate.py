#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mutate.py - puts seeded faults into the code, one at a time, and reports those that no test notices.

    mutate.py check SOURCE                     every fault of SOURCE/tests/mutation/*.faults can be put in
    mutate.py run SOURCE [FOLDER] [OPTION...]  builds copies of SOURCE below FOLDER or in memory and tries them

Options of run:

    --sample N       N faults drawn with --seed SEED (default: a new one, which is printed)
    --only TEXT      only faults with TEXT in their id or the name of their file
    --list NAME      only the faults of tests/mutation/NAME.faults (repeatable)
    --without TEXT   leave out tests with TEXT in their name, and faults that only these tests notice
    --workers N      faults tried at once, each in a build of its own (default: 1)
    --timeout S      seconds after which a test counts as hanging (default: 600)
    --seconds S      begin no further fault S seconds after the copy was built

A fault is a block of lines "key: value"; blocks are separated by empty lines, lines that begin with # are comments:

    id: file-write-unsynced
    file: src/util/file.c
    promise: 3 a file is on the disk before it has its name
    tests: tests/unit/util/test_file tests/faults/durable.t
    after: int file_write_one(
    from: if (write_all(fd, b) < 0 || fsync(fd) < 0) {
    to: if (write_all(fd, b) < 0) {

The first "from" behind the text "after" is replaced by "to"; without "after", "from" stands in the file once.
In "after", "from" and "to", ⏎ is a line break and ⇥ a tab.  "explained: REASON" marks a fault that no test can notice.
A fault is noticed when one of its tests fails, crashes or hangs, and the same test passes without the fault.
The status is 0 when every fault that was tried was noticed or is explained.
"""
import argparse
import collections
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

KEYS = {"id", "file", "promise", "tests", "after", "from", "to", "explained"}
NEEDED = {"id", "file", "promise", "tests", "from", "to"}
HELPERS = ["p11fault.la", "prepared_rsa.la", "residue.la", "tests/integration/make-package", "tests/integration/desktop-files"]


class Invalid(Exception):
    """A fault that cannot be put in, or a build that fails."""


def unescaped(text):
    return text.replace("⏎", "\n").replace("⇥", "\t")


def fault_of(lines, where):
    fault = {}
    for line in lines:
        key, colon, value = line.partition(":")
        if not colon or key not in KEYS or key in fault:
            raise Invalid(f"{where}: cannot read '{line}'")
        fault[key] = value[1:] if value.startswith(" ") else value
    if not NEEDED <= fault.keys():
        raise Invalid(f"{where}: lacks {', '.join(sorted(NEEDED - fault.keys()))}")
    for key in {"after", "from", "to"} & fault.keys():
        fault[key] = unescaped(fault[key])
    fault["tests"] = fault["tests"].split()
    return fault


def faults_read(source):
    faults = []
    for path in sorted(source.glob("tests/mutation/*.faults")):
        blocks = path.read_text(encoding="utf-8").split("\n\n")
        for block in blocks:
            lines = [line for line in block.splitlines() if line and not line.startswith("#")]
            if lines:
                fault = fault_of(lines, path.name)
                fault["component"] = path.stem
                faults.append(fault)
    return faults


def mutated(fault, text):
    begin = 0
    if "after" in fault:
        if text.count(fault["after"]) < 1:
            raise Invalid(f"{fault['id']}: '{fault['after']}' is not in {fault['file']}")
        begin = text.index(fault["after"])
    found = text.count(fault["from"], begin)
    if found < 1 or (found > 1 and "after" not in fault):
        raise Invalid(f"{fault['id']}: '{fault['from']}' is {found} times in {fault['file']}")
    at = text.index(fault["from"], begin)
    result = text[:at] + fault["to"] + text[at + len(fault["from"]):]
    if result == text:
        raise Invalid(f"{fault['id']}: changes nothing")
    return result


def complaint(source, fault):
    """Why the fault cannot be tried, or None."""
    path = source / fault["file"]
    if not path.is_file():
        return f"{fault['id']}: there is no {fault['file']}"
    for test in fault["tests"]:
        if not (source / test).is_file() and not (source / f"{test}.c").is_file():
            return f"{fault['id']}: there is no {test}"
    try:
        mutated(fault, path.read_text(encoding="utf-8"))
    except Invalid as invalid:
        return str(invalid)
    return None


def complaints(source, faults):
    ids = collections.Counter(fault["id"] for fault in faults)
    return [f"{name}: {count} faults have this id" for name, count in ids.items() if count > 1] + [
        text for text in (complaint(source, fault) for fault in faults) if text is not None]


class Tap:
    """One run of one test, judged as it prints: it is stopped at the first line that says it failed."""

    def __init__(self):
        self.failed, self.plan, self.count = None, None, 0

    def line(self, line):
        if re.match(r"not ok\b", line) and not re.search(r"# TODO\b", line):
            self.failed = line.strip()
        elif line.startswith("Bail out!"):
            self.failed = line.strip()
        elif plan := re.match(r"1\.\.([0-9]+)", line):
            self.plan = int(plan.group(1))
        self.count += bool(re.match(r"(not )?ok\b", line))
        return self.failed is None

    def end(self, status):
        if self.failed is None and status != 0:
            self.failed = f"ended with status {status}"
        if self.failed is None and self.plan != self.count:
            self.failed = f"{self.count} checks, planned were {self.plan}"
        return self.failed


class Tree:
    """A copy of the source with a build of its own.  The build refers to the copy by a relative path, so both can be copied."""

    def __init__(self, work, timeout):
        self.work, self.tree, self.build, self.timeout = work, work / "tree", work / "build", timeout
        self.changed = None

    def command(self, *command):
        done = subprocess.run(command, cwd=self.build, env=dict(os.environ, MAKEFLAGS=""), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            raise Invalid(f"{' '.join(command)}:\n{done.stdout.decode(errors='replace')[-3000:]}")

    def make(self, targets):
        if targets:
            self.command("make", "-s", f"-j{os.cpu_count()}", *targets)

    def copy(self, source):
        self.build.mkdir(parents=True, exist_ok=True)
        names = subprocess.run(["git", "ls-files", "-z"], cwd=source, check=True, stdout=subprocess.PIPE).stdout
        for name in filter(None, names.decode().split("\0")):
            here, there = source / name, self.tree / name
            if not here.is_file() or (there.is_file() and there.read_bytes() == here.read_bytes()):
                continue
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(here, there)

    def prepare(self, source, programs):
        self.copy(source)
        if not (self.build / "config.status").exists():
            if not (self.tree / "configure").exists():
                self.command("autoreconf", "-i", "../tree")
            self.command("../tree/configure", "-q", "CFLAGS=-O1 -g0", f"CC={self.compiler()}")
        self.make(["all", *HELPERS, *programs])

    @staticmethod
    def compiler():
        return "ccache gcc" if shutil.which("ccache") else "gcc"

    def environment(self, folder):
        return dict(os.environ, P11CA_TESTS_MUST_RUN="1", CMOCKA_MESSAGE_OUTPUT="TAP", srcdir="../tree", top_builddir=".",
                    CC="gcc", LC_ALL="C.UTF-8", TMPDIR=str(folder))

    def failure(self, test):
        """Why the test fails, or None."""
        if test.endswith(".t"):
            command = ["sh", f"../tree/{test}"]
        else:
            self.make([test])
            command = [f"./{test}"]
        folder = self.work / "tmp"
        folder.mkdir(exist_ok=True)
        try:
            return self.judged(command, self.environment(folder))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def judged(self, command, environment):
        tap, expired = Tap(), threading.Event()
        with subprocess.Popen(command, cwd=self.build, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, start_new_session=True, encoding="utf-8", errors="replace") as child:
            clock = threading.Timer(self.timeout, lambda: (expired.set(), group_end(child)))
            clock.start()
            try:
                for line in child.stdout:
                    if not tap.line(line):
                        group_end(child)
                        break
                return f"runs for more than {self.timeout} s" if expired.is_set() else tap.end(child.wait())
            finally:
                clock.cancel()

    def put(self, fault):
        """Puts the fault in and restores the file that had the one before."""
        path = self.tree / fault["file"]
        text = mutated(fault, self.restored(path))
        path.write_text(text, encoding="utf-8")
        self.changed = (path, self.original)

    def restored(self, path):
        if self.changed is not None and self.changed[0] != path:
            self.changed[0].write_text(self.changed[1], encoding="utf-8")
        if self.changed is None or self.changed[0] != path:
            self.original = path.read_text(encoding="utf-8")
        return self.original

    def noticed_by(self, fault, is_sound):
        """The test that notices the fault and how, or None."""
        self.put(fault)
        built = False
        for test in fault["tests"]:
            if test.endswith(".t") and not built:
                self.make(["p11ca", *HELPERS])
                built = True
            failure = self.failure(test)
            if failure is not None and is_sound(test):
                return test, failure
        return None


def group_end(child):
    """Ends a test and what it started; tests remove their folders at SIGTERM."""
    for number in signal.SIGTERM, signal.SIGKILL:
        try:
            os.killpg(child.pid, number)
            child.wait(10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass


class Run:
    """The faults that wait, the trees in which they are tried, and what came out."""

    def __init__(self, options, faults, work):
        self.options, self.waiting, self.lock = options, list(faults), threading.Lock()
        self.noticed, self.survivors, self.invalid, self.broken = [], [], [], []
        self.clean, self.passes, self.clean_lock = Tree(work / "clean", options.timeout), {}, threading.Lock()
        self.work, self.end = work, None

    def next(self, last):
        """A fault of the file that the worker has changed last, so that fewer files are compiled again."""
        with self.lock:
            if not self.waiting or time.monotonic() > self.end:
                return None
            fault = next((fault for fault in self.waiting if fault["file"] == last), self.waiting[0])
            self.waiting.remove(fault)
            return fault

    def is_sound(self, test):
        """The test passes without a fault."""
        with self.clean_lock:
            if test not in self.passes:
                failure = self.clean.failure(test) and self.clean.failure(test)
                self.passes[test] = failure is None
                if failure is not None:
                    self.broken.append(test)
                    print(f"BROKEN    {test} fails without a fault: {failure}", flush=True)
            return self.passes[test]

    def attempt(self, tree, fault):
        seen = tree.noticed_by(fault, self.is_sound)
        if seen is None and any(self.passes.get(test) is False for test in fault["tests"]):
            raise Invalid("a test that may notice it fails without it")
        with self.lock:
            (self.survivors if seen is None else self.noticed).append(fault)
            if seen is not None:
                print(f"noticed   {fault['id']} ({seen[0]}: {seen[1]})", flush=True)
            elif "explained" in fault:
                print(f"explained {fault['id']}: {fault['explained']}", flush=True)
            else:
                print(f"SURVIVED  {fault['id']}: promise {fault['promise']}", flush=True)

    def worker(self, number):
        folder, last = self.work / str(number), None
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run(["cp", "-a", str(self.work / "clean"), str(folder)], check=True)
        tree = Tree(folder, self.options.timeout)
        while (fault := self.next(last)) is not None:
            last = fault["file"]
            try:
                self.attempt(tree, fault)
            except Invalid as invalid:
                with self.lock:
                    self.invalid.append(fault)
                    print(f"INVALID   {fault['id']}: {invalid}", flush=True)

    def all(self):
        programs = {test for fault in self.waiting for test in fault["tests"] if not test.endswith(".t")}
        self.clean.prepare(self.options.source, sorted(programs))
        self.end = time.monotonic() + self.options.seconds
        threads = [threading.Thread(target=self.worker, args=(i,)) for i in range(self.options.workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def table(run):
    counts = collections.defaultdict(lambda: [0, 0, 0])
    for column, faults in enumerate([run.noticed, run.survivors]):
        for fault in faults:
            counts[fault["component"]][2 if column == 1 and "explained" in fault else column] += 1
    rows = [(name, *counts[name]) for name in sorted(counts)]
    rows.append(("all", *(sum(column) for column in zip([0, 0, 0], *counts.values()))))
    print(f"{'component':<14}{'seeded':>8}{'noticed':>9}{'survivors':>11}{'explained':>11}")
    for name, noticed, survived, explained in rows:
        print(f"{name:<14}{noticed + survived + explained:>8}{noticed:>9}{survived:>11}{explained:>11}")


def result(run):
    """Prints it.  A sample is a test of the tests only: that every fault fits is what tests/meta/mutation.t tests."""
    if run.waiting:
        print(f"not tried for want of time: {len(run.waiting)}")
    table(run)
    explained = sum("explained" in fault for fault in run.survivors)
    failed = len(run.survivors) - explained + (0 if run.options.sample else len(run.invalid) + len(run.broken))
    print(f"{len(run.noticed) + explained} passed, {failed} failed")
    return 1 if failed else 0


def memory():
    """Where nothing has to reach a disk, if there is room, or None.  Names of sockets have to be short."""
    folder = "/dev/shm"
    return folder if os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > 1 << 31 else None


def run_faults(options, faults):
    with tempfile.TemporaryDirectory(prefix="p11ca-mutation.", dir=options.work or memory()) as work:
        run = Run(options, faults, pathlib.Path(work))
        try:
            run.all()
        except Invalid as invalid:
            print(f"cannot build without a fault: {invalid}")
            return 1
        return result(run)


def chosen(options, faults):
    """The faults that the options select, those of one file together, quick tests before slow ones."""
    for fault in faults:
        fault["tests"] = [test for test in fault["tests"] if not options.without or options.without not in test]
        fault["tests"].sort(key=lambda test: test.endswith(".t"))
    faults = [fault for fault in faults if fault["tests"] and (options.only in fault["id"] or options.only in fault["file"])]
    if options.list:
        faults = [fault for fault in faults if fault["component"] in options.list]
    if options.sample:
        print(f"seed {options.seed}", flush=True)
        faults = random.Random(options.seed).sample(faults, min(options.sample, len(faults)))
    return sorted(faults, key=lambda fault: fault["file"])


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("action", choices=["check", "run"])
    parser.add_argument("source", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("work", nargs="?", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", default=str(random.SystemRandom().randrange(1000000)))
    parser.add_argument("--only", default="")
    parser.add_argument("--list", action="append")
    parser.add_argument("--without")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--timeout", type=int, default=600)
    parser.add_argument("--seconds", type=int, default=1000000)
    return parser.parse_args()


def main():
    options = arguments()
    try:
        faults = faults_read(options.source)
    except Invalid as invalid:
        print(invalid)
        return 1
    if options.action == "check":
        found = complaints(options.source, faults)
        print("\n".join(found + [f"{len(faults)} faults"]))
        return 1 if found else 0
    return run_faults(options, chosen(options, faults))


sys.exit(main())

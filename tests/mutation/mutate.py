#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mutate.py - puts seeded faults into the code, one at a time, and reports those that no test notices.

    mutate.py check SOURCE                     every fault of SOURCE/tests/mutation/*.faults can be put in
    mutate.py run SOURCE WORK [OPTION...]      builds a copy of SOURCE in WORK and tries them

Options of run: --sample N, --seed SEED, --only TEXT (part of an id or of a file name), --workers N, --timeout SECONDS.

A fault is a block of lines "key: value"; blocks are separated by empty lines, lines that begin with # are comments:

    id: file-write-unsynced
    file: src/util/file.c
    promise: 3 a file is on the disk before it has its name
    tests: tests/unit/test_file tests/faults/durable.t
    after: int file_write_one(
    from: if (write_all(fd, b) < 0 || fsync(fd) < 0) {
    to: if (write_all(fd, b) < 0) {

The first "from" behind the text "after" is replaced by "to"; without "after", "from" stands in the file once.
In "after", "from" and "to", ⏎ is a line break and ⇥ a tab.  "explained: REASON" marks a fault that no test can notice.
A fault is noticed when one of its tests fails, crashes or hangs.
"""
import argparse
import collections
import os
import pathlib
import random
import shutil
import subprocess
import sys
import threading

KEYS = {"id", "file", "promise", "tests", "after", "from", "to", "explained"}
NEEDED = {"id", "file", "promise", "tests", "from", "to"}
LIBRARIES = ["p11fault.la", "residue.la"]


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


def complaints(source, faults):
    ids = collections.Counter(fault["id"] for fault in faults)
    for name, count in ids.items():
        if count > 1:
            yield f"{name}: {count} faults have this id"
    for fault in faults:
        path = source / fault["file"]
        if not path.is_file():
            yield f"{fault['id']}: there is no {fault['file']}"
            continue
        try:
            mutated(fault, path.read_text(encoding="utf-8"))
        except Invalid as invalid:
            yield str(invalid)
        for test in fault["tests"]:
            if not (source / test).is_file() and not (source / f"{test}.c").is_file():
                yield f"{fault['id']}: there is no {test}"


class Tree:
    """A copy of the source with a build of its own."""

    def __init__(self, source, work, timeout):
        self.source, self.tree, self.build, self.timeout = source, work / "tree", work / "build", timeout

    def run(self, *command, seconds=None, check=True):
        environment = dict(os.environ, P11CA_TESTS_MUST_RUN="1", MAKEFLAGS="")
        done = subprocess.run(command, cwd=self.build, env=environment, timeout=seconds, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if check and done.returncode != 0:
            raise Invalid(f"{' '.join(command)}:\n{done.stdout.decode(errors='replace')[-3000:]}")
        return done

    def copy(self):
        self.build.mkdir(parents=True, exist_ok=True)
        names = subprocess.run(["git", "ls-files", "-z"], cwd=self.source, check=True, stdout=subprocess.PIPE).stdout
        for name in filter(None, names.decode().split("\0")):
            here, there = self.source / name, self.tree / name
            if not here.is_file() or (there.is_file() and there.read_bytes() == here.read_bytes()):
                continue
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(here, there)

    def make(self, *targets):
        self.run("make", "-s", "-j2", *targets)

    def prepare(self):
        self.copy()
        if not (self.build / "config.status").exists():
            self.run("autoreconf", "-i", str(self.tree))
            self.run(str(self.tree / "configure"), "-q", "CFLAGS=-O1 -g0")
        self.make("all", *LIBRARIES)
        self.make("check", "TESTS=")

    def passes(self, test):
        try:
            done = self.run("make", "-s", "check-TESTS", f"TESTS={test}", seconds=self.timeout, check=False)
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0

    def noticed_by(self, fault):
        """The test that notices the fault, or None."""
        path = self.tree / fault["file"]
        text = path.read_text(encoding="utf-8")
        path.write_text(mutated(fault, text), encoding="utf-8")
        try:
            self.make("p11ca", *LIBRARIES)
            return next((test for test in fault["tests"] if not self.passes(test)), None)
        finally:
            path.write_text(text, encoding="utf-8")


class Run:
    def __init__(self, faults):
        self.waiting, self.lock = collections.deque(faults), threading.Lock()
        self.noticed, self.survivors, self.invalid = [], [], []

    def next(self):
        with self.lock:
            return self.waiting.popleft() if self.waiting else None

    def report(self, fault, test):
        with self.lock:
            (self.noticed if test else self.survivors).append(fault)
            if test:
                print(f"noticed   {fault['id']} ({test})", flush=True)
            else:
                reason = fault.get("explained")
                print(f"SURVIVED  {fault['id']}: promise {fault['promise']}" + (f"; explained: {reason}" if reason else ""),
                      flush=True)

    def work(self, tree):
        try:
            tree.prepare()
        except Invalid as invalid:
            self.invalid.append(str(invalid))
            return
        while (fault := self.next()) is not None:
            try:
                self.report(fault, tree.noticed_by(fault))
            except Invalid as invalid:
                with self.lock:
                    self.invalid.append(f"{fault['id']}: {invalid}")

    def baseline(self, tree):
        """Without a fault, every test that is going to be asked passes."""
        tree.prepare()
        tests = sorted({test for fault in self.waiting for test in fault["tests"]})
        self.invalid += [f"{test} fails without a fault" for test in tests if not tree.passes(test)]


def table(run):
    rows = collections.defaultdict(lambda: [0, 0, 0])
    for fault in run.noticed:
        rows[fault["component"]][0] += 1
    for fault in run.survivors:
        rows[fault["component"]][2 if "explained" in fault else 1] += 1
    print("component   seeded  noticed  survivors  explained")
    for name, (noticed, survived, explained) in sorted(rows.items()):
        print(f"{name:<12}{noticed + survived + explained:>6}{noticed:>9}{survived:>11}{explained:>11}")


def run_faults(options, faults):
    run = Run(faults)
    trees = [Tree(options.source, options.work / str(i), options.timeout) for i in range(options.workers)]
    try:
        run.baseline(trees[0])
    except Invalid as invalid:
        run.invalid.append(str(invalid))
    if not run.invalid:
        threads = [threading.Thread(target=run.work, args=(tree,)) for tree in trees]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for text in run.invalid:
        print(f"INVALID   {text}")
    table(run)
    unexplained = [fault for fault in run.survivors if "explained" not in fault]
    failed = len(unexplained) + len(run.invalid)
    print(f"{len(run.noticed) + len(run.survivors) - len(unexplained)} passed, {failed} failed")
    return 1 if failed else 0


def arguments():
    parser = argparse.ArgumentParser(add_help=True)
    parser.add_argument("action", choices=["check", "run"])
    parser.add_argument("source", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("work", nargs="?", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", default=str(random.SystemRandom().randrange(1000000)))
    parser.add_argument("--only", default="")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--timeout", type=int, default=600)
    return parser.parse_args()


def main():
    options = arguments()
    try:
        faults = faults_read(options.source)
    except Invalid as invalid:
        print(invalid)
        return 1
    found = list(complaints(options.source, faults))
    if found or options.action == "check":
        print("\n".join(found + [f"{len(faults)} faults"]))
        return 1 if found else 0
    faults = [fault for fault in faults if options.only in fault["id"] or options.only in fault["file"]]
    if options.sample is not None:
        print(f"seed {options.seed}", flush=True)
        faults = random.Random(options.seed).sample(faults, min(options.sample, len(faults)))
    return run_faults(options, faults)


sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""durable.py - judges a trace by strace: what was on the disk when the next step began.

    durable.py TRACE CALLS-LOG HOME OUTPUTS [pipeline]

TRACE: strace -f -y of one run, with openat, write, pwrite64, fsync, fdatasync, rename*, link*; for a pipeline with the
whole of what is written (-s 4096).
CALLS-LOG: path of the fault proxy's log; a line "C_Sign" written to it marks the moment when the token signs.
Below HOME (where the ledger is) and OUTPUTS:
  * a file receives its name only after it was synced since its last write, and its folder is synced afterwards;
  * a file that is made under its final name in OUTPUTS is synced at the end, and its folder as well;
  * a file is made for its owner only; a wider mode is set on the descriptor;
  * when the token signs, and when a file receives its name, everything that was written to the ledger is synced; in a
    pipeline, in which the ledger records other certificates meanwhile: at least as many certificates as the token signs
    are synced with their TBS, and at least as many as there are files as issued.
Prints one line per violation, then "N names, M signatures".
"""
import os
import re
import sys

CALL = re.compile(r"^\d+ +(?P<name>\w+)\((?P<args>.*)\) += (?P<result>-?\d+)")
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
MODE = re.compile(r", (0[0-7]*)$")
DESCRIPTOR = re.compile(r"^\d+<([^>]*)>")
WAL = "ledger.db-wal"
EVENT = re.compile(r"\\nkind: (certificate-signing|certificate-issued)\\nobject: certificate ([0-9a-f]+)")


def joined(lines):
    """Calls that another thread interrupted are put together again."""
    open_calls = {}
    for line in lines:
        pid = line.split(" ", 1)[0]
        if line.rstrip().endswith("<unfinished ...>"):
            open_calls[pid] = line.rstrip()[: -len("<unfinished ...>")].rstrip()
            continue
        resumed = re.match(r"^\d+ +<\.\.\. \w+ resumed>(.*)$", line)
        if resumed and pid in open_calls:
            line = open_calls.pop(pid) + resumed.group(1)
        yield line


class Judge:
    def __init__(self, calls_log, home, outputs, is_pipeline):
        self.is_pipeline, self.events, self.synced_events = is_pipeline, set(), set()
        self.n_certificates = 0
        self.calls_log, self.folders, self.outputs = calls_log, (home, outputs), outputs
        self.unsynced, self.unsynced_names, self.made = set(), {}, set()
        self.names = self.signatures = 0
        self.violations = []

    def is_ours(self, path):
        return any(path.startswith(folder + "/") for folder in self.folders)

    def written(self, path, args):
        if path == self.calls_log:
            if '"C_Sign ' in args:
                self.signatures += 1
                self.is_recorded("the token signs", "certificate-signing", self.signatures)
        elif self.is_ours(path):
            self.unsynced.add(path)
            if self.is_pipeline and path.endswith(WAL):
                self.events.update(EVENT.findall(args))

    def is_recorded(self, moment, kind, n):
        if not self.is_pipeline:
            self.ledger_is_synced(moment)
        elif len([event for event in self.synced_events if event[0] == kind]) < n:
            self.violations.append(f"{moment} for certificate {n}, and fewer have their event {kind} on the disk")

    def ledger_is_synced(self, moment):
        for path in self.unsynced:
            if path.endswith(WAL):
                self.violations.append(f"{moment} while the ledger is not synced")

    def created(self, path, mode):
        if mode and int(mode.group(1), 8) & 0o077:
            self.violations.append(f"{path} is made with mode {mode.group(1)}")
        if path.startswith(self.outputs + "/"):
            self.made.add(path)
            self.unsynced_names[path] = os.path.dirname(path)

    def synced(self, path):
        self.unsynced.discard(path)
        if path.endswith(WAL):
            self.synced_events |= self.events
            self.events = set()
        self.unsynced_names = {p: f for p, f in self.unsynced_names.items() if f != path}

    def named(self, old, new):
        if not self.is_ours(new):
            return
        self.names += 1
        if old in self.unsynced:
            self.violations.append(f"{new} receives its name before it is synced")
        self.unsynced.discard(old)
        self.made.discard(old)
        self.unsynced_names.pop(old, None)
        if not self.is_pipeline:
            self.ledger_is_synced(f"{new} receives its name")
        elif new.endswith(".pem"):
            self.n_certificates += 1
            self.is_recorded(f"{new} receives its name", "certificate-issued", self.n_certificates)
        self.unsynced_names[new] = os.path.dirname(new)

    def call(self, name, args):
        descriptor = DESCRIPTOR.match(args)
        strings = STRING.findall(args)
        if name == "openat" and "O_CREAT" in args and self.is_ours(strings[0]):
            self.created(strings[0], MODE.search(args))
        elif name in ("write", "pwrite64") and descriptor:
            self.written(descriptor.group(1), args)
        elif name in ("fsync", "fdatasync") and descriptor:
            self.synced(descriptor.group(1))
        elif name.startswith(("rename", "link")) and len(strings) == 2:
            self.named(*strings)

    def end(self):
        for path in self.made:
            if not os.path.exists(path):
                continue
            self.names += 1
            if path in self.unsynced:
                self.violations.append(f"{path} is not synced after its last write")
        for path in self.unsynced_names:
            if os.path.exists(path):
                self.violations.append(f"the folder of {path} is not synced after it received its name")


def main():
    trace, calls_log, home, outputs = sys.argv[1:5]
    judge = Judge(calls_log, home, outputs, sys.argv[5:] == ["pipeline"])
    with open(trace, encoding="utf-8", errors="replace") as lines:
        for line in joined(lines):
            m = CALL.match(line)
            if m and int(m.group("result")) >= 0:
                judge.call(m.group("name"), m.group("args"))
    judge.end()
    for violation in judge.violations:
        print(violation)
    print(f"{judge.names} names, {judge.signatures} signatures")
    return 1 if judge.violations else 0


sys.exit(main())

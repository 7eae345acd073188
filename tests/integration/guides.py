# SPDX-License-Identifier: MIT
# guides.py FILE FOLDER - runs the ```sh blocks of a guide in one shell, in order, and compares the ```text blocks.
# Prints "ok NAME" or "fail NAME" for each block, "skipped N" at the end, and details on lines that begin with a tab.
import os
import re
import subprocess
import sys

MARK = "<!-- not run in the tests: "
# OpenSSL 3.0 writes CN = alice, 3.5 CN=alice.
MASKS = [(r"[0-9a-f]{8,}", "HEX"), (r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\dZ?)?", "DATE"), (r" = ", "="), (r"\s+", " ")]


def blocks(text):
    """(line, language, content, is run) of each fenced block."""
    found, language, before = [], None, ""
    for n, line in enumerate(text.splitlines(), 1):
        if language is None and line.startswith("```"):
            language, start, body = line[3:], n, []
            runs = not before.startswith(MARK)
        elif language is not None and line == "```":
            found.append((start, language, "\n".join(body), runs))
            language = None
        elif language is not None:
            body.append(line)
        if line.strip():
            before = line
    assert language is None, "a block has no end"
    return found


def mask(line):
    for pattern, word in MASKS:
        line = re.sub(pattern, word, line)
    return line.strip()


def is_shown(shown, output):
    """Whether the lines stand in the output, one after the other; a line … leaves lines out."""
    want, have = [mask(l) for l in shown.splitlines()], [mask(l) for l in output.splitlines()]
    at, anywhere = 0, True
    for line in want:
        if line == "…":
            anywhere = True
            continue
        while anywhere and at < len(have) and have[at] != line:
            at += 1
        if at >= len(have) or have[at] != line:
            return False
        at, anywhere = at + 1, False
    return True


def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


def main():
    guide, folder = sys.argv[1], sys.argv[2]
    os.makedirs(folder)
    found = blocks(read(guide))
    run = [b for b in found if b[1] == "sh" and b[3]]
    script = os.path.join(folder, "script.sh")
    with open(script, "w", encoding="utf-8") as f:
        f.write("set -eu\n")
        for line, _, body, _ in run:
            base = os.path.join(folder, str(line))
            f.write(f"exec >'{base}.out' 2>'{base}.err'\n{body}\n: >'{base}.done'\n")
    subprocess.run(["sh", script], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    last = None
    for line, language, body, runs in found:
        base = os.path.join(folder, str(line))
        if language == "sh" and runs:
            done = os.path.exists(base + ".done")
            print(f"{'ok' if done else 'fail'} the commands at line {line} run")
            if not done and os.path.exists(base + ".err"):
                print("\t" + (read(base + ".out") + read(base + ".err")).replace("\n", "\n\t"))
            last = base
        elif language == "text" and last is not None:
            output = read(last + ".out") if os.path.exists(last + ".out") else ""
            same = is_shown(body, output)
            print(f"{'ok' if same else 'fail'} they print what line {line} shows")
            if not same:
                print("\t" + output.replace("\n", "\n\t"))
        elif language not in ("sh", "text"):
            print(f"fail the block at line {line} is neither sh nor text")
    print("skipped", sum(1 for b in found if b[1] == "sh" and not b[3]))


main()

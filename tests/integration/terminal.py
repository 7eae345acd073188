# SPDX-License-Identifier: MIT
"""terminal.py - runs commands on a pseudo-terminal, answers their prompts, and reports what a terminal would show wrongly.

terminal.py COLUMNS FOLDER ROWS: each line of the file ROWS is `ANSWERS<TAB>COMMAND` (answers separated by spaces; a shell runs
the command). The screen of command N is kept in FOLDER/N. Prints one line per fault, and at last the numbers of commands,
lines, prompts and escape bytes.
"""
import fcntl, os, pty, re, select, struct, sys, termios, unicodedata

PROMPT = r"Enter (?:new )?PIN|Repeat the new|Type '"
ASKS = re.compile(b"(?:%s)[^:]*: $" % PROMPT.encode())


def width(text):
    """The columns of a line, by East Asian Width and combining class; independent of the library that p11ca uses."""
    visible = re.sub(r"\033\[[0-9;]*m", "", text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in visible)


def run(columns, answers, command):
    """Returns what the command writes to a terminal of that size."""
    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        os.execvp("sh", ["sh", "-c", command])
    screen = b""
    while select.select([terminal], [], [], 60)[0]:  # a prompt without an answer ends the command
        try:
            data = os.read(terminal, 65536)
        except OSError:  # EIO: the command has ended
            break
        if not data:
            break
        screen += data
        if answers and ASKS.search(screen[-300:]):
            os.write(terminal, answers.pop(0).encode() + b"\n")
    os.close(terminal)
    os.waitpid(child, 0)
    return screen.decode()


def faults(columns, screen, asks):
    """The faults of a screen, and the number of prompts. What a carriage return overwrites is a line of its own."""
    found, prompts = [], 0
    for line in screen.replace("\r\n", "\n").split("\n"):
        for part in line.split("\r"):
            if width(part) > columns:
                found.append("%d columns: %r" % (width(part), part))
        for match in re.finditer(PROMPT, line.split("\r")[-1] if asks else ""):
            prompts += 1
            if match.start() != 0:
                found.append("a prompt is not at the beginning of a line: %r" % line)
    return found, prompts


def main():
    columns, folder, rows = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    n = lines = prompts = escapes = 0
    for n, row in enumerate(open(rows, encoding="utf-8"), 1):
        answers, command = row.rstrip("\n").split("\t")
        screen = run(columns, answers.split(), command)
        with open("%s/%d" % (folder, n), "w", encoding="utf-8", newline="") as copy:
            copy.write(screen)
        found, asked = faults(columns, screen, answers != "")
        lines += screen.count("\n")
        prompts += asked
        escapes += screen.count("\033")
        if screen.strip() == "":
            found.append("nothing was printed")
        for fault in found:
            print("fault: %s: %s" % (command, fault))
    print("commands=%d lines=%d prompts=%d escapes=%d" % (n, lines, prompts, escapes))


main()

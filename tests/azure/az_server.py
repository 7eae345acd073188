# SPDX-License-Identifier: MIT
"""az_server.py SOCKET - runs /usr/bin/az for each client of SOCKET, in a process of its own.

az needs a second to import its modules.  Here each run is forked from a process that has imported those of the runs
before it, and nothing else: arguments, environment, folder and open files are the client's, as is the exit status.
While az waits, for the end of an operation or before another try, time passes forty times as fast: the mock's operations
take 0.3 s, and Azure's take minutes."""
import array
import atexit
import importlib
import json
import os
import runpy
import socket
import sys
import time
import traceback

FASTER = 40


def receive(connection):
    """What the client sends: its open files, then the length of the rest, then the rest."""
    head, ancillary, _, _ = connection.recvmsg(4, socket.CMSG_SPACE(3 * 4))
    files = array.array("i")
    files.frombytes(ancillary[0][2])
    length, data = int.from_bytes(head, "big"), b""
    while len(data) < length:
        part = connection.recv(length - len(data))
        if not part:
            raise ConnectionError("the client has gone")
        data += part
    return list(files), json.loads(data)


def run(files, request):
    """In the new process: the exit status of az."""
    for number, file in enumerate(files):
        os.dup2(file, number)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sleep = time.sleep
    time.sleep = lambda seconds: sleep(seconds / FASTER)
    sys.argv = ["/usr/bin/az"] + request["arguments"]
    status = 0
    try:
        runpy.run_path("/usr/bin/az", run_name="__main__")
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else end.code is not None
    except BaseException:  # pylint: disable=broad-except # as the interpreter would
        traceback.print_exc()
        status = 1
    atexit._run_exitfuncs()  # pylint: disable=protected-access
    sys.stdout.flush()
    sys.stderr.flush()
    return int(status)


def serve(connection):
    files, request = receive(connection)
    names, names_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(names)
        known = set(sys.modules)
        status = run(files, request)
        with os.fdopen(names_end, "w", encoding="utf-8") as file:
            file.write("\n".join(name for name in sys.modules if name not in known))
        os._exit(status)
    os.close(names_end)
    for file in files:
        os.close(file)
    with os.fdopen(names, encoding="utf-8") as file:
        imported = file.read().split("\n")
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    connection.sendall(bytes([status if status >= 0 else 128 - status]))
    connection.close()
    for name in imported:
        if name and not name.endswith("__main__"):
            try:
                importlib.import_module(name)
            except Exception:  # pylint: disable=broad-except # it was made by another, and will be again
                pass


def main(path):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path + ".new")
    listener.listen()
    os.rename(path + ".new", path)
    parent = os.getppid()
    listener.settimeout(1)
    while os.getppid() == parent:  # a test that is killed leaves nothing running
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            continue
        connection.setblocking(True)
        with connection:
            try:
                serve(connection)
            except ConnectionError:
                pass


main(sys.argv[1])

# SPDX-License-Identifier: MIT
"""cycles.py KNOWN SOURCE-DIR BUILD-DIR FOLDER... - dependency cycles between source files, from their object files.

A file depends on another when its object file needs a symbol that the other's object file defines.  Prints one line
for each cycle, "a.c -> b.c (function) -> a.c (function)", unless the file KNOWN lists all files of the cycle, a line
"FILE FUNCTION" each.  Prints the lines of KNOWN that are no longer needed, too.  Exit status 1: something was printed.
"""
import collections
import os
import re
import subprocess
import sys


def source(path):
    """the source file of an object file: automake puts LIBRARY- before the name where flags are the library's own"""
    folder, name = os.path.split(os.path.splitext(path)[0] + ".c")
    return os.path.join(folder, re.sub(r"^(lib[a-z0-9]+_a|p11ca)-", "", name))


def objects(sources, build, folders):
    """object files whose source file is still there"""
    for folder in folders:
        for root, names, files in os.walk(os.path.join(build, folder)):
            names[:] = sorted(n for n in names if n not in (".libs", ".deps"))
            for name in sorted(files):
                path = os.path.relpath(os.path.join(root, name), build)
                if name.endswith(".o") and os.path.exists(os.path.join(sources, source(path))):
                    yield path


def read_symbols(build, paths):
    """{path: (defined, needed)}, of one call of nm"""
    found = {source(path): (set(), set()) for path in paths}
    text = subprocess.run(["nm", "-A", "-g"] + paths, cwd=build, check=True, capture_output=True, text=True).stdout
    for line in text.splitlines():
        path, rest = line.split(":", 1)
        *_, kind, name = rest.split()
        found[source(path)][kind in "Uw"].add(name)
    return found


def dependencies(symbols):
    """{source file: {source file: symbol}}"""
    owner = {name: path for path, (defined, _) in symbols.items() for name in defined}
    graph = collections.defaultdict(dict)
    for path, (_, needed) in symbols.items():
        for name in sorted(needed):
            if name in owner and owner[name] != path:
                graph[path].setdefault(owner[name], name)
    return graph


def reachable(graph, start):
    seen, todo = set(), [start]
    while todo:
        for other in graph.get(todo.pop(), ()):
            if other not in seen:
                seen.add(other)
                todo.append(other)
    return seen


def shortest_cycle(graph, start):
    """[(file, symbol)] back to start, which is in a cycle"""
    came, todo = {}, collections.deque([start])
    while start not in came:
        at = todo.popleft()
        for other, name in sorted(graph.get(at, {}).items()):
            if other not in came:
                came[other] = (at, name)
                todo.append(other)
    path, at = [], start
    while not path or at != start:
        before, name = came[at]
        path.insert(0, (at, name))
        at = before
    return path


def cycles(graph):
    """(line, {file: symbol}) of each strongly connected component of more than one file"""
    reach = {path: reachable(graph, path) for path in list(graph)}
    done = set()
    for start in sorted(graph):
        if start in done or start not in reach[start]:
            continue
        component = {other for other in reach[start] if start in reach.get(other, ())}
        done |= component
        inside = {a: {b: n for b, n in graph[a].items() if b in component} for a in component}
        path = shortest_cycle(inside, start)
        text = start + "".join(" -> %s (%s)" % step for step in path)
        if len(component) > len(path):
            text += " and %d more files" % (len(component) - len(path))
        yield text, {a: min(inside[a].values()) for a in component}


def main():
    known_path, sources, build, *folders = sys.argv[1:]
    with open(known_path, encoding="utf-8") as file:
        known = {line.split()[0]: line.strip() for line in file if line.strip()}
    paths = list(objects(sources, build, folders))
    if not paths:
        sys.exit("no object files below " + build)
    bad, needed = 0, set()
    for text, functions in cycles(dependencies(read_symbols(build, paths))):
        needed |= functions.keys()
        unknown = sorted(functions.keys() - known.keys())
        if unknown:
            bad = 1
            print("cycle:", text)
            for path in unknown:
                print("  in it:", path, functions[path])
    for path in sorted(known.keys() - needed):
        bad = 1
        print("no longer in a cycle:", known[path])
    return bad


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: MIT
# named_commands.py - finds the commands that texts name: one line of JSON each, [PLACE, KIND, TEXT].
#
#   named_commands.py FILE...     C sources and tables, Markdown, mdoc, PowerShell and p11ca's JSON, by their names' ends
#
# KIND is "block" for a line of an example, "script" for fenced shell code, "span" for words between backticks, "whole"
# for a text of the program that begins with a command, "bare" for what looks like a command inside running text, "cut" for
# a text that ends inside of backticks, "ps1" for a cmdlet in a script.
import json
import re
import sys

# A C comment, a string, or a character: whichever begins first.
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|[^\s"\'/]+|/|\s+', re.S)
ESCAPE = re.compile(r'\\(n|t|"|\\|\'|x[0-9a-fA-F]{2}|.)')
SPAN = re.compile(r'`` ?(.+?) ?``|`([^`\n]+(?:\n[^`\n]+)?)`')


def unescape(text):
    names = {'n': '\n', 't': '\t', '"': '"', '\\': '\\', "'": "'"}
    return ESCAPE.sub(lambda m: names.get(m[1], chr(int(m[1][1:], 16)) if m[1][0] == 'x' else m[1]), text)


def c_macros(texts):
    """NAME "text": macros that stand among literals."""
    found = {}
    for text in texts.values():
        for m in re.finditer(r'^#define (\w+)((?:\s*(?:\\\n)?\s*"(?:[^"\\\n]|\\.)*")+)', text, re.M):
            found[m[1]] = ''.join(unescape(s) for s in re.findall(r'"((?:[^"\\\n]|\\.)*)"', m[2]))
    return found


def c_strings(text, macros):
    """Adjacent literals are one, as the compiler joins them.  Yields (line, string)."""
    run, first, line = '', 0, 1
    for m in TOKEN.finditer(text):
        word = m[0]
        if word[0] == '"':
            first = first or line
            run += unescape(word[1:-1])
        elif re.sub(r'[,;)}]+$', '', word) in macros and not word.startswith('#'):
            first = first or line
            run += macros[re.sub(r'[,;)}]+$', '', word)]
            if word[-1] in ',;)}':
                yield first, run
                run, first = '', 0
        elif not word.isspace() and not word.startswith(('/*', '//')) and word != '\\':
            if run:
                yield first, run
            run, first = '', 0
        line += word.count('\n')
    if run:
        yield first, run


def clean(text):
    return re.sub(r'\s+', ' ', text).strip()


# What looks like a command in running text: a program, and what only a command has behind it.
BARE = re.compile(r'''(?<![\w./`-])(?:
    p11ca\ (?:[a-z]+\ )?[a-z]+(?=[ .,;:)]|$) |
    az\ (?:network|resource|account|deployment|extension|login|rest|version)\b |
    (?:openssl|pkcs11-tool|softhsm2-util|sqlite3|certtool|swanctl|nmcli|openvpn|systemctl|certreq|certutil|apt|ipsec)
        \ (?:-{1,2}[a-z]|[a-z0-9]+\ -{1,2}[a-z]) |
    ch(?:mod|own)\ (?:-R\ )?[0-7ugoa] |
    (?:Get|Set|Add|New|Remove|Disconnect|Import|Resolve)-[A-Z]\w+
    )''', re.X)


def bare(place, text):
    without = SPAN.sub(lambda m: ' ' * len(m[0]), text)
    for m in BARE.finditer(without):
        yield place, 'bare', clean(without[m.start():m.start() + 90])


def commands_of(block):
    """The commands among (place, line): those after a prompt where there is one, else all; \\ continues a line, as "for" does."""
    is_session = any(line.startswith('$ ') for _, line in block)
    pending, start = '', None
    for place, line in block:
        if is_session and not pending and not line.startswith('$ '):
            continue
        start = start or place
        pending += (' ' if pending else '') + (line[2:] if line.startswith('$ ') else line).strip()
        if pending.endswith('\\'):
            pending = pending[:-1].rstrip()
            continue
        if pending.endswith(('||', '&&', '|')):
            continue
        if pending.startswith('for ') and not pending.endswith('done'):
            continue
        yield start, 'block', pending
        pending, start = '', None


def markdown(place, text):
    """Fenced shell code as one piece, indented blocks by line, spans; the running text is what is left."""
    rest, fence, block, after_blank = [], None, [], True
    for n, line in enumerate(text.split('\n') + [''], 1):
        indent = len(line) - len(line.lstrip(' '))
        if line.startswith('```'):
            if fence:
                yield f'{place}:{n - fence.count(chr(10))}', 'script', fence
            fence = None if fence is not None else ('\n' if line[3:].strip() == 'sh' else '')
        elif fence is not None:
            fence += line + '\n' if fence else ''
        elif indent >= 4 and (after_blank or block) and not re.match(r' *([*-]|\d+\.) ', line):
            block.append((f'{place}:{n}', line.strip()))
        else:
            if line.strip() and block:
                yield from commands_of(block)
                block = []
            rest.append(line)
            after_blank = not line.strip()
            continue
        rest.append('')
        after_blank = False
    yield from commands_of(block)
    body = '\n'.join(rest)
    for m in SPAN.finditer(body):
        yield f'{place}:{body.count(chr(10), 0, m.start()) + 1}', 'span', clean(m[1] or m[2])
    yield from bare(place, body)


def mdoc(place, text):
    """Of displays only what stands after a prompt: the others are files."""
    block = None
    for n, line in enumerate(text.split('\n'), 1):
        line = line.replace(r'\(dq', '"').replace(r'\e', '\\').replace(r'\-', '-')
        line = re.sub(r'\\&|\\f[BIRP]', '', line)
        where = f'{place}:{n}'
        if line.startswith('.Bd -literal'):
            block = []
        elif line.startswith('.Ed') and block is not None:
            yield from commands_of(block) if any(text.startswith('$ ') for _, text in block) else ()
            block = None
        elif block is not None:
            block.append((where, line.strip()))
        elif line.startswith(('.Dl ', '.D1 ')):
            yield from commands_of([(where, line[4:].strip())])
        elif line.startswith('.Ql '):
            yield where, 'span', re.sub(r' [,.;:)]$', '', line[4:])
        else:
            for m in SPAN.finditer(line):
                yield where, 'span', clean(m[1] or m[2])
            if not line.startswith('.'):
                yield from bare(where, line)


def strings(place, text):
    """A text of the program.  One that is a command from its first word on is "whole"."""
    if BARE.match(text):
        yield place, 'whole', clean(text)
        return
    for m in SPAN.finditer(text):
        yield place, 'span', clean(m[1] or m[2])
    yield from bare(place, text)


def explained(place, text):
    for code in json.loads(text)['codes']:
        for part in [code.get(key) or '' for key in ('problem', 'consequence', 'solution')] + code['causes']:
            if part.count('`') % 2:
                yield f"explain {code['code']}", 'cut', part[-60:]
            yield from strings(f"explain {code['code']}", part)


def powershell(place, text):
    """Each call of a cmdlet, with its parameters; functions that the script defines are not cmdlets."""
    own = set(re.findall(r'^\s*function ([\w-]+)', text, re.M))
    text = re.sub(r'`\r?\n', '  ', text)
    splatted = {m[1]: ' '.join(f'-{key} x' for key in re.findall(r'(?:^|[;{])\s*(\w+) = ', m[2], re.M))
                for m in re.finditer(r'\$(\w+) = @(\{.*?^\})', text, re.M | re.S)}
    for n, line in enumerate(text.split('\n'), 1):
        line = re.sub(r"'[^']{200,}'", "''", line)
        if line.lstrip('\ufeff').lstrip().startswith('#'):
            continue
        for m in re.finditer(r"""(?<![\w$'"-])([A-Z][a-z]+-[A-Z]\w+)((?:[ \t]+(?:"(?:[^"]|"")*"|'[^']*'|[^\s|;(){}]+))*)""", line):
            if m[1] not in own:
                yield f'{place}:{n}', 'ps1', clean(re.sub(r'@(\w+)', lambda s: splatted.get(s[1], s[0]), m[0]))


# What becomes a page, a script or a file: these are looked at as they are written.
WRITTEN = re.compile(r'src/(profiles/.*|azure/(gateway/gateway_(az|revoke_script|functions|powershell|render)|collect_windows))\.c$')


def c_source(path, text, macros):
    for line, string in c_strings(text, macros):
        if not (WRITTEN.search(path) and ('\n' in string or 'gateway_' in path)):
            yield from strings(f'{path}:{line}', string)


# Their fenced code is run from start to end by tests/integration/guides.t.
RUN = re.compile(r'(^|/)(README|guides/\w+)\.md$')


def main():
    texts = {path: open(path, encoding='utf-8').read() for path in sys.argv[1:]}
    macros = c_macros({p: t for p, t in texts.items() if p.endswith(('.c', '.h'))})
    seen = set()
    for path, text in texts.items():
        if path.endswith('.json'):
            found = explained(path, text)
        elif path.endswith('.ps1'):
            found = powershell(path, text)
        elif path.endswith('.md'):
            found = markdown(path, text)
        elif re.search(r'\.[1-9](\.in)?$', path):
            found = mdoc(path, text)
        else:
            found = c_source(path, text, macros)
        for place, kind, words in found:
            if kind == 'script' and RUN.search(path):
                continue
            if (kind, words) not in seen:
                seen.add((kind, words))
                print(json.dumps([place, kind, words]))


main()

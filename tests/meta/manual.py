# SPDX-License-Identifier: MIT
# manual.py P11CA PAGES SOURCES - compares the manual pages with the help and with the sources; prints TAP.
import concurrent.futures
import pathlib
import re
import subprocess
import sys

p11ca, pages, sources = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
count = 0


def ok(good, name, detail=''):
    global count
    count += 1
    print(f'{"ok" if good else "not ok"} {count} - {name}')
    if not good:
        print(''.join(f'# {line}\n' for line in str(detail).splitlines()), end='')


def same(name, want, have):
    ok(want == have, name, f'expected: {want}\nactual: {have}')


def run(*command, text=None):
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


def plain(page):
    """a page as a reader sees it, but so wide that no line is broken"""
    return run('col', '-bx', text=run('mandoc', '-T', 'ascii', '-O', 'width=990', str(page)).stdout).stdout


def section(text, heading):
    """the lines below a subsection's heading; text is indented by five, headings by less"""
    lines, inside = [], False
    for line in text.splitlines():
        if line == f'   {heading}':
            inside = True
        elif re.match(r' {0,3}[A-Za-z]', line):
            inside = False
        elif inside:
            lines.append(line)
    return '\n'.join(lines)


def items(text):
    """options that begin a line, as in a list of them; what explains an item is indented by more"""
    return sorted(set(re.findall(r'^ {0,6}(?:-[a-zA-Z], )?(--[a-z][a-z-]*)', text, re.M)))


def mentioned(text):
    """options anywhere"""
    return set(re.findall(r'(?:^|[^a-zA-Z-])(--[a-z][a-z-]*[a-z])', text, re.M))


def part(text, heading):
    """of a help text, up to the next blank line"""
    found = re.search(rf'^{re.escape(heading)}:.*?(?:\n\n|\Z)', text, re.M | re.S)
    return found.group(0) if found else ''


def squeeze(text):
    return [re.sub(r' +', ' ', line).removeprefix(' ') for line in text.splitlines()]


def parallel(function, things):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        return dict(zip(things, pool.map(function, things)))


overview = run(p11ca, '--help', '-v').stdout
everywhere = items(part(overview, 'options for all commands, anywhere on the line'))
commands = re.findall(r'^  ([a-z ]*[a-z])  ', part(overview, 'commands'), re.M)
ok(everywhere and commands, 'the help has commands and options')
files = sorted(pages.glob('*.1'))
source = {page: page.read_text() for page in files}
text = parallel(plain, files)
helps = parallel(lambda command: run(p11ca, *command.split(), '--help', '-v').stdout, commands)
known = set(everywhere).union(*map(items, helps.values()))

for command in commands:
    usage = helps[command]
    found = [page for page in files if f'.Ss {command}' in source[page].splitlines()]
    ok(len(found) == 1, f'{command} has a section, on one page', found)
    if len(found) != 1:
        continue
    page = text[found[0]]
    body = section(page, command)
    same(f'{command}: the same options', [o for o in items(usage) if o not in everywhere], items(body))
    synopsis = squeeze('\n'.join(re.findall(r'^usage: (.*)', usage, re.M)))
    same(f'{command}: SYNOPSIS = usage', synopsis, squeeze(body)[:1])
    ok(sum(line in synopsis for line in squeeze(page)) >= 2, f"{command}: also at the page's top", synopsis)
    same(f'{command}: the same output fields',
         sorted(set(re.findall(r'^ {2,12}([a-z][a-z0-9_]*)(?: .*)?$', part(usage, 'prints'), re.M))),
         sorted(set(re.findall(r'^ *([a-z][a-z0-9_]*) \([a-z][a-zA-Z0-9 ,()]*\)$', body, re.M))))

main = text[pages / 'p11ca.1']
lacking = [option for option in everywhere if option not in items(main)]
ok(not lacking, 'p11ca.1 has the options for all commands', lacking)
exits = re.search(r'^EXIT STATUS\n(.*?)(?=^[A-Z])', main, re.M | re.S)
same('p11ca.1 has the exit statuses', re.findall(r'^  ([0-9]+) ', part(overview, 'exit status'), re.M),
     re.findall(r'^ *([0-9]+)(?= |$)', exits.group(1) if exits else '', re.M))

formats = sorted(re.findall(r'^PROFILE\(\w+, "([^"]*)"', (sources / 'src/model/profile_formats.def').read_text(), re.M))
listed = re.search(r'^Formats for.*?^\.El', (sources / 'man/p11ca-profile.1.in').read_text(), re.M | re.S)
same('p11ca-profile.1 has each format of profile write', formats,
     sorted(re.findall(r'^\.It Cm (.*)', listed.group(0) if listed else '', re.M)))
readme = re.search(r'^`--for` takes (.*?);', (sources / 'README.md').read_text(), re.M | re.S)
same('README.md has each format of profile write', formats,
     sorted(re.split(r',\s*|\s+and\s+', readme.group(1).strip()) if readme else []))

settings = re.findall(r'^\t(?:CHARS|YES|COUNT)\("([a-z-]+)"', (sources / 'src/pki/config.c').read_text(), re.M)
conf = pages / 'p11ca.conf.5'
same('p11ca.conf.5 has each setting', sorted(settings), sorted(re.findall(r'^\.It Cm (.*)', conf.read_text(), re.M)))
lint = run('mandoc', '-T', 'lint', '-W', 'warning', str(conf))
ok(lint.returncode == 0, 'p11ca.conf.5: mandoc finds nothing', lint.stdout + lint.stderr)

nouns = {command.split()[0] for command in commands if ' ' in command}
for page in files:
    own = re.sub(r'\$ pkcs11-tool(?:[^\n]*\\\n)*[^\n]*', '', text[page])
    unknown = mentioned(own) - known
    ok(not unknown, f'{page.name}: each option it names exists', unknown)
    lint = run('mandoc', '-T', 'lint', '-W', 'warning', str(page))
    ok(lint.returncode == 0, f'{page.name}: mandoc finds nothing', lint.stdout + lint.stderr)
    named = set(re.findall(r'(?:^|[^a-z0-9-])p11ca ([a-z]+ [a-z]+)', text[page], re.M))
    named |= set(re.findall(r'^\.Cm ([a-z]* [a-z]*)', source[page], re.M))
    wrong = [command for command in named if command.split()[0] in nouns and command not in commands]
    ok(not wrong, f'{page.name}: each command it names exists', wrong)
print(f'1..{count}')

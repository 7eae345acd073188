# SPDX-License-Identifier: MIT
# parse_commands.py - has each command that named_commands.py found read by the program that it is for.
#
#   parse_commands.py P11CA BUILD CMDLETS [AZ] <COMMANDS : in a folder with a ledger and sample files
#
# Commands of az are left out, unless a program AZ is given: then all others are.
# Prints "ok" or "not ok", a tab, what was judged and by which program, a tab, and what the program said.
# Nothing is done: programs get an option at the end that none of them has, and may complain about that one alone.
import collections
import functools
import glob
import json
import os
import re
import shlex
import subprocess
import sys

P11CA, BUILD, CMDLETS = sys.argv[1:4]
AZ = sys.argv[4] if len(sys.argv) > 4 else None
END = '--no-such-option-at-the-end'
ENV = dict(os.environ, LC_ALL='C.UTF-8', DBUS_SYSTEM_BUS_ADDRESS='unix:path=/nonexistent', P11CA_HOME='home-for-parsing')


class Wrong(Exception):
    pass


class Skip(Exception):
    pass


def run(argv, timeout=20):
    """Several pages name the same command: each is run once."""
    return run_once(tuple(argv), timeout)


@functools.cache
def run_once(argv, timeout):
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=timeout, env=ENV)
        return done.returncode, done.stdout.decode(errors='replace')
    except FileNotFoundError:
        raise Skip(f'{argv[0]} is not installed')
    except subprocess.TimeoutExpired:
        raise Wrong(f'{argv[0]} did not end')


# --- p11ca: its own parser, then what its help says of operands and required options
HELP = {}


def p11ca_help(words):
    if words not in HELP:
        status, text = run([P11CA, *words, '--help', '--verbose'])
        HELP[words] = text if status == 0 else None
    return HELP[words]


def p11ca_words(argv):
    """The words of the command at the front: ("root", "create")."""
    words = [w for w in argv if not w.startswith('-')][:2]
    for n in (2, 1):
        if len(words) >= n and p11ca_help(tuple(words[:n])):
            return tuple(words[:n])
    return ()


def is_group(words):
    return not p11ca_help(words).startswith(f'usage: p11ca {" ".join(words)} ') or '\ncommands:' in p11ca_help(words)


def p11ca_complete(words, argv):
    usage = p11ca_help(words).split('\n\n')[0].replace('\n', ' ')
    letters = dict(re.findall(r'^ +-(\w), --([a-z0-9-]+)', p11ca_help(words), re.M))
    valued = set(re.findall(r'^ +(?:-\w, )?--([a-z0-9-]+)=', p11ca_help(words), re.M))
    seen, operands, rest = set(), [], list(argv)
    for word in words:
        rest.remove(word)
    while rest:
        word = rest.pop(0)
        name = letters.get(word[1:2]) if re.match(r'-\w$', word) else word[2:].split('=')[0]
        if word.startswith('-') and len(word) > 1:
            seen.add(name)
            if name in valued and '=' not in word:
                rest[:1] = []
        else:
            operands.append(word)
    for name in re.findall(r' --([a-z0-9-]+)=\S+', usage.split('[OPTION')[0]):
        if name not in seen:
            raise Wrong(f'--{name} is missing')
    wanted = usage.split('[OPTION ...]')[-1].split()
    least = sum(1 for w in wanted if not w.startswith('[') and w != '...')
    most = 99 if '...' in usage.split('[OPTION ...]')[-1] else len(wanted)
    if not least <= len(operands) <= most:
        raise Wrong(f'{len(operands)} operands, but: {usage}')


def p11ca(argv, kind, is_elliptic):
    if not argv or argv == ['sample']:
        return 'p11ca'
    if argv[0] == 'help':
        status, text = run([P11CA, *(w for w in argv if w not in ('COMMAND', '…', 'sample'))])
        if status != 0:
            raise Wrong(text)
        return 'p11ca'
    words = p11ca_words(argv)
    if not words and argv[0].startswith('-'):
        status, text = run([P11CA, *argv])
    elif not words:
        raise Wrong('there is no such command')
    else:
        status, text = run([P11CA, *argv, '--help'])
    if status != 0:
        raise Wrong(text)
    if words and not is_elliptic and (kind in ('block', 'whole') or len(argv) > len(words)) and not is_group(words):
        p11ca_complete(words, argv)
    return 'p11ca'


# --- programs that read all options before they act
COMPLAINT = re.compile(r'(?i)(unrecogni[sz]ed|unknown|invalid|illegal|bad|not understood|unexpected|missing|requires|needs)')


def by_end(argv, kind, is_elliptic, end=END):
    status, text = run([*argv, end])
    lines = [line for line in text.split('\n') if COMPLAINT.search(line) and not re.match(r'\s|Use |Usage', line)]
    if status == 0 and not lines:
        raise Wrong('the program takes an option that does not exist: this proves nothing')
    for line in lines:
        if end.lstrip('-') not in line and 'invalid options' not in line:
            raise Wrong(line)
    if not lines:
        raise Wrong(f'no word about the option at the end: {text[:300]}')
    return argv[0]


def openvpn(argv, kind, is_elliptic):
    """With the profile itself, as it would lie where the page puts it.  `log` in it takes the words away."""
    written = {os.path.basename(f)[:-5]: f for f in glob.glob('pages/*/openvpn/*.ovpn')}
    argv = [written.get(os.path.basename(w)[:-5], w) if w.startswith('/etc/openvpn/') else w for w in argv]
    status, text = run([*argv, END])
    if os.path.exists('openvpn.log'):
        text += open('openvpn.log', encoding='utf-8').read()
        os.remove('openvpn.log')
    if status != 0 and END.lstrip('-') not in text or status == 0 and '--show-pkcs11-ids' not in argv:
        raise Wrong(text)
    return 'openvpn'


def openssl(argv, kind, is_elliptic):
    status, text = run(argv)
    m = re.search(r'.*(Use -help for summary|[Uu]nknown (option|cipher|digest)|Invalid command|needs a value|Extra (arg|opt)|'
                  r'parameter error).*', text)
    if m:
        raise Wrong(text[:300])
    if len(argv) > 1 and argv[1].startswith('-') and argv[1] not in ('-h', '--help'):
        raise Wrong('an option without a command')
    return 'openssl'


def sqlite3(argv, kind, is_elliptic):
    status, text = run(argv)
    if status != 0:
        raise Wrong(text)
    return 'sqlite3, with a ledger'


def listed(help_argv, pattern):
    """Programs that would act at once: the word must be in the list that they print."""
    def judge(argv, kind, is_elliptic):
        status, text = run(help_argv)
        words = set(re.findall(r'[a-z][a-z-]+', text))
        verb = [w for w in argv[1:] if not w.startswith('-')][:1]
        if not verb or verb[0] not in words:
            raise Wrong(f'{argv[0]} lists no {verb}')
        if argv[0] == 'systemctl':
            by_end(argv, kind, is_elliptic)
        return f'{argv[0]} (the list that it prints)'
    return judge


def nmcli(argv, kind, is_elliptic):
    status, text = run(argv)
    if not re.search('Could not (create NMClient|connect)|not running', text):
        raise Wrong(text)
    return 'nmcli'


SINCE_DEBIAN_13 = {'pkcs11-provider'}


def apt(argv, kind, is_elliptic):
    if not re.search(rf'^  {re.escape(argv[1])} ', run([argv[0], '--help'])[1], re.M):
        raise Wrong(f'{argv[0]} has no {argv[1]}')
    by_end(argv, kind, is_elliptic)
    names = [w for w in argv[2:] if not w.startswith('-')]
    status, text = run(['apt-cache', 'show', '--no-all-versions', *names], 60)
    debian = open('/etc/debian_version', encoding='utf-8').read() if os.path.exists('/etc/debian_version') else ''
    names = [n for n in names if not (debian.startswith('12') and n in SINCE_DEBIAN_13)]
    missing = [n for n in names if not re.search(rf'^Package: {re.escape(n)}$', text, re.M)]
    if 'Package: ' in text and missing:
        raise Wrong(f'Debian has no {missing}')
    return f'apt{", apt-cache" if "Package: " in text else ""}'


def make(argv, kind, is_elliptic):
    text = open(f'{BUILD}/Makefile', encoding='utf-8').read()
    for target in [w for w in argv[1:] if '=' not in w and not w.startswith('-')]:
        if not re.search(rf'^(\S+ )*{re.escape(target)}( [^:]*)?:', text, re.M):
            raise Wrong(f'the Makefile has no target {target}')
    return 'the Makefile'


def setup(argv, kind, is_elliptic):
    text = open(f'{os.environ["srcdir"]}/setup', encoding='utf-8').read()
    verbs = set(re.findall(r'^([a-z]+)\)$', text, re.M))
    tables = ''.join(re.findall(r"^[A-Z_]*STEPS='\n(.*?)^'", text, re.M | re.S))
    steps = {'default', 'full'} | set(re.findall(r'^([a-z0-9-]+) ', tables, re.M))
    is_sample = argv[1] == 'mutation' and len(argv) <= 3 and all(word.isdigit() for word in argv[2:])
    if argv[1] not in verbs or not (is_sample or set(argv[2:]) <= steps):
        raise Wrong(f'setup takes {sorted(verbs)}, check takes {sorted(steps)}')
    return './setup (its own cases)'


def configure(argv, kind, is_elliptic):
    status, text = run([f'{os.environ["srcdir"]}/configure', '--help'])
    for word in argv[1:]:
        if word.startswith('-') and word.replace('enable', 'disable') not in text and word not in text:
            raise Wrong(f'configure has no {word}')
    return 'configure --help'


def by_help(argv, kind, is_elliptic):
    status, text = run([*argv, '--help'])
    if status or any(w.startswith('-') and w not in text for w in argv[1:]):
        raise Wrong(text)
    return argv[0]


def ip(argv, kind, is_elliptic):
    status, text = run(argv)
    if re.search('garbage|unknown|Usage', text):
        raise Wrong(text)
    return 'ip'


def manual(argv, kind, is_elliptic):
    for name in argv[1:]:
        if 'sample' in name:  # of a format: any page
            continue
        if not os.path.exists(f'{os.environ["srcdir"]}/man/{name}.1.in') and not name.endswith('.conf') and run(['man', '-w', name])[0]:
            raise Wrong(f'no manual page {name}')
    return 'the pages in man/'


def shell(argv, kind, is_elliptic):
    status, text = run(argv if argv[:2] == ['sh', '-n'] else ['sh', '-n', '-c', shlex.join(argv)])
    if status:
        raise Wrong(text)
    return 'sh'


# --- what cannot run here: programs of Windows, macOS and Yubico, by their makers' documentation
#   certutil, certreq, ipconfig: MicrosoftDocs/windowsserverdocs, WindowsServerDocs/administration/windows-commands;
#   psexec: MicrosoftDocs/sysinternals; rasphone: its own usage text; powershell: about_PowerShell_exe;
#   scutil(8), security(1), ifconfig(8): macOS; ykman: Yubico/yubikey-manager, ykman --help of each command
ELSEWHERE = {
    'certutil': ('-user -store -addstore -scinfo', 'CERT'), 'certreq': ('-new -accept -user -machine', 'FILE'),
    'ipconfig': ('/all', ''), 'psexec': ('-i -s', '*'), 'rasphone': ('-d', '*'),
    'powershell': ('-ExecutionPolicy -File -NoProfile -Command', '*'),
    'scutil': ('--nc --dns', 'list'), 'security': ('import -f -x -k', '*'), 'ifconfig': ('', ''),
    'nslookup': ('', '*'), 'netstat': ('-rn', ''),
    'ykman': ('piv access change-management-key change-pin unblock-pin', ''),
}


def elsewhere(argv, kind, is_elliptic):
    known = ELSEWHERE[argv[0]][0].split()
    inner = [n for n, w in enumerate(argv[1:], 1) if w in ELSEWHERE and argv[0] == 'psexec']
    if inner:
        return elsewhere(argv[:inner[0]], kind, is_elliptic) + ', ' + elsewhere(argv[inner[0]:], kind, is_elliptic)
    for word in argv[1:]:
        if (word[0] in '-/' or argv[0] == 'ykman') and word not in known:
            raise Wrong(f'its documentation has no {word}')
    return f'the table of {argv[0]}'


def cmdlets():
    table = {}
    for line in open(CMDLETS, encoding='utf-8').read().replace('\\\n', ' ').split('\n'):
        if line and line[0] != '#':
            own, _, aliases = line.partition('|')
            name, *parameters = own.split()
            table[name] = ({p.rstrip('*').lower() for p in parameters} | {a.lower() for a in aliases.split()},
                           {p[:-1].lower() for p in parameters if p[-1] == '*'}, aliases.lower().split())
    return table


COMMON = {'erroraction', 'verbose', 'debug', 'warningaction', 'outvariable', 'errorvariable'}
CMDLET = re.compile(r'(?<![\w$-])([A-Z][a-z]+-[A-Z][A-Za-z0-9]+)((?:\s+(?:"(?:[^"]|"")*"|\'[^\']*\'|[^\s|;(){}]+))*)')


def powershell(text, is_reference):
    table, names = cmdlets(), []
    for m in CMDLET.finditer(text):
        words = re.sub(r'"(?:[^"]|"")*"|\'[^\']*\'', 'x', m[2]).split()
        name, given = m[1], {w[1:].lower() for w in words if re.match(r'-[A-Za-z]', w)}
        if name not in table:
            raise Wrong(f'{name} is not in cmdlets.txt')
        known, mandatory, aliases = table[name]
        if given - known - COMMON:
            raise Wrong(f'{name} has no {sorted(given - known - COMMON)}')
        missing = mandatory - given
        if not is_reference and given and not re.search(r'(^|\s)@\w', m[2]) and len(missing) > (1 if set(aliases) & given else 0):
            raise Wrong(f'{name} lacks {sorted(missing)}')
        names.append(name)
    return f'the table of {", ".join(names)}'


def az(argv, kind, is_elliptic):
    """Read by az itself, which may then miss what is asked for: the mock has no such resource."""
    status, text = run([AZ, *argv[1:]], 120)
    text = '\n'.join(line for line in text.split('\n') if not re.search('Warning|^    ', line) and line != 'WARNING: ')
    if is_elliptic and re.search('required', text) and 'unrecognized arguments' not in text:
        return 'az (what it misses is left out)'
    if status == 2 or re.search('misspelled|unrecognized|InvalidArgumentValue|Traceback', text):
        raise Wrong(text)
    return 'az'


GETOPT = 'install chmod chown mkdir cat grep tee sort head sha256sum pkcs11-tool pkcs15-tool sc-hsm-tool softhsm2-util certtool swanctl ' \
         'autoreconf'.split()
PROGRAMS = dict.fromkeys(GETOPT, by_end)
PROGRAMS.update(dict.fromkeys(ELSEWHERE, elsewhere))
PROGRAMS.update({'openssl': openssl, 'sqlite3': sqlite3, 'nmcli': nmcli, 'openvpn': openvpn, 'apt': apt, 'apt-get': apt,
                 'ipsec': listed(['ipsec', '--help'], ''), 'systemctl': listed(['systemctl', '--help'], ''), 'az': az,
                 'make': make, './setup': setup, './configure': configure, '../configure': configure,
                 'pki': by_help, 'update-ca-certificates': by_help, 'ip': ip, 'man': manual, 'p11ca': lambda argv, kind, dots: p11ca(argv[1:], kind, dots)})
PROGRAMS.update(dict.fromkeys('cd ulimit umask export printf echo ping bash sh'.split(), shell))
KEYWORDS = {'do', 'then', 'done', 'fi', 'else', 'sudo', '!'}
SAMPLES = {'CIDR': '192.0.2.0/24', 'N': '3', 'WHY': 'why', 'NUMBER': '3', 'DAYS': '30', 'PORT': '0'}


def sample(word):
    """A placeholder becomes a value of its kind; of alternatives, the first."""
    word = re.sub(r'(\.\.\.|…)$', '', word)
    word = re.sub(r'%[a-z]', 'sample', word)
    if re.search(r'\w\|\w', word):
        word = word.split('|')[0]
    return SAMPLES.get(word, word)


def simple_commands(line):
    """The simple commands of a line of shell, without redirections, variables and words of the shell itself."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, ''
    command, skip = [], False
    for word in lexer:
        if skip or word in ('<', '>', '>>', '2>', '>&', '<&'):
            skip = not skip
        elif re.fullmatch(r'[|&;()]+', word):
            yield command
            command = []
        elif command or not (word in KEYWORDS or re.match(r'[A-Za-z_]\w*=', word)):
            command.append(word)
    yield command


def judge_line(line, kind):
    by = []
    if re.match(r'\(?[A-Z][a-z]+-[A-Z]\w', line):
        return powershell(line, kind == 'span' and ' ' not in line)
    for argv in simple_commands(re.sub(r'\s#\s.*', '', line)):
        if not argv or argv[0] in ('for', 'case', 'while', 'if'):
            continue
        if argv[:2] == ['sh', '-c']:
            by.append(judge_line(argv[2], kind))
            continue
        dots = '…' in argv or '...' in argv or any('[' in w for w in argv[1:])
        argv = [sample(w) for w in argv if w not in ('…', '...')]
        if argv[0] not in PROGRAMS:
            raise Wrong(f'the test does not know the program {argv[0]}')
        by.append(PROGRAMS[argv[0]](argv, kind, dots))
    if not by:
        raise Wrong('no program is in it')
    if line.startswith('for '):
        by.append(shell(['sh', '-n', '-c', line], kind, False))
    return ', '.join(collections.OrderedDict.fromkeys(by))


def is_command(kind, text):
    """Of spans and running text: whether the words are a command at all."""
    first, _, rest = re.sub('^sudo ', '', text).partition(' ')
    if kind in ('cut', 'ps1') or kind == 'span' and re.match(r'--[a-z]', text):
        return True
    if kind in ('block', 'script', 'whole'):
        return kind != 'whole' or first != 'p11ca' or bool(p11ca_words(text.split()[1:2] + ['x']) or
                                                           nouns() & {text.split()[1]})
    if kind == 'bare' and first == 'p11ca':
        return rest.split(' ')[0].rstrip('.,;:)') in nouns()
    if first in PROGRAMS and (rest or kind == 'span'):
        return bool(rest)
    return bool(re.match(r'\(?[A-Z][a-z]+-[A-Z]\w', text)) or bool(re.match(r'[a-z][a-z0-9-]* -{1,2}[a-z]', text)) or \
        first in nouns() and bool(re.match(r'[a-z]+( [a-z]+)?( -| [A-Z]|$)', text)) and kind == 'span' and bool(rest)


def nouns():
    if 'nouns' not in HELP:
        HELP['nouns'] = set(re.findall(r'^  ([a-z]+) ', run([P11CA, '--help'])[1], re.M))
    return HELP['nouns']


def option(text):
    """An option alone: p11ca's, or of a program that pages speak of."""
    name = re.match(r'--[a-z0-9-]+', text)[0]
    if 'options' not in HELP:
        pages = ''.join(open(f, encoding='utf-8').read() for f in glob.glob(f'{BUILD}/man/*.1'))
        HELP['options'] = {'--' + o for o in re.findall(r'^\.It Fl (?:. , Fl )?-([a-z0-9-]+)', pages, re.M)}
    if name in HELP['options']:
        return "p11ca's manual"
    for argv in (['swanctl', '--load-creds', '--help'], ['openvpn', '--help'], [f'{os.environ["srcdir"]}/configure', '--help']):
        if re.search(rf'{re.escape(name)}\b', run(argv)[1].replace('--disable-', '--enable-')):
            return f'the help of {os.path.basename(argv[0])}'
    raise Wrong('no program here has the option')


def judge(kind, text):
    if kind == 'span' and text.startswith('--'):
        return option(text)
    if kind == 'cut':
        raise Wrong('the text ends inside of backticks')
    if kind == 'ps1':
        return powershell(text, ' -' not in text)
    if kind == 'bare':
        raise Wrong('a command in running text: put it between backticks')
    if kind == 'script':
        status, said = run(['sh', '-n', '-c', text])
        if status:
            raise Wrong(said)
        if 'sqlite3' not in text:
            return 'sh, ' + ', '.join(judge_line(line, 'block') for line in text.split('\n') if line)
        status, said = run(['sh', '-e', '-c', text])
        if status:
            raise Wrong(said)
        return 'sh, which ran it on a ledger'
    if kind == 'span' and text.split(' ')[0] in nouns():
        text = 'p11ca ' + text
    return judge_line(text, kind)


def main():
    for line in sys.stdin:
        place, kind, text = json.loads(line)
        if not is_command(kind, text) or (AZ is None) == (text.split(' ')[0] == 'az' and kind != 'bare'):
            continue
        name = text.strip().replace('\n', '; ').replace('\\', '\\\\')  # sh's echo reads backslashes
        try:
            print('ok', f'{name} ({place}): read by {judge(kind, text)}', '', sep='\t')
        except Skip as why:
            print('skip', f'{name} ({place})', why, sep='\t')
        except (Wrong, ValueError) as why:
            print('not ok', f'{name} ({place})', ' '.join(str(why).split())[:400], sep='\t')
        sys.stdout.flush()


main()

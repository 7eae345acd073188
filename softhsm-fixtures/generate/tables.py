#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tables.py SET... - prints the tables of the sets for ../README.md, from what `softhsm-fixture show --json` prints."""
import json
import pathlib
import subprocess
import sys

PROGRAM = pathlib.Path(__file__).parent.parent / 'softhsm-fixture'
VERDICTS = '''
The verdict is p11ca's exit status, and the code of its error, finding or warning (`p11ca explain CODE`).
p11ca refuses these keys outside test homes (`test-key-published`), so the homes are made with `--test`.
`adopt` is `p11ca root adopt`, `create` is `p11ca root create --existing-key`, `issue` is `p11ca client issue`.
'''
COMMANDS = ('token audit', 'root adopt', 'root create --existing-key', 'client issue')


def shown(name):
    command = ['sh', PROGRAM, 'show', '--json', '--set', name]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


def objects(token):
    if len(token['objects']) > 9:
        return f"{len(token['objects'])} certificates"
    by_id = {}
    for each in token['objects']:
        by_id.setdefault(each['cka_id'], []).append(each['kind'].replace(' key', ''))
    return '; '.join((f'`{cka_id}` ' if cka_id else '') + ', '.join(kinds) for cka_id, kinds in by_id.items())


def verdict(row):
    option = 'with `--accept-imported` ' if row['command'].endswith('--accept-imported') else ''
    return option + str(row['status']) + (f" `{row['code']}`" if row['code'] else '')


def with_verdicts(found):
    lines = [VERDICTS, '| token | fault | `token audit` | `adopt` | `create` | `issue` |', '|---|---|---|---|---|---|']
    for token in found['tokens']:
        cells = [', '.join(verdict(row) for row in found['verdicts'] if row['token'] == token['label'] and
                           row['command'].replace(' --accept-imported', '') == command) or '–' for command in COMMANDS]
        lines.append(f"| `{token['label']}` | {token['purpose']} | {' | '.join(cells)} |")
    return lines


def without_verdicts(found):
    return ['', '| token | for | objects with CKA_ID |', '|---|---|---|',
            *(f"| `{token['label']}` | {token['purpose']} | {objects(token)} |" for token in found['tokens'])]


for each in sys.argv[1:]:
    found = shown(each)
    print(f'\n### `{each}`', *(with_verdicts if found['verdicts'] else without_verdicts)(found), sep='\n')

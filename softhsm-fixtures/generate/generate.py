#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""generate.py FOLDER [SET...] - writes the archives and tables of the sets from the test keys in ../keys.

Every run of every version writes the same bytes: keys, dates, serial numbers, salts and names of files are fixed.
For each set FOLDER gets
    SET.tar.gz    tokens/ and files/, which `softhsm-fixture up` unpacks
    SET.objects   token, kind, CKA_ID, label, purpose and URI, which `softhsm-fixture show` prints
    SET.manifest  what `softhsm-fixture check` compares: kind, SHA-256 or content, path, description
"""
import gzip
import hashlib
import io
import pathlib
import sys
import tarfile
from urllib.parse import quote

import azure
import many
import sets


def archive(files):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode='w', format=tarfile.USTAR_FORMAT) as tar:
        for path, content in files.items():
            member = tarfile.TarInfo(path)
            member.size, member.mode = len(content), 0o600
            tar.addfile(member, io.BytesIO(content))
    return data.getvalue()


def described(made):
    """Path -> description, of the objects of all tokens."""
    return {f'tokens/{purpose}': f"{kind} '{label}'{cka_id and ' with CKA_ID ' + cka_id} on token '{token.label}'"
            for token, kind, cka_id, label, purpose in made.rows if kind != 'token'}


def manifest(made, files):
    """A token's state changes with each login (flags, generation), so its other bytes are compared as they are."""
    objects, lines = described(made), []
    labels = {f'tokens/{token.folder}': token.label for token in made.tokens}
    for path, content in files.items():
        folder, _, name = path.rpartition('/')
        if name == 'token.object':
            lines.append(('token', content.hex(), path, f"token '{labels[folder]}'"))
        elif name != 'generation' and not name.endswith('.lock'):
            lines.append(('file', hashlib.sha256(content).hexdigest(), path, objects.get(path, f"file '{path}'")))
    return ''.join('\t'.join(line) + '\n' for line in lines)


ALL = {**sets.ALL, 'azure': azure.azure, 'many': many.many}
TYPES = {'private key': 'private', 'public key': 'public', 'certificate': 'cert', 'data': 'data',
         'secret key': 'secret-key'}


def uri(token, kind, cka_id, label):
    """RFC 7512; a token of kinds has a label that another one has, so its serial number belongs to it."""
    serial = token.folder.replace('-', '')[-16:]
    parts = [f'pkcs11:token={quote(token.label)};serial={serial}']
    if kind != 'token':
        parts += [f'id=%{cka_id}'] if cka_id else []
        parts += [f'object={quote(label)};type={TYPES[kind]}']
    return ';'.join(parts)


def table(made):
    rows = [(token.label, kind, cka_id, label, purpose if kind == 'token' else '', uri(token, kind, cka_id, label))
            for token, kind, cka_id, label, purpose in made.rows]
    return ''.join('\t'.join(value or '-' for value in row) + '\n' for row in rows)


def write(folder, name):
    made = ALL[name]()
    files = {f'tokens/{path}': content for token in made.tokens for path, content in token.files.items()}
    files.update(made.files)
    (folder / f'{name}.tar.gz').write_bytes(gzip.compress(archive(files), 9, mtime=0))
    (folder / f'{name}.manifest').write_text(manifest(made, files))
    (folder / f'{name}.objects').write_text(table(made))


if __name__ == '__main__':
    for each in sys.argv[2:] or ALL:
        write(pathlib.Path(sys.argv[1]), each)

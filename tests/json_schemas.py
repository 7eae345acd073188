#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""json_schemas.py - validates outputs against docs/json, and compares the types of keys between schemas.

json_schemas.py outputs SCHEMAS FOLDER: FOLDER has pairs N (what a run printed) and N.command (its words).
json_schemas.py types SCHEMAS: a key has one type in all schemas.
Prints each violation; exit status 1 if there is one, 77 without python3-jsonschema.
"""
import json
import pathlib
import sys


def load(folder):
    return {path.stem: json.loads(path.read_text()) for path in sorted(pathlib.Path(folder).glob('*.json'))}


def kind(schema):
    """The type of a value, without null: 'string', 'array of object', 'integer'."""
    if 'const' in schema:
        return {int: 'integer', str: 'string'}[type(schema['const'])]
    types = schema['type'] if isinstance(schema['type'], list) else [schema['type']]
    name = '|'.join(t for t in types if t != 'null')
    return f'array of {kind(schema["items"])}' if name == 'array' else name + schema.get('format', '')


def keys(schema):
    for key, value in schema.get('properties', {}).items():
        yield key, kind(value)
        yield from keys(value)
        yield from keys(value.get('items', {}))


def types(schemas):
    seen = {}
    for name, schema in schemas.items():
        for key, type_ in keys(schema):
            seen.setdefault(key, {}).setdefault(type_, name)
    for key, found in sorted(seen.items()):
        if len(found) > 1:
            yield f'{key}: ' + ', '.join(f'{type_} in {name}' for type_, name in found.items())


def candidates(schemas, words):
    """The schema of the command in these words, options between them; all schemas if there is none."""
    if '--help' in words or '--version' in words:
        return ['program-help' if '--help' in words else 'program-version']
    plain = [word for word in words.split() if not word.startswith('-')]
    for n in (2, 1):
        for i in range(len(plain) - n + 1):
            name = '-'.join(plain[i:i + n])
            if name in schemas:
                return [name]
    return list(schemas)


def outputs(schemas, folder):
    try:
        import jsonschema
    except ImportError:
        sys.exit(77)
    validators = {name: jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
                  for name, schema in schemas.items()}
    for path in sorted(pathlib.Path(folder).glob('*.command')):
        text = path.with_suffix('').read_text()
        if not text.startswith('{"schema_version": 2'):
            continue
        try:
            output = json.loads(text)
        except ValueError as error:
            yield f'{path.read_text()}: {error}'
            continue
        names = candidates(schemas, path.read_text())
        errors = [(name, next(iter(sorted(validators[name].iter_errors(output), key=str)), None)) for name in names]
        if all(error is not None for _, error in errors):
            error = min((e for _, e in errors), key=lambda e: len(str(e)))
            yield f'{path.read_text().strip()}: {names[0] if len(names) == 1 else "no schema"}: ' \
                  f'{"/".join(map(str, error.absolute_path))}: {error.message[:300]}'


def main():
    schemas = load(sys.argv[2])
    found = list(types(schemas) if sys.argv[1] == 'types' else outputs(schemas, sys.argv[3]))
    if len(schemas) < 2:
        found.append('no schemas')
    print('\n'.join(found))
    sys.exit(1 if found else 0)


main()

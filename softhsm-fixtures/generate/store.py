# SPDX-License-Identifier: MIT
"""store.py - tokens in the files of SoftHSM's object store ("objectstore.backend = file"), with fixed contents.

SoftHSM 2 has no way to import many objects in one process, none to import a key with all attributes of a generated
key, and its random values would differ on each machine.  Its files are the same on all machines and for every
release since 2.6: each later release has to read the tokens of the earlier ones.  Numbers are 8 bytes, big-endian.

    file       generation, then attributes sorted by type
    attribute  type, kind (1 boolean, 2 number, 3 bytes, 4 template, 5 mechanisms), value; bytes after their length
    token      label, serial, flags, and the token's AES key, encrypted with each PIN
    secret     16 bytes IV, AES-256-CBC with the token's key: all bytes of an object whose CKA_PRIVATE is true
"""
import hashlib
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

import der

USER_PIN, SO_PIN = b'123456', b'87654321'
OBJECT_GENERATION, TOKEN_GENERATION = 1, 1
CLASSES = {'data': 0, 'certificate': 1, 'public key': 2, 'private key': 3, 'secret key': 4}
KEY_TYPES = {'rsa': 0, 'ec': 3, 'ed25519': 0x40}
MECHANISMS = {'rsa': 0, 'ec': 0x1040, 'ed25519': 0x1055}  # that generate such a key
UNAVAILABLE = (1 << 64) - 1  # CK_UNAVAILABLE_INFORMATION

TOKEN, PRIVATE, LABEL, APPLICATION, VALUE, OBJECT_ID = 1, 2, 3, 0x10, 0x11, 0x12
ID, SENSITIVE, ENCRYPT, DECRYPT, WRAP, UNWRAP, SIGN, VERIFY, DERIVE = (
    0x102, 0x103, 0x104, 0x105, 0x106, 0x107, 0x108, 0x10a, 0x10c)
SUBJECT, EXTRACTABLE, LOCAL, NEVER_EXTRACTABLE, ALWAYS_SENSITIVE = 0x101, 0x162, 0x163, 0x164, 0x165


def fixed(label, length):
    """Bytes that depend on the label only, where SoftHSM would take random ones."""
    return hashlib.shake_256(b'softhsm-fixture ' + label.encode()).digest(length)


def uuid(label):
    text = fixed('uuid ' + label, 16).hex()
    return '-'.join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def encrypted(key, iv, data):
    padding = 16 - len(data) % 16
    cipher = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    return iv + cipher.update(data + bytes([padding]) * padding) + cipher.finalize()


def number(value):
    return struct.pack('>Q', value)


def attribute(kind, value):
    if isinstance(value, bool):
        return number(kind) + number(1) + (b'\xff' if value else b'\0')
    if isinstance(value, int):
        return number(kind) + number(2) + number(value)
    if isinstance(value, tuple):  # an empty template or list of mechanisms
        return number(kind) + number(value[0]) + number(0)
    return number(kind) + number(3) + number(len(value)) + value


def serialized(generation, attributes):
    return number(generation) + b''.join(attribute(kind, attributes[kind]) for kind in sorted(attributes))


def pin_blob(label, pin, token_key):
    """The token's key, encrypted with a PIN as SoftHSM does: a salt, whose last byte adds to the rounds of SHA-256."""
    salt = fixed('salt ' + label, 8)
    key = hashlib.sha256(salt + pin).digest()
    for _ in range(1500 + salt[-1] - 1):
        key = hashlib.sha256(key).digest()
    return salt + encrypted(key, fixed('pin iv ' + label, 16), b'RJR' + token_key)


def common(kind, label, private):
    return {0: CLASSES[kind], TOKEN: True, PRIVATE: private, LABEL: label.encode(),
            0x170: True, 0x171: True, 0x172: True}  # modifiable, copyable, destroyable


def key_attributes(kind, label, cka_id, key, private, imported):
    return {**common(kind, label, private), 0x100: KEY_TYPES[key.kind], SUBJECT: b'', ID: cka_id, DERIVE: False,
            0x110: b'', 0x111: b'', 0x129: b'', LOCAL: not imported, 0x40000600: (5,),
            0x166: UNAVAILABLE if imported else MECHANISMS[key.kind]}


def numbered(value):
    return value.to_bytes((value.bit_length() + 7) // 8, 'big')


def private_key(label, cka_id, key, changes, imported):
    values = {**key_attributes('private key', label, cka_id, key, True, imported), SENSITIVE: True, DECRYPT: False,
              UNWRAP: False, SIGN: True, 0x109: False, EXTRACTABLE: False, NEVER_EXTRACTABLE: not imported,
              ALWAYS_SENSITIVE: not imported, 0x202: False, 0x210: False, 0x40000212: (4,)}
    if key.kind == 'rsa':
        parts = (key.n, key.e, key.d, key.p, key.q, key.dp, key.dq, key.qinv)
        values.update(zip((0x120, 0x122, 0x123, 0x124, 0x125, 0x126, 0x127, 0x128), map(numbered, parts)))
    else:
        values.update({VALUE: key.private, 0x180: key.parameters})
    return {**values, **changes}


def public_key(label, cka_id, key, changes, imported):
    values = {**key_attributes('public key', label, cka_id, key, False, imported), 0x86: False, ENCRYPT: False,
              WRAP: False, VERIFY: True, 0x10b: False, 0x40000211: (4,)}
    if key.kind == 'rsa':
        values.update({0x120: numbered(key.n), 0x121: key.n.bit_length(), 0x122: numbered(key.e)})
    else:
        values.update({0x180: key.parameters, 0x181: der.octets(key.public)})
    return {**values, **changes}


def certificate(label, cka_id, data):
    fields = der.items(der.read(der.read(data)[1])[1])
    return {**common('certificate', label, False), VALUE: data, 0x80: 0, 0x81: der.tlv(*fields[3]),
            0x82: der.tlv(*fields[1]), 0x86: False, 0x87: 0, 0x88: 0, 0x89: b'', 0x8a: b'', 0x8b: b'', 0x8c: 0x220,
            0x90: hashlib.sha1(data).digest()[:3], SUBJECT: der.tlv(*fields[5]), ID: cka_id, 0x110: b'', 0x111: b'',
            0x129: b''}


def secret_key(label, cka_id, private):
    value = fixed('aes ' + label, 32)
    check = Cipher(algorithms.AES(value), modes.ECB()).encryptor().update(bytes(16))[:3]
    return {**common('secret key', label, private), VALUE: value, 0x86: False, 0x90: check, 0x100: 0x1f, ID: cka_id,
            SENSITIVE: True, ENCRYPT: True, DECRYPT: True, WRAP: True, UNWRAP: True, SIGN: True, VERIFY: True,
            DERIVE: False, 0x110: b'', 0x111: b'', 0x161: 32, EXTRACTABLE: False, LOCAL: True, NEVER_EXTRACTABLE: True,
            ALWAYS_SENSITIVE: True, 0x166: 0x1080, 0x210: False, 0x40000211: (4,), 0x40000212: (4,), 0x40000600: (5,)}


def data_object(label, value, private):
    return {**common('data', label, private), APPLICATION: b'softhsm-fixture', OBJECT_ID: b'', VALUE: value}


class Token:
    """The files of one token: {path below the folder of tokens: content}."""

    def __init__(self, name, label):
        self.name, self.label, self.folder, self.objects = name, label, uuid('token ' + name), {}
        self.key = fixed('token key ' + name, 32)
        serial = self.folder.replace('-', '')[-16:].encode()
        self.files = {f'{self.folder}/generation': number(TOKEN_GENERATION), f'{self.folder}/token.lock': b''}
        self.files[f'{self.folder}/token.object'] = serialized(1, {
            0x80005349: label.encode().ljust(32), 0x8000534a: serial, 0x8000534b: 0x42d,
            0x8000534c: pin_blob('so ' + name, SO_PIN, self.key),
            0x8000534d: pin_blob('user ' + name, USER_PIN, self.key)})

    def add(self, attributes):
        where = f'{self.name} {len(self.objects)}'
        if attributes[PRIVATE]:
            attributes = {kind: encrypted(self.key, fixed(f'iv {where} {kind}', 16), value)
                          if isinstance(value, bytes) and value else value for kind, value in attributes.items()}
        path = f'{self.folder}/{uuid("object " + where)}.object'
        self.files[path] = serialized(OBJECT_GENERATION, attributes)
        self.files[path.replace('.object', '.lock')] = b''  # without it, SoftHSM cannot delete the object
        self.objects[path] = where
        return path

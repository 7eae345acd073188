# SPDX-License-Identifier: MIT
"""sets.py - which tokens, objects and files each set has."""
import pathlib

import der
import store

KEYS = pathlib.Path(__file__).parent.parent / 'keys'
VALID = ('2026-01-01 00:00:00', '2049-12-31 23:59:59')
KEY, CERTIFICATE, PUBLIC, DATA, SECRET = 'private key', 'certificate', 'public key', 'data', 'secret key'


def key(name):
    return der.key_from_pem((KEYS / f'test-{name}.pem').read_text())


def subject(common_name):
    return der.name(('O', 'TEST'), ('CN', common_name))


class Set:
    def __init__(self, name):
        self.name, self.tokens, self.rows, self.files = name, [], [], {}

    def token(self, name, label, purpose):
        token = store.Token(name, label)
        self.tokens.append(token)
        self.rows.append((token, 'token', '', label, purpose))
        return token

    def put(self, token, kind, cka_id, label, attributes):
        path = token.add(attributes)
        self.rows.append((token, kind, cka_id.hex(), label, path))

    def pair(self, token, cka_id, label, secret, public=None, changes=None, imported=False):
        self.private(token, cka_id, label, secret, changes, imported)
        self.put(token, PUBLIC, cka_id, label, store.public_key(label, cka_id, public or secret, {}, imported))

    def private(self, token, cka_id, label, secret, changes=None, imported=False):
        self.put(token, KEY, cka_id, label, store.private_key(label, cka_id, secret, changes or {}, imported))

    def certificate(self, token, cka_id, label, data):
        self.put(token, CERTIFICATE, cka_id, label, store.certificate(label, cka_id, data))

    def file(self, name, label, data):
        """The same bytes as PEM and, for Azure and Windows, as DER."""
        self.files[f'files/{name}.pem'] = der.pem(label, data)
        self.files[f'files/{name}.der'] = data

    def root(self, name, secret, validity=VALID, extensions=None, common_name=None):
        who = subject(common_name or name)
        data = der.certificate(der.serial(name), who, secret, who, secret, validity,
                               der.root_extensions(secret) if extensions is None else extensions)
        self.file(name, 'CERTIFICATE', data)
        return data

    def client(self, name, email, secret, root, validity=VALID):
        root_name, root_key = root
        data = der.certificate(der.serial(name), subject(email), secret, subject(root_name), root_key, validity,
                               der.client_extensions(secret, root_key, email))
        self.file(name, 'CERTIFICATE', data)
        return data

    def request(self, name, common_name, secret):
        self.files[f'files/{name}.csr'] = der.pem('CERTIFICATE REQUEST', der.request(subject(common_name), secret))


def minimal():
    made = Set('minimal')
    root, card = key('minimal-root'), key('minimal-card')
    token = made.token('minimal-root', 'root', 'a root for Azure VPN Gateway')
    root_data = made.root('minimal-root', root)
    made.pair(token, b'\1', 'root', root)
    made.certificate(token, b'\1', 'root', root_data)
    token = made.token('minimal-card', 'card', "alice@contoso.com's card")
    made.pair(token, b'\2', 'alice@contoso.com', card)
    made.certificate(token, b'\2', 'alice@contoso.com',
                     made.client('minimal-card', 'alice@contoso.com', card, ('minimal-root', root)))
    made.request('minimal-card', 'alice@contoso.com', card)
    made.file('minimal-root.crl', 'X509 CRL', der.crl(
        subject('minimal-root'), root, 1, VALID, []))
    return made


KINDS = (('rsa2048', 'RSA of 2048 bits'), ('rsa3072', 'RSA of 3072 bits'), ('rsa4096', 'RSA of 4096 bits'),
         ('p256', 'EC on curve P-256'), ('p384', 'EC on curve P-384'), ('p521', 'EC on curve P-521'),
         ('ed25519', 'Ed25519'))


def kinds():
    made = Set('kinds')
    issuer = ('rsa2048', key('kinds-rsa2048'))
    for i, (kind, purpose) in enumerate(KINDS, 1):
        secret, cka_id = key(f'kinds-{kind}'), bytes([i])
        token = made.token(f'kinds-{kind}', kind, purpose)
        made.pair(token, cka_id, kind, secret)
        made.certificate(token, cka_id, kind, made.root(kind, secret) if kind == issuer[0] else
                         made.client(kind, f'{kind}@contoso.com', secret, issuer))
    for n in (1, 2):
        token = made.token(f'kinds-same-{n}', 'same', f'token {n} of two tokens with one label')
        secret = key(f'kinds-same-{n}')
        made.pair(token, b'\x11', 'same', secret)
        made.certificate(token, b'\x11', 'same', made.client(f'same-{n}', f'same-{n}@contoso.com', secret, issuer))
    foreign(made)
    return made


def foreign(made):
    token = made.token('kinds-foreign', 'foreign', 'objects of other programs')
    secret = key('kinds-foreign')
    made.put(token, DATA, b'', 'public note', store.data_object('public note', b'A public note.\n', False))
    made.put(token, DATA, b'', 'private note', store.data_object('private note', b'A private note.\n', True))
    made.put(token, SECRET, b'\x21', 'aes', store.secret_key('aes', b'\x21', True))
    made.put(token, PUBLIC, b'\x22', 'public half', store.public_key('public half', b'\x22', secret, {}, True))
    made.certificate(token, b'\x23', 'foreign root', made.root('foreign', secret))


def bad():
    made = Set('bad')
    good(made)
    for name, changes, purpose in (
            ('extractable', {store.EXTRACTABLE: True, store.NEVER_EXTRACTABLE: False}, 'the key is extractable'),
            ('not-private', {store.PRIVATE: False}, 'CKA_PRIVATE of the key is false'),
            ('decrypt', {store.DECRYPT: True}, 'the key may decrypt'),
            ('roca', {}, 'the key has the ROCA weakness'),
            ('close-primes', {}, "the key's primes are close together"),
            ('exponent-3', {}, "the key's public exponent is 3"),
            ('rsa-1024', {}, 'the key has 1024 bits')):
        bad_key(made, name, purpose, key(f'bad-{name}'), changes)
    bad_certificate(made, 'expired-root', 'the root expired in 2021', ('2020-01-01 00:00:00', '2021-01-01 00:00:00'))
    secret = key('bad-no-basic-constraints')
    bad_certificate(made, 'no-basic-constraints', 'the root has no basicConstraints', VALID,
                    der.root_extensions(secret)[1:])
    bad_combinations(made)
    return made


def good(made):
    token = made.token('bad-good-root', 'good-root',
                       'nothing is wrong: the issuer for `client issue`, and the comparison')
    secret = key('bad-good-root')
    made.pair(token, b'\1', 'good-root', secret)
    made.certificate(token, b'\1', 'good-root', made.root('good-root', secret))


def bad_key(made, name, purpose, secret, changes):
    token = made.token(f'bad-{name}', name, purpose)
    made.pair(token, b'\1', name, secret, changes=changes)
    made.certificate(token, b'\1', name, made.root(name, secret))
    made.request(name, f'{name}@contoso.com', secret)


def bad_certificate(made, name, purpose, validity, extensions=None):
    token, secret = made.token(f'bad-{name}', name, purpose), key(f'bad-{name}')
    made.pair(token, b'\1', name, secret)
    made.certificate(token, b'\1', name, made.root(name, secret, validity, extensions))


def bad_combinations(made):
    token = made.token('bad-wrong-pair', 'wrong-pair', 'the private and the public key do not belong together')
    public = key('bad-wrong-pair-public')
    made.pair(token, b'\1', 'wrong-pair', key('bad-wrong-pair-private'), public)
    made.certificate(token, b'\1', 'wrong-pair', made.root('wrong-pair', public))
    token = made.token('bad-duplicate-id', 'duplicate-id', 'two key pairs with one CKA_ID')
    for n in (1, 2):
        made.pair(token, b'\1', f'pair {n}', key(f'bad-duplicate-{n}'))
    made.certificate(token, b'\1', 'pair 1', made.root('duplicate-id', key('bad-duplicate-1')))
    token = made.token('bad-key-only', 'key-only', 'a key pair without a certificate')
    made.pair(token, b'\1', 'key-only', key('bad-key-only'))
    token = made.token('bad-certificate-only', 'certificate-only', 'a certificate without its key')
    made.certificate(token, b'\1', 'certificate-only', made.root('certificate-only', key('bad-certificate-only')))
    token = made.token('bad-other-certificate', 'other-certificate', 'the certificate is of another key')
    made.pair(token, b'\1', 'other-certificate', key('bad-other-key'))
    made.certificate(token, b'\1', 'other-certificate', made.root('other-certificate', key('bad-other-certificate')))


ALL = {'minimal': minimal, 'kinds': kinds, 'bad': bad}

# SPDX-License-Identifier: MIT
"""der.py - DER, PEM, private keys, and what they sign: certificates, requests, CRLs.

RSA signatures are PKCS #1 v1.5 and have no random part, so the same input gives the same bytes with every version of
every library: only Python's own modules are used.
"""
import base64
import hashlib
import re


def tlv(tag, *parts):
    data = b''.join(parts)
    if len(data) < 128:
        return bytes([tag, len(data)]) + data
    size = len(data).to_bytes((len(data).bit_length() + 7) // 8, 'big')
    return bytes([tag, 0x80 | len(size)]) + size + data


def sequence(*parts):
    return tlv(0x30, *parts)


def integer(number):
    return tlv(2, number.to_bytes(number.bit_length() // 8 + 1, 'big'))


def oid(text):
    first, second, *rest = (int(part) for part in text.split('.'))
    data = bytes([first * 40 + second])
    for part in rest:
        groups = [part & 0x7f]
        while part > 0x7f:
            part >>= 7
            groups.append(part & 0x7f | 0x80)
        data += bytes(reversed(groups))
    return tlv(6, data)


def octets(data):
    return tlv(4, data)


def bits(data, unused=0):
    return tlv(3, bytes([unused]), data)


def utf8(text):
    return tlv(12, text.encode())


def time(text):
    """'2026-01-01 00:00:00' as UTCTime, from 2050 as GeneralizedTime."""
    digits = re.sub(r'\D', '', text)
    return tlv(0x17, digits[2:].encode(), b'Z') if digits < '2050' else tlv(0x18, digits.encode(), b'Z')


def read(data, at=0):
    """(tag, content, end) of the TLV at this place."""
    length, start = data[at + 1], at + 2
    if length & 0x80:
        start += length & 0x7f
        length = int.from_bytes(data[at + 2:start], 'big')
    return data[at], data[start:start + length], start + length


def items(data):
    """The TLVs in the content of a SEQUENCE."""
    at, found = 0, []
    while at < len(data):
        tag, content, at = read(data, at)
        found.append((tag, content))
    return found


def pem(label, data):
    text = base64.b64encode(data).decode()
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    return '\n'.join([f'-----BEGIN {label}-----', *lines, f'-----END {label}-----', '']).encode()


def from_pem(text):
    return base64.b64decode(''.join(line for line in text.splitlines() if not line.startswith('-----')))


SHA256_RSA = sequence(oid('1.2.840.113549.1.1.11'), tlv(5))
RSA, EC, ED25519 = '1.2.840.113549.1.1.1', '1.2.840.10045.2.1', '1.3.101.112'


class RsaKey:
    def __init__(self, p, q, e=65537, numbers=None):
        self.kind, self.p, self.q, self.e, self.n = 'rsa', p, q, e, p * q
        self.d = numbers['d'] if numbers else pow(e, -1, (p - 1) * (q - 1))
        self.dp, self.dq, self.qinv = self.d % (p - 1), self.d % (q - 1), pow(q, -1, p)
        self.public = sequence(integer(self.n), integer(e))
        self.spki = sequence(sequence(oid(RSA), tlv(5)), bits(self.public))

    def sign(self, message):
        info = sequence(sequence(oid('2.16.840.1.101.3.4.2.1'), tlv(5)), octets(hashlib.sha256(message).digest()))
        size = (self.n.bit_length() + 7) // 8
        padded = int.from_bytes(b'\0\1' + b'\xff' * (size - len(info) - 3) + b'\0' + info, 'big')
        mp, mq = pow(padded % self.p, self.dp, self.p), pow(padded % self.q, self.dq, self.q)
        return (mq + (mp - mq) * self.qinv % self.p * self.q).to_bytes(size, 'big')


class CurveKey:
    """A key on an elliptic curve: its certificate is signed by an RSA key, so it never signs here."""

    def __init__(self, kind, private, public, parameters):
        self.kind, self.private, self.public, self.parameters = kind, private, public, parameters
        algorithm = sequence(oid(EC), parameters) if kind == 'ec' else sequence(oid(ED25519))
        self.spki = sequence(algorithm, bits(public))


def key_from_pem(text):
    """A PKCS #8 key; one of EC has to contain its public key, one of Ed25519 has it in a line "public: HEX"."""
    block = text[text.index('-----BEGIN'):]
    _, algorithm, private = items(read(from_pem(block))[1])[:3]
    name = tlv(6, items(algorithm[1])[0][1])
    if name == oid(RSA):
        numbers = [int.from_bytes(content, 'big') for _, content in items(read(private[1])[1])]
        return RsaKey(numbers[4], numbers[5], numbers[2], {'d': numbers[3]})
    if name == oid(ED25519):
        public = bytes.fromhex(re.search(r'(?m)^public: (.*)$', text).group(1))
        return CurveKey('ed25519', read(private[1])[1], public, tlv(0x13, b'edwards25519'))
    parts = dict(items(read(private[1])[1]))
    return CurveKey('ec', parts[4], read(parts[0xa1])[1][1:], tlv(*items(algorithm[1])[1]))


def name(*pairs):
    """name(('O', 'TEST'), ('CN', 'x')): one relative distinguished name each."""
    types = {'O': '2.5.4.10', 'CN': '2.5.4.3'}
    return sequence(*(tlv(0x31, sequence(oid(types[kind]), utf8(text))) for kind, text in pairs))


def extension(number, data, critical=False):
    return sequence(oid(f'2.5.29.{number}'), tlv(1, b'\xff') if critical else b'', octets(data))


def key_id(key):
    """SHA-1 of the public key's BIT STRING, RFC 5280, section 4.2.1.2, method (1)."""
    return hashlib.sha1(items(read(key.spki)[1])[1][1][1:]).digest()


def authority_key_id(key):
    return extension(35, sequence(tlv(0x80, key_id(key))))


def root_extensions(key):
    return [extension(19, sequence(tlv(1, b'\xff'), integer(0)), True), extension(15, bits(b'\x06', 1), True),
            extension(14, octets(key_id(key))), authority_key_id(key)]


def client_extensions(key, issuer_key, email=None):
    names = [extension(17, sequence(tlv(0x81, email.encode())))] if email else []
    return [extension(15, bits(b'\x80', 7), True), extension(37, sequence(oid('1.3.6.1.5.5.7.3.2'))), *names,
            extension(14, octets(key_id(key))), authority_key_id(issuer_key)]


def serial(label):
    """A positive serial number of 16 bytes that depends on the label only."""
    return int.from_bytes(b'\x01' + hashlib.sha256(label.encode()).digest()[:15], 'big')


def signed(signer, body):
    return sequence(body, SHA256_RSA, bits(signer.sign(body)))


def certificate(number, subject, key, issuer, signer, validity, extensions):
    return signed(signer, sequence(
        tlv(0xa0, integer(2)), integer(number), SHA256_RSA, issuer, sequence(*map(time, validity)), subject, key.spki,
        tlv(0xa3, sequence(*extensions)) if extensions else b''))


def request(subject, key):
    return signed(key, sequence(integer(0), subject, key.spki, tlv(0xa0)))


def crl(issuer, signer, number, update, revoked):
    """revoked: (serial number, time) pairs, each with reason keyCompromise."""
    reason = sequence(sequence(oid('2.5.29.21'), octets(tlv(10, b'\1'))))
    entries = [sequence(integer(one), time(when), reason) for one, when in revoked]
    return signed(signer, sequence(
        integer(1), SHA256_RSA, issuer, *map(time, update), sequence(*entries) if entries else b'',
        tlv(0xa0, sequence(authority_key_id(signer), extension(20, integer(number))))))

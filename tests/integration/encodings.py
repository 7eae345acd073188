#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""encodings.py - one key in many encodings: requests and certificates, their DER written by hand.

encodings.py requests KEY.pem FOLDER             a request for each encoding, signed by the key
encodings.py certificates KEY.pem FOLDER CA.pem CAKEY.pem   a client's certificate for each, signed by the CA
encodings.py roots KEY.pem FOLDER                a self-signed CA certificate for each
encodings.py signatures KEY.pem FOLDER           requests whose signature's AlgorithmIdentifier is not standard
Files are NAME.csr or NAME.pem; the one called "canonical" is as it should be.
"""
import base64
import os
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa


def tl(tag, body, pad=0):
    """Tag, length and body; pad: bytes that the length has too many (BER)."""
    n = len(body)
    if n < 128 and pad == 0:
        return bytes([tag, n]) + body
    size = n.to_bytes(max(1, (n.bit_length() + 7) // 8) + pad - (1 if n < 128 and pad else 0), "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def seq(*parts, pad=0):
    return tl(0x30, b"".join(parts), pad)


def integer(n, zeros=0, pad=0):
    return tl(2, b"\0" * zeros + n.to_bytes(n.bit_length() // 8 + 1, "big"), pad)


def oid(dotted):
    first, second, *rest = (int(x) for x in dotted.split("."))
    body = bytes([40 * first + second])
    for n in rest:
        digits = [n & 0x7F]
        while n > 0x7F:
            n >>= 7
            digits.insert(0, 0x80 | n & 0x7F)
        body += bytes(digits)
    return tl(6, body)


RSA, PSS, OAEP = (oid("1.2.840.113549.1.1." + n) for n in ("1", "10", "7"))
EC, P256 = oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")
NULL = b"\5\0"
SHA256 = oid("2.16.840.1.101.3.4.2.1")
PSS_SHA256 = seq(tl(0xA0, seq(SHA256)), tl(0xA1, seq(oid("1.2.840.113549.1.1.8"), seq(SHA256))), tl(0xA2, integer(32)))


def bits(body, pad=0):
    return tl(3, b"\0" + body, pad)


def spki(alg, body):
    return seq(seq(alg), bits(body))


def rsa_encodings(key):
    n, e = key.public_key().public_numbers().n, key.public_key().public_numbers().e
    good = seq(integer(n), integer(e))
    with_null = RSA + NULL
    return {
        "canonical": spki(with_null, good),
        "no-parameters": spki(RSA, good),
        "octet-string": spki(RSA + tl(4, b"x"), good),
        "integer": spki(RSA + integer(1), good),
        "sequence": spki(RSA + seq(tl(1, b"\xff")), good),
        "utf8": spki(RSA + tl(12, b"a"), good),
        "long-null": spki(RSA + b"\5\x81\0", good),
        "two-nulls": spki(with_null + NULL, good),
        "modulus-zero": spki(with_null, seq(integer(n, 1), integer(e))),
        "modulus-zeros": spki(with_null, seq(integer(n, 40), integer(e))),
        "exponent-zero": spki(with_null, seq(integer(n), integer(e, 1))),
        "exponent-zeros": spki(with_null, seq(integer(n), integer(e, 40))),
        "long-key": spki(with_null, seq(integer(n), integer(e), pad=1)),
        "long-modulus": spki(with_null, seq(integer(n, pad=2), integer(e))),
        "long-exponent": spki(with_null, seq(integer(n), integer(e, pad=1))),
        "long-bits": seq(seq(with_null), bits(good, pad=1)),
        "long-algorithm": seq(seq(with_null, pad=1), bits(good)),
        "long-all": seq(seq(with_null), bits(good), pad=1),
        "more-numbers": spki(with_null, seq(integer(n), integer(e), integer(1))),
        "bytes-after": spki(with_null, good + NULL),
        "pss": spki(PSS, good),
        "pss-sha256": spki(PSS + PSS_SHA256, good),
        "oaep": spki(OAEP, good),
        "exponent-65539": spki(with_null, seq(integer(n), integer(65539))),
    }


def ec_encodings(key):
    numbers = key.public_key().public_numbers()
    x, y = (v.to_bytes(32, "big") for v in (numbers.x, numbers.y))
    odd = y[31] & 1
    p = 2**256 - 2**224 + 2**192 + 2**96 - 1
    b = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
    g = bytes.fromhex("046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                      "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    curve = seq(integer(1), seq(oid("1.2.840.10045.1.1"), integer(p)),
                seq(tl(4, (p - 3).to_bytes(32, "big")), tl(4, b.to_bytes(32, "big"))), tl(4, g), integer(order), integer(1))
    point = b"\4" + x + y
    return {
        "canonical": spki(EC + P256, point),
        "compressed": spki(EC + P256, bytes([2 + odd]) + x),
        "hybrid": spki(EC + P256, bytes([6 + odd]) + x + y),
        "explicit": spki(EC + curve, point),
        "explicit-compressed": spki(EC + curve, bytes([2 + odd]) + x),
        "null-after": spki(EC + P256 + NULL, point),
        "no-curve": spki(EC, point),
        "null-curve": spki(EC + NULL, point),
        "octets-after": spki(EC + P256 + tl(4, b"x"), point),
        "explicit-hybrid": spki(EC + curve, bytes([6 + odd]) + x + y),
        "bytes-after": spki(EC + P256, point + NULL),
        "point-in-octets": spki(EC + P256, tl(4, point)),
        "long-bits": seq(seq(EC + P256), bits(point, pad=1)),
        "long-curve": spki(EC + b"\6\x81" + P256[1:], point),
    }


def with_exponent(key, e):
    """The same modulus with another exponent: anyone who has the primes can make it."""
    numbers = key.private_numbers()
    d = pow(e, -1, (numbers.p - 1) * (numbers.q - 1))
    return rsa.RSAPrivateNumbers(numbers.p, numbers.q, d, d % (numbers.p - 1), d % (numbers.q - 1),
                                 rsa.rsa_crt_iqmp(numbers.p, numbers.q),
                                 rsa.RSAPublicNumbers(e, numbers.public_numbers.n)).private_key()


def signature(key, tbs):
    """The AlgorithmIdentifier and the signature."""
    if isinstance(key, rsa.RSAPrivateKey):
        return seq(oid("1.2.840.113549.1.1.11"), NULL), key.sign(tbs, padding.PKCS1v15(), hashes.SHA256())
    return seq(oid("1.2.840.10045.4.3.2")), key.sign(tbs, ec.ECDSA(hashes.SHA256()))


def name(cn):
    return seq(tl(0x31, seq(oid("2.5.4.3"), tl(12, cn.encode()))))


def request(key, info, cn):
    tbs = seq(integer(0), name(cn), info, b"\xa0\0")
    alg, sig = signature(key, tbs)
    return seq(tbs, alg, bits(sig))


def extension(dotted, value):
    return seq(oid(dotted), tl(4, value))


def certificate(info, cn, serial, ca=None, ca_key=None, key=None):
    """For a client, signed by ca_key; or of a root, signed by key."""
    subject = name(cn)
    issuer = ca.subject.public_bytes() if ca is not None else subject
    times = seq(tl(23, b"260101000000Z"), tl(23, b"360101000000Z"))
    more = extension("2.5.29.19", seq(tl(1, b"\xff"))) + extension("2.5.29.15", b"\3\2\1\6") if ca is None else \
        extension("2.5.29.37", seq(oid("1.3.6.1.5.5.7.3.2")))
    signer = ca_key if ca is not None else key
    alg, _ = signature(signer, b"")
    tbs = seq(tl(0xA0, integer(2)), integer(serial), alg, issuer, times, subject, info, tl(0xA3, seq(more)))
    return seq(tbs, alg, bits(signature(signer, tbs)[1]))


def bad_signatures(key, info, cn):
    """Requests that verify, or would with a careless reader: only the AlgorithmIdentifier is odd."""
    tbs = seq(integer(0), name(cn), info, b"\xa0\0")
    sha = oid("1.2.840.113549.1.1.11")
    mgf1, sha1 = oid("1.2.840.113549.1.1.8"), seq(oid("1.3.14.3.2.26"), NULL)
    plain = key.sign(tbs, padding.PKCS1v15(), hashes.SHA256())

    def pss(mgf, salt, *more):
        sig = key.sign(tbs, padding.PSS(padding.MGF1(mgf), salt), hashes.SHA256())
        digest = seq(SHA256) if isinstance(mgf, hashes.SHA256) else sha1
        return seq(PSS, seq(tl(0xA0, seq(SHA256)), tl(0xA1, seq(mgf1, digest)), tl(0xA2, integer(salt)), *more)), sig
    rows = {
        "canonical": (seq(sha, NULL), plain), "absent": (seq(sha), plain), "junk": (seq(sha, tl(4, b"junk")), plain),
        "two": (seq(sha, NULL, NULL), plain), "sequence": (seq(sha, seq()), plain),
        "good-pss": pss(hashes.SHA256(), 32), "no-salt": pss(hashes.SHA256(), 0), "salt-20": pss(hashes.SHA256(), 20),
        "mgf1-sha1": pss(hashes.SHA1(), 32), "trailer": pss(hashes.SHA256(), 32, tl(0xA3, integer(1))),
    }
    return {row: seq(tbs, alg, bits(sig)) for row, (alg, sig) in rows.items()}


def write(path, kind, der):
    text = base64.encodebytes(der).decode().replace("\n", "")
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    with open(path, "w", encoding="ascii") as f:
        f.write(f"-----BEGIN {kind}-----\n" + "\n".join(lines) + f"\n-----END {kind}-----\n")


def load(path):
    with open(path, "rb") as f:
        return serialization.load_pem_private_key(f.read(), None)


def main():
    what, key, folder = sys.argv[1], load(sys.argv[2]), sys.argv[3]
    infos = rsa_encodings(key) if isinstance(key, rsa.RSAPrivateKey) else ec_encodings(key)
    os.makedirs(folder, exist_ok=True)
    prefix = "root" if isinstance(key, rsa.RSAPrivateKey) else "EC root"
    serial = 1000 if isinstance(key, rsa.RSAPrivateKey) else 2000
    if what == "signatures":
        for row, der in bad_signatures(key, infos["canonical"], "x").items():
            write(f"{folder}/{row}.csr", "CERTIFICATE REQUEST", der)
        return
    if what == "certificates":
        with open(sys.argv[4], "rb") as f:
            ca, ca_key = x509.load_pem_x509_certificate(f.read()), load(sys.argv[5])
    for i, (row, info) in enumerate(infos.items()):
        signer = with_exponent(key, 65539) if row == "exponent-65539" else key
        if what == "requests":
            write(f"{folder}/{row}.csr", "CERTIFICATE REQUEST", request(signer, info, f"{row}.contoso.com"))
        elif what == "certificates":
            write(f"{folder}/{row}.pem", "CERTIFICATE", certificate(info, f"{row}.contoso.com", serial + i, ca, ca_key))
        else:
            write(f"{folder}/{row}.pem", "CERTIFICATE", certificate(info, f"{prefix} {row}", 1000 + i, key=signer))


main()

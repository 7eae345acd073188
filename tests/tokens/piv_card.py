#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""piv_card.py - a PIV card (NIST SP 800-73-4) with the few commands of a YubiKey 5.1 that its module wants besides."""
import datetime
import os

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa, utils
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from vpcd import Refused, parse, serve, tlv

APPLET = bytes.fromhex("a000000308")
DESCRIPTION = tlv(0x61, tlv(0x4F, bytes.fromhex("000010000100")) + tlv(0x79, tlv(0x4F, APPLET)))
CHUID = "5fc102"
MANAGEMENT, SIGNATURE, CARD = 0x9B, 0x9C, 0x9E  # key references
PIN, PUK = 0x80, 0x81
TRIPLE_DES = (0x00, 0x03)  # SP 800-78-4, table 6-2; 0x0A is AES-192
TRIES = 3
NOT_ALLOWED, WRONG_DATA, NOT_FOUND, WRONG_PARAMETER, NO_SUCH_KEY = 0x6982, 0x6A80, 0x6A82, 0x6A86, 0x6A88
RSA_2048, P_256 = 0x07, 0x11
DIGESTS = {20: hashes.SHA1, 32: hashes.SHA256, 48: hashes.SHA384}


class Card:
    # Attributes that a line of the file of faults may set: tries, is_aes, serial.
    ATR = bytes.fromhex("3bfd1300008131fe158073c021c057597562694b657940")

    def __init__(self):
        self.pin, self.tries, self.puk, self.puk_tries = b"123456", TRIES, b"12345678", TRIES
        self.serial = 12345678
        self.management, self.is_aes = bytes(range(1, 9)) * 3, False
        self.keys, self.witness, self.attester = {}, b"", ec.generate_private_key(ec.SECP256R1())
        self.objects = {CHUID: tlv(0x30, bytes(25)) + tlv(0x34, os.urandom(16)) + tlv(0x35, b"20301231")
                        + tlv(0x3E, b"") + b"\xfe\0"}
        self.reset()
        self.commands = {
            0xA4: self.select, 0xFD: lambda p1, p2, data: bytes([5, 1, 2]),
            0xF8: lambda p1, p2, data: self.serial.to_bytes(4, "big"),
            0x20: self.verify, 0x24: self.change, 0x2C: self.unblock, 0xCB: self.get_data, 0xDB: self.put_data, 0x47: self.generate, 0x87: self.authenticate,
            0xF9: self.attest, 0xFF: self.set_management,
        }

    def reset(self):
        self.is_verified = self.is_fresh = self.is_managed = False

    def command(self, ins, p1, p2, data):
        if ins not in self.commands:
            raise Refused(0x6D00)
        return self.commands[ins](p1, p2, data) or b""

    def select(self, p1, p2, data):
        if not data.startswith(APPLET) and not APPLET.startswith(data):
            raise Refused(NOT_FOUND)
        return DESCRIPTION

    def verify(self, p1, p2, data):
        if p2 != PIN:
            raise Refused(NO_SUCH_KEY)  # the PUK does nothing but unblock
        if not data and self.is_verified:
            return
        if self.tries and data:
            self.is_verified = self.is_fresh = data.rstrip(b"\xff") == self.pin
            self.tries = TRIES if self.is_verified else self.tries - 1
            if self.is_verified:
                return
        raise Refused(0x63C0 | self.tries if self.tries else 0x6983)

    def change(self, p1, p2, data):
        """Of the PIN (80) or the PUK (81): eight bytes old, eight new."""
        old, new = data[:8].rstrip(b"\xff"), data[8:].rstrip(b"\xff")
        if p2 == PUK:
            self.count_puk(old)
            self.puk = new
            return
        self.verify(p1, PIN, old)
        self.pin = new

    def unblock(self, p1, p2, data):
        self.count_puk(data[:8].rstrip(b"\xff"))
        self.pin, self.tries = data[8:].rstrip(b"\xff"), TRIES

    def count_puk(self, given):
        if self.puk_tries:
            self.puk_tries = TRIES if given == self.puk else self.puk_tries - 1
        if given != self.puk or not self.puk_tries:
            raise Refused(0x63C0 | self.puk_tries if self.puk_tries else 0x6983)

    # Data objects: certificates and what describes the card.
    def get_data(self, p1, p2, data):
        name = next(iter(parse(data).values())).hex()
        if name not in self.objects:
            raise Refused(NOT_FOUND)
        return tlv(0x53, self.objects[name])

    def put_data(self, p1, p2, data):
        self.demand_management()
        given = parse(data)
        self.objects[given[0x5C].hex()] = given[0x53]

    def demand_management(self):
        if not self.is_managed:
            raise Refused(NOT_ALLOWED)

    # Keys.
    def generate(self, p1, p2, data):
        self.demand_management()
        algorithm = parse(parse(data)[0xAC])[0x80][0]
        if algorithm == RSA_2048:
            self.keys[p2] = rsa.generate_private_key(65537, 2048)
            modulus = self.keys[p2].public_key().public_numbers().n
            return tlv(0x7F49, tlv(0x81, modulus.to_bytes(256, "big")) + tlv(0x82, b"\1\0\1"))
        if algorithm != P_256:
            raise Refused(WRONG_DATA)
        self.keys[p2] = ec.generate_private_key(ec.SECP256R1())
        point = self.keys[p2].public_key().public_numbers()
        return tlv(0x7F49, tlv(0x86, b"\4" + point.x.to_bytes(32, "big") + point.y.to_bytes(32, "big")))

    def authenticate(self, p1, p2, data):
        given = parse(parse(data)[0x7C])
        if p2 == MANAGEMENT and (p1 not in TRIPLE_DES or self.is_aes):
            raise Refused(WRONG_PARAMETER)  # as a YubiKey 5.7, which has an AES key there
        return self.manage(given) if p2 == MANAGEMENT else tlv(0x7C, tlv(0x82, self.sign(p2, given[0x81])))

    def attest(self, p1, p2, data):
        """A certificate about a key that was made here."""
        if p1 not in self.keys:
            raise Refused(WRONG_DATA)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"YubiKey PIV Attestation {p1:02x}")])
        day = datetime.datetime(2020, 1, 1)
        return (x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(p1)
                .not_valid_before(day).not_valid_after(day.replace(year=2050))
                .public_key(self.keys[p1].public_key()).sign(self.attester, hashes.SHA256())
                .public_bytes(serialization.Encoding.DER))

    def encrypted(self, block):
        context = Cipher(algorithms.TripleDES(self.management), modes.ECB()).encryptor()
        return context.update(block) + context.finalize()

    def manage(self, given):
        """Mutual authentication (0x80, then 0x80 and 0x81), or of the other side alone (0x81, then 0x82)."""
        if given in ({0x80: b""}, {0x81: b""}):
            self.witness = os.urandom(8)
            return tlv(0x7C, tlv(0x80, self.encrypted(self.witness)) if 0x80 in given else tlv(0x81, self.witness))
        if given.get(0x80) == self.witness or given.get(0x82) == self.encrypted(self.witness):
            self.is_managed = True
            return tlv(0x7C, tlv(0x82, self.encrypted(given[0x81]))) if 0x81 in given else b""
        raise Refused(NOT_ALLOWED)

    def set_management(self, p1, p2, data):
        """A key of three DES keys: algorithm, reference, length, value."""
        self.demand_management()
        if data[:3] != bytes([0x03, MANAGEMENT, 24]):
            raise Refused(WRONG_DATA)
        self.management = data[3:]

    def sign(self, reference, message):
        key = self.keys.get(reference)
        if key is None:
            raise Refused(NO_SUCH_KEY)
        # The signature key wants the PIN right before each use.
        if reference != CARD and not (self.is_fresh if reference == SIGNATURE else self.is_verified):
            raise Refused(NOT_ALLOWED)
        self.is_fresh = False
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return key.sign(message, ec.ECDSA(utils.Prehashed(DIGESTS[len(message)]())))
        if len(message) != 256:
            raise Refused(WRONG_DATA)
        numbers = key.private_numbers()
        return pow(int.from_bytes(message, "big"), numbers.d, numbers.public_numbers.n).to_bytes(256, "big")


if __name__ == "__main__":
    serve(Card())

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""iso_card.py - an empty card as OpenSC's isoApplet driver wants it: files, one PIN, RSA-2048 and EC keys."""
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from vpcd import Refused, parse, serve, tlv

APPLET = bytes.fromhex("f276a288bcfba69d34f31001")
VERSION = bytes([0, 6, 6])  # API 0.6; RSA and EC
TRIES = 3
# Positions in a file's access conditions (ISO 7816-4, 7.4.3.3).
DELETE, CREATE_DF, CREATE_EF, UPDATE, READ = 1, 5, 6, 6, 7
NOT_ALLOWED, NOT_FOUND, NO_SUCH_KEY, FULL, EXISTS = 0x6982, 0x6A82, 0x6A88, 0x6A84, 0x6A89
RSA_GENERATE = 0xF3
PRIMES = {2**256 - 2**224 + 2**192 + 2**96 - 1: ec.SECP256R1()}


class File:
    def __init__(self, number, parent, control=b""):
        self.number, self.parent, self.control, self.children = number, parent, control, {}
        told = parse(control)
        self.is_folder = parent is None or told.get(0x82, b"\x01")[0] & 0x38 == 0x38
        self.name, self.conditions = told.get(0x84, b""), told.get(0x86, b"")
        size = 0 if self.is_folder else int.from_bytes(told.get(0x80, told.get(0x81, b"")), "big")
        self.data = bytearray(size)
        if parent is not None:
            parent.children[number] = self

    def describe(self):
        plain = tlv(0x82, b"\x38") + tlv(0x83, self.number.to_bytes(2, "big")) + tlv(0x81, b"\x00\x00")
        return tlv(0x6F, self.control or plain)

    def walk(self):
        yield self
        for child in self.children.values():
            yield from child.walk()


class Card:
    ATR = bytes.fromhex("3b80800101")

    def __init__(self):
        self.root = self.current = File(0x3F00, None)
        self.pin = self.puk = None
        self.tries, self.is_verified = TRIES, False
        self.keys, self.environment = {}, {}
        self.commands = {
            0xA4: self.select, 0xE0: self.create, 0xE4: self.delete, 0xB0: self.read, 0xD6: self.update,
            0x20: self.verify, 0x24: self.change_pin, 0x2C: self.unblock, 0x22: self.set_environment,
            0x46: self.generate, 0x2A: self.use_key, 0x84: lambda p1, p2, data: os.urandom(256),
        }

    def reset(self):
        self.current, self.is_verified, self.environment = self.root, False, {}

    def command(self, ins, p1, p2, data):
        if ins not in self.commands:
            raise Refused(0x6D00)
        return self.commands[ins](p1, p2, data) or b""

    def folder(self):
        return self.current if self.current.is_folder else self.current.parent

    def demand(self, file, position):
        if len(file.conditions) != 8 or file.conditions[position] == 0:
            return
        if file.conditions[position] != 0x90 or not self.is_verified:
            raise Refused(NOT_ALLOWED)

    # Files.
    def by_name(self, name):
        for file in self.root.walk():
            if file.is_folder and file.name and file.name.startswith(name):
                return file
        raise Refused(NOT_FOUND)

    def by_path(self, file, path):
        for at in range(0, len(path), 2):
            file = file.children.get(int.from_bytes(path[at:at + 2], "big"))
            if file is None:
                raise Refused(NOT_FOUND)
        return file

    def by_number(self, number):
        folder = self.folder()
        if number == 0x3F00:
            return self.root
        for place in (folder.children, {folder.number: folder}, folder.parent.children if folder.parent else {}):
            if number in place:
                return place[number]
        raise Refused(NOT_FOUND)

    def select(self, p1, p2, data):
        if p1 == 4 and data == APPLET:
            self.current = self.root
            return VERSION
        if p1 == 4:
            self.current = self.by_name(data)
        elif p1 in (8, 9):
            self.current = self.by_path(self.root if p1 == 8 else self.current, data)
        else:
            self.current = self.by_number(int.from_bytes(data, "big") if data else 0x3F00)
        return b"" if p2 & 0x0C == 0x0C else self.current.describe()

    def create(self, p1, p2, data):
        control = next(iter(parse(data).values()))
        told, folder = parse(control), self.folder()
        number = int.from_bytes(told[0x83], "big")
        self.demand(folder, CREATE_DF if told.get(0x82, b"\x01")[0] & 0x38 == 0x38 else CREATE_EF)
        if number in folder.children:
            raise Refused(EXISTS)
        self.current = File(number, folder, control)

    def delete(self, p1, p2, data):
        file = self.by_path(self.folder(), data) if len(data) == 2 else self.current
        self.demand(file, DELETE)
        del file.parent.children[file.number]
        self.current = file.parent

    def read(self, p1, p2, data):
        self.demand(self.current, READ)
        if self.current.is_folder or (p1 << 8 | p2) > len(self.current.data):
            raise Refused(0x6B00)
        return bytes(self.current.data[p1 << 8 | p2:][:256])

    def update(self, p1, p2, data):
        start, file = p1 << 8 | p2, self.current
        self.demand(file, UPDATE)
        if file.is_folder or start + len(data) > len(file.data):
            raise Refused(FULL)
        file.data[start:start + len(data)] = data

    # The PIN; padded with NULs.
    def try_pin(self, given):
        if self.tries == 0:
            raise Refused(0x6983)
        self.is_verified = given.rstrip(b"\0") == self.pin
        self.tries = TRIES if self.is_verified else self.tries - 1
        if not self.is_verified:
            raise Refused(0x63C0 | self.tries if self.tries else 0x6983)

    def verify(self, p1, p2, data):
        if self.pin is None:
            raise Refused(NO_SUCH_KEY)
        if data:
            self.try_pin(data)
        elif not self.is_verified:
            raise Refused(0x63C0 | self.tries)

    def change_pin(self, p1, p2, data):
        half = len(data) // 2
        if p2 == 2:
            self.puk = data.rstrip(b"\0")
        elif self.pin is None:
            self.pin, self.is_verified = data.rstrip(b"\0"), True
        else:
            self.try_pin(data[:half])
            self.pin = data[half:].rstrip(b"\0")

    def unblock(self, p1, p2, data):
        if data[:16].rstrip(b"\0") != self.puk:
            raise Refused(0x63C2)
        self.pin, self.tries, self.is_verified = data[16:].rstrip(b"\0"), TRIES, True

    # Keys.
    def set_environment(self, p1, p2, data):
        self.environment = parse(data)

    def generate(self, p1, p2, data):
        if not self.is_verified:
            raise Refused(NOT_ALLOWED)
        place = self.environment[0x84][0]
        if self.environment[0x80][0] == RSA_GENERATE:
            self.keys[place] = rsa.generate_private_key(65537, 2048)
            modulus = self.keys[place].public_key().public_numbers().n
            return tlv(0x7F49, tlv(0x81, modulus.to_bytes(256, "big")) + tlv(0x82, b"\1\0\1"))
        curve = parse(data)
        if int.from_bytes(curve[0x81], "big") not in PRIMES:
            raise Refused(0x6A81)
        self.keys[place] = ec.generate_private_key(PRIMES[int.from_bytes(curve[0x81], "big")])
        point, size = self.keys[place].public_key().public_numbers(), len(curve[0x81])
        curve[0x86] = b"\4" + point.x.to_bytes(size, "big") + point.y.to_bytes(size, "big")
        return tlv(0x7F49, b"".join(tlv(tag, curve[tag]) for tag in sorted(curve)))

    def use_key(self, p1, p2, data):
        key = self.keys.get(self.environment.get(0x84, b"\xff")[0])
        if not self.is_verified:
            raise Refused(NOT_ALLOWED)
        if key is None or (p1, p2) != (0x9E, 0x9A):
            raise Refused(NO_SUCH_KEY)
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return key.sign(data, ec.ECDSA(hashes.SHA1()))  # as the applet does it: it hashes by itself
        numbers = key.private_numbers()
        padded = b"\0\1" + b"\xff" * (253 - len(data)) + b"\0" + data
        signature = pow(int.from_bytes(padded, "big"), numbers.d, numbers.public_numbers.n)
        return signature.to_bytes(256, "big")


if __name__ == "__main__":
    serve(Card())

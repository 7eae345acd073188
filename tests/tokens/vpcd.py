# SPDX-License-Identifier: MIT
"""vpcd.py - what simulated cards share: the link to vpcd, ISO 7816-4 transport, BER-TLV, faults on demand."""
import argparse
import os
import socket
import struct
import sys

OK = 0x9000
STATUS_OF = {"fail": b"\x6f\x00", "full": b"\x6a\x84"}


class Refused(Exception):
    """A command is answered with a status word and no data."""

    def __init__(self, status):
        super().__init__(hex(status))
        self.status = status


def tlv(tag, value):
    """One BER-TLV object."""
    size = len(value)
    long_form = b"" if size < 0x80 else b"\x81" if size < 0x100 else b"\x82"
    length = long_form + size.to_bytes(2 if size >= 0x100 else 1, "big")
    return tag.to_bytes((tag.bit_length() + 7) // 8 or 1, "big") + length + value


def parse(data):
    """The objects of one level, tag -> value; the last of equal tags wins."""
    out, at = {}, 0
    while at < len(data):
        tag = data[at]
        at += 1
        if tag & 0x1F == 0x1F:
            tag, at = tag << 8 | data[at], at + 1
        size, at = data[at], at + 1
        if size > 0x80:
            n = size & 0x7F
            size, at = int.from_bytes(data[at:at + n], "big"), at + n
        out[tag] = data[at:at + size]
        at += size
    return out


class Transport:
    """Chaining and GET RESPONSE around card.command(ins, p1, p2, data): bytes, or Refused is raised."""

    def __init__(self, card):
        self.card, self.chained, self.rest = card, b"", b""

    def reset(self):
        self.chained = self.rest = b""
        self.card.reset()

    def exchange(self, apdu):
        cla, ins, p1, p2 = apdu[:4]
        data, expected = b"", None
        if len(apdu) > 7 and apdu[4] == 0:  # extended length
            size = apdu[5] << 8 | apdu[6]
            data, expected = apdu[7:7 + size], 65536
        elif len(apdu) > 5:
            data = apdu[5:5 + apdu[4]]
            expected = apdu[5 + apdu[4]] if len(apdu) > 5 + apdu[4] else None
        elif len(apdu) == 5:
            expected = apdu[4]
        if cla & 0x10:
            self.chained += data
            return OK.to_bytes(2, "big")
        data, self.chained = self.chained + data, b""
        try:
            answer = self.rest if ins == 0xC0 else self.card.command(ins, p1, p2, data)
        except Refused as refused:
            self.rest = b""
            return refused.status.to_bytes(2, "big")
        size = expected or 256
        answer, self.rest = answer[:size], answer[size:]
        status = 0x6100 | min(len(self.rest), 0xFF) if self.rest else OK
        return answer + status.to_bytes(2, "big")


class Faults:
    """
    FILE, read at each command: lines `fail INS` (answered with 6F00), `full INS` (6A84), `pull INS` (the card is gone)
    and, taken once whenever the file is another, `tries N` (that many are left for the PIN) and what the card itself
    knows besides.
    """

    def __init__(self, path, card):
        self.path, self.card, self.taken, self.at = path, card, "", {}

    def of(self, ins):
        text = ""
        if self.path and os.path.exists(self.path):
            with open(self.path, encoding="ascii") as file:
                text = file.read()
        if text != self.taken:
            self.taken, self.at = text, {}
            for word, at in (line.split() for line in text.splitlines()):
                if word in ("fail", "full", "pull"):
                    self.at[int(at, 16)] = word
                else:
                    setattr(self.card, word, int(at))
        return self.at.get(ins)


def receive(link, size):
    out = b""
    while len(out) < size:
        # vpcd writes length and body by themselves: without this each command waits for a delayed acknowledgement
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        got = link.recv(size - len(out))
        if not got:
            sys.exit(0)
        out += got
    return out


def send(link, answer):
    link.sendall(struct.pack(">H", len(answer)) + answer)


def serve(card):
    """Speaks with vpcd until it hangs up: one byte is about power (4: what is the ATR?), more is a command."""
    options = argparse.ArgumentParser()
    options.add_argument("port", type=int)
    options.add_argument("--faults")
    given = options.parse_args()
    faults, transport = Faults(given.faults, card), Transport(card)
    link = socket.create_connection(("127.0.0.1", given.port))
    while True:
        message = receive(link, struct.unpack(">H", receive(link, 2))[0])
        if len(message) == 1:
            if message[0] == 4:
                send(link, card.ATR)
            else:
                transport.reset()
            continue
        fault = faults.of(message[1])
        if fault == "pull":
            sys.exit(0)
        send(link, STATUS_OF.get(fault) or transport.exchange(message))

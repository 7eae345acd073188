#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""hold.py - another program that has the card of the first reader for itself, until it is ended."""
import ctypes
import signal
import sys

SCOPE_SYSTEM, SHARE_EXCLUSIVE, ANY_PROTOCOL = 2, 1, 3  # PC/SC part 5, 3.1


def call(function, *arguments):
    """A call of the PC/SC resource manager, which must succeed."""
    status = function(*arguments) & 0xFFFFFFFF
    if status:
        sys.exit(f"{function.__name__}: {status:#x}")


def hold():
    pcsc = ctypes.CDLL("libpcsclite.so.1")
    context, size = ctypes.c_long(), ctypes.c_ulong(4096)
    names = ctypes.create_string_buffer(size.value)
    card, protocol = ctypes.c_long(), ctypes.c_ulong()
    call(pcsc.SCardEstablishContext, ctypes.c_ulong(SCOPE_SYSTEM), None, None, ctypes.byref(context))
    call(pcsc.SCardListReaders, context, None, names, ctypes.byref(size))
    call(pcsc.SCardConnect, context, names, ctypes.c_ulong(SHARE_EXCLUSIVE), ctypes.c_ulong(ANY_PROTOCOL),
         ctypes.byref(card), ctypes.byref(protocol))
    print(names.value.decode(), flush=True)
    signal.pause()


if __name__ == "__main__":
    hold()

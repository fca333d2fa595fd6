"""Namespaces and the virtual cables between them."""

from __future__ import annotations

import array
import ctypes
import fcntl
import os
import socket
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

LINUX = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000

SIOCETHTOOL = 0x8946
CHECKSUM, SEGMENTATION, GENERIC_SEGMENTATION, GENERIC_RECEIVE = 0x17, 0x1F, 0x24, 0x2C


@contextmanager
def entered(namespace: str) -> Iterator[None]:
    """This thread's network is that of the namespace for as long as the block lasts."""
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        enter(there)
        try:
            yield
        finally:
            enter(home)
    finally:
        os.close(there)
        os.close(home)


def enter(handle: int) -> None:
    """Move this thread into a network namespace."""
    if LINUX.setns(handle, CLONE_NEWNET):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def cable(one: str, one_end: str, other: str, other_end: str) -> None:
    """A virtual cable between two namespaces, up and plain at both ends."""
    ip(one, "link", "add", one_end, "type", "veth", "peer", "name", other_end, "netns", other)
    for namespace, end in ((one, one_end), (other, other_end)):
        with entered(namespace):
            plain(end)
        ip(namespace, "link", "set", end, "up")


def plain(interface: str) -> None:
    """Switch off what a virtual interface pretends its hardware does.

    Checksums are otherwise never computed, and frames joined into ones that no line carries.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for feature in (CHECKSUM, SEGMENTATION, GENERIC_SEGMENTATION, GENERIC_RECEIVE):
            wish = array.array("I", [feature, 0])
            request = struct.pack("16sP", interface.encode(), wish.buffer_info()[0])
            fcntl.ioctl(control, SIOCETHTOOL, request)


def ip(namespace: str, *words: str) -> None:
    """Run ``ip`` in a namespace."""
    run("ip", "-n", namespace, *words)


def run(*command: str) -> str:
    """Run a program that must succeed, and return what it says; its errors stand in ours."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr.strip()}"
    return done.stdout

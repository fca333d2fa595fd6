"""Bits of a byte string, with H.264's Exp-Golomb numbers; pure."""

from __future__ import annotations

LONGEST = 32


class Bits:
    """Read from the front; raises ValueError past the end."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data)
        self._left = len(data) * 8

    def take(self, count: int) -> int:
        """The next bits as a number."""
        if count > self._left:
            raise ValueError("no bits are left")
        self._left -= count
        return (self._value >> self._left) & ((1 << count) - 1)

    def unsigned(self) -> int:
        """An unsigned Exp-Golomb number (H.264, 9.1)."""
        zeros = 0
        while not self.take(1):
            zeros += 1
            if zeros > LONGEST:
                raise ValueError("a number too long")
        return (1 << zeros) - 1 + self.take(zeros)

    def signed(self) -> int:
        """A signed Exp-Golomb number."""
        number = self.unsigned()
        return (number + 1) // 2 if number % 2 else -(number // 2)

"""What may come to the port: nonsense, lies, and packets of clients who have keys and lie too."""

from __future__ import annotations

from struct import pack

from hypothesis import strategies as st

SEQUENCES = st.one_of(
    st.integers(0, 40).map(lambda at: at * 130),  # gaps that are asked for again
    st.integers(0, 0xFFFF),
    st.sampled_from([0, 1, 2, 5, 300, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF]),
)
WORDS = st.integers(0, 0xFFFFFFFF)
BODIES = st.one_of(
    st.binary(max_size=80),
    st.integers(0, 2046).map(bytes),
    st.sampled_from(
        [b"\x90\x80", b"\x90\xc0\x80", b"\x90\xf0\xff\xff", b"\x80\x40", b"\x10", b"\x80\x00\x09"]
    ),
    st.tuples(st.sampled_from([b"\x10\x00", b"\x90\x80\x00", b"\x90\xf0\xff"]), st.binary()).map(
        b"".join
    ),
)
RAW = st.one_of(
    st.binary(max_size=64),
    st.tuples(st.integers(0, 255), st.integers(0, 4000)).map(lambda p: bytes([p[0]]) * p[1]),
    st.tuples(st.integers(0, 255), st.binary(max_size=200)).map(lambda p: bytes([p[0]]) + p[1]),
)
NAMED = [
    b"\xbe\xde\x00\x01\x40\x31\x00\x00",
    *(
        b"\xbe\xde\x00\x01\x401" + bytes([head << 4]) + rid
        for head in (10, 11)
        for rid in (b"q", b"f")
    ),
]
"""The words for the m-line with mid 1, and for its encodings and their repairs."""

BLOCKS = st.one_of(
    st.just(b""),
    st.sampled_from(NAMED),
    st.binary(min_size=4, max_size=40),
    st.tuples(st.sampled_from([b"\xbe\xde", b"\x10\x00"]), st.integers(0, 9), st.binary()).map(
        lambda p: p[0] + p[1].to_bytes(2) + p[2]
    ),
)


@st.composite
def media(draw: st.DrawFn, ssrcs: list[int]) -> bytes:
    """A media packet before it is sealed: of some stream, or of none."""
    if draw(st.booleans()):
        return draw(believable(ssrcs))
    first = draw(st.sampled_from([0x80, 0x90, 0xA0, 0xB0, 0x8F, 0x9F, 0xBF]))
    kind = draw(st.one_of(st.sampled_from([96, 97, 111, 0xE0, 0xEF]), st.integers(0, 255)))
    ssrc = draw(st.one_of(st.sampled_from(ssrcs), WORDS))
    head = pack("!BBHII", first, kind, draw(SEQUENCES), draw(WORDS), ssrc)
    return head + draw(BLOCKS) + draw(BODIES)


@st.composite
def believable(draw: st.DrawFn, ssrcs: list[int]) -> bytes:
    """A picture's or a sound's packet that a track takes, whatever is in it."""
    named = draw(st.sampled_from([b"", *NAMED]))
    ssrc = draw(st.sampled_from([500, 501, 600, 601] if named else ssrcs))
    kind = draw(st.sampled_from([96, 96, 97, 111, 0xE0]))
    first = 0x90 if named else 0x80
    head = pack("!BBHII", first, kind, draw(SEQUENCES), draw(WORDS), ssrc)
    return head + named + draw(BODIES)


@st.composite
def control(draw: st.DrawFn, ssrcs: list[int]) -> bytes:
    """A compound control packet before it is sealed; some tell the truth about their length."""
    said = st.one_of(st.sampled_from(ssrcs), WORDS)
    compound = b""
    for _ in range(draw(st.integers(1, 4))):
        body = draw(feedback(said))
        body += bytes(-len(body) % 4)
        length = draw(st.one_of(st.just(len(body) // 4), st.integers(0, 0xFFFF)))
        kind = draw(st.one_of(st.sampled_from([200, 201, 202, 205, 206]), st.integers(192, 223)))
        first = draw(st.one_of(st.integers(0x80, 0x9F), st.integers(0, 255)))
        compound += pack("!BBH", first, kind, length) + body
    return compound


@st.composite
def feedback(draw: st.DrawFn, said: st.SearchStrategy[int]) -> bytes:
    """What follows the head of a control packet."""
    words = b"".join(pack("!I", draw(said)) for _ in range(draw(st.integers(0, 7))))
    remb = pack("!II", draw(said), 0) + b"REMB" + draw(st.binary(min_size=4, max_size=12))
    lost = pack("!II", draw(said), draw(said)) + draw(st.binary(max_size=64))
    return draw(st.sampled_from([words, remb, lost, draw(st.binary(max_size=60))]))

"""Header extensions, as other implementations write them."""

from __future__ import annotations

from aiortc.rtp import pack_header_extensions
from hypothesis import given
from hypothesis import strategies as st

from remote_court.video import extensions

values = st.lists(
    st.tuples(st.integers(1, 14), st.binary(min_size=1, max_size=16)),
    unique_by=lambda pair: pair[0],
    min_size=1,
    max_size=6,
)
wide = st.lists(
    st.tuples(st.integers(15, 255), st.binary(min_size=0, max_size=40)),
    unique_by=lambda pair: pair[0],
    min_size=1,
    max_size=4,
)


def block(pairs: list[tuple[int, bytes]]) -> bytes:
    profile, body = pack_header_extensions(pairs)
    return profile.to_bytes(2) + (len(body) // 4).to_bytes(2) + body


@given(values | wide)
def test_what_others_write_is_read(pairs: list[tuple[int, bytes]]) -> None:
    assert list(extensions.elements(block(pairs))) == pairs


@given(st.binary(max_size=60))
def test_nonsense_is_read_as_far_as_it_goes(data: bytes) -> None:
    assert isinstance(list(extensions.elements(data)), list)
    assert extensions.word(data, 4) is None or isinstance(extensions.word(data, 4), str)
    place = extensions.place(data, 1, 1)
    assert place is None or (data[place] >> 4 == 1 and place + 1 < len(data))


def test_level_and_mid_are_found() -> None:
    data = block([(1, b"\x9e"), (4, b"m1")])
    place = extensions.place(data, 1, 1)
    assert place is not None
    assert data[place + 1] & 0x7F == 30
    assert extensions.place(data, None, 1) is None
    assert extensions.word(data, 4) == "m1"
    assert extensions.word(data, 5) is None


@given(values, st.integers(1, 14))
def test_the_place_of_the_level_is_where_its_element_stands(
    pairs: list[tuple[int, bytes]], level_id: int
) -> None:
    data = block(pairs)
    place, known = extensions.place(data, level_id, 1), dict(pairs)
    assert (place is not None) == (level_id in known)
    if place is not None:
        assert data[place + 1 : place + 1 + len(known[level_id])] == known[level_id]


@given(values, st.binary(max_size=30))
def test_bounds_frame_the_extensions(pairs: list[tuple[int, bytes]], payload: bytes) -> None:
    packet = b"\x90" + bytes(11) + block(pairs) + payload
    start, end = extensions.bounds(packet, len(packet))
    assert packet[start:end] == block(pairs)
    assert packet[end:] == payload

"""Packets in order, whatever the network did to them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from remote_court.recording.ordering import Gap, Ordering, Packet


def packet(number: int) -> Packet:
    return (number & 0xFFFF, number, 0, 0, b"x")


@given(
    st.integers(0, 0xFFFF),
    st.lists(st.tuples(st.booleans(), st.integers(0, 30), st.booleans()), min_size=1, max_size=300),
)
def test_each_packet_comes_out_once_and_in_order_and_what_is_lost_is_counted(first, fates):
    """Each packet is lost or not, delayed by up to 30 places, doubled or not."""
    sent = [packet(first + n) for n in range(len(fates) + 1)]
    coming = [(0, sent[0])]
    for n, (lost, delay, doubled) in enumerate(fates, start=1):
        if not lost:
            coming += [(n + delay, sent[n])] * (2 if doubled else 1)
    ordering = Ordering(patience_s=31)
    out: list[Packet | Gap] = []
    for at, each in sorted(coming, key=lambda pair: pair[0]):
        out += ordering.put(each, float(at))
    out += ordering.rest()
    arrived = {each for _, each in coming}
    assert [each for each in out if not isinstance(each, Gap)] == [s for s in sent if s in arrived]
    newest = max(sent.index(each) for each in arrived)
    missing = sum(each not in arrived for each in sent[:newest])
    assert ordering.lost == missing
    assert sum(each.lost for each in out if isinstance(each, Gap)) == missing


def test_a_missing_packet_is_waited_for_and_then_given_up():
    ordering = Ordering(patience_s=0.5)
    assert ordering.put(packet(1), 0.0) == [packet(1)]
    assert ordering.put(packet(3), 0.1) == []
    assert ordering.put(packet(4), 0.5) == []
    assert ordering.due(0.59) == []
    assert ordering.due(0.61) == [Gap(1), packet(3), packet(4)]
    assert ordering.put(packet(2), 0.7) == []
    assert (ordering.lost, ordering.late) == (1, 1)


def test_no_more_than_so_many_are_held():
    ordering = Ordering(patience_s=1e9, most=10)
    out = ordering.put(packet(0), 0.0)
    for number in range(2, 14):
        out += ordering.put(packet(number), 0.0)
    assert out == [packet(0), Gap(1), *(packet(n) for n in range(2, 14))]


def test_a_stream_that_starts_anew_goes_on_after_a_gap():
    ordering = Ordering(patience_s=1)
    ordering.put(packet(100), 0.0)
    ordering.put(packet(102), 0.0)
    out = ordering.put(packet(30_000), 0.1)
    assert out == [Gap(1), packet(102), Gap(0), packet(30_000)]

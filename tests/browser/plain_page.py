"""A page that knows nothing of us: RTCPeerConnection and fetch, from an origin of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PAGE = """<!doctype html><meta charset=utf-8><title>plain</title><body><script>
async function exchange(peer, url, ticket) {
  await peer.setLocalDescription()
  const answer = await fetch(url, {
    method: 'POST', body: peer.localDescription.sdp,
    headers: { 'Content-Type': 'application/sdp', Authorization: 'Bearer ' + ticket },
  })
  const text = await answer.text()
  if (answer.status !== 201) return { status: answer.status, problem: JSON.parse(text) }
  window.tag = answer.headers.get('ETag')
  window.where = new URL(answer.headers.get('Location'), url).href
  window.bearer = ticket
  await peer.setRemoteDescription({ type: 'answer', sdp: text })
  return { status: 201 }
}
function begin() {
  window.peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' })
  window.candidates = []
  peer.onicecandidate = (e) => e.candidate && candidates.push(e.candidate.candidate)
  return peer
}
window.publish = async (url, ticket) => {
  const peer = begin()
  const wish = { audio: true, video: { width: 320, height: 240 } }
  window.stream = await navigator.mediaDevices.getUserMedia(wish)
  for (const track of stream.getTracks())
    peer.addTransceiver(track, { direction: 'sendonly', streams: [stream] })
  return exchange(peer, url, ticket)
}
window.watch = async (url, ticket, pairs = 1) => {
  const peer = begin()
  for (let at = 0; at < pairs; at++)
    for (const kind of ['audio', 'video']) peer.addTransceiver(kind, { direction: 'recvonly' })
  peer.ontrack = (e) => {
    const el = document.createElement(e.track.kind)
    el.autoplay = el.playsInline = true
    if (e.track.kind === 'video') el.muted = true
    el.srcObject = new MediaStream([e.track])
    document.body.append(el)
  }
  return exchange(peer, url, ticket)
}
window.trickle = async () => {
  const ufrag = /a=ice-ufrag:(\\S+)/.exec(peer.localDescription.sdp)[1]
  const lines = candidates.map((c) => 'a=' + c + '\\r\\n').join('')
  const answer = await fetch(where, {
    method: 'PATCH',
    body: `a=ice-ufrag:${ufrag}\\r\\nm=audio 9 UDP/TLS/RTP/SAVPF 0\\r\\na=mid:0\\r\\n${lines}`,
    headers: {
      'Content-Type': 'application/trickle-ice-sdpfrag', 'If-Match': tag,
      Authorization: 'Bearer ' + bearer,
    },
  })
  return answer.status
}
window.go = async () => {
  const headers = { Authorization: 'Bearer ' + bearer }
  return (await fetch(where, { method: 'DELETE', headers })).status
}
window.figures = async () => {
  const out = { frames: 0, sound: 0, sent: 0, lost: 0 }
  for (const s of (await peer.getStats()).values()) {
    if (s.type === 'outbound-rtp') out.sent += s.packetsSent ?? 0
    if (s.type !== 'inbound-rtp') continue
    out.lost += s.packetsLost ?? 0
    if (s.kind === 'video') out.frames += s.framesDecoded ?? 0
    else out.sound += s.packetsReceived ?? 0
  }
  return out
}
</script></body>"""


@asynccontextmanager
async def plain_page(host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve the page; yields its address."""
    content = PAGE.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(content)}\r\n\r\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head.encode() + content)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, host, port)
    async with server:
        yield f"http://{host}:{server.sockets[0].getsockname()[1]}/"

"""One leg of a bad network: a bridge between two network interfaces that delays
every frame, loses RTP and RTCP by a seeded chance, and writes down what it did.

    impaired_leg.py CONFIG

CONFIG is JSON: host and tap (the interfaces at either end), mirror (an interface
that gets a copy of what is put on tap, as the SPAN port of a switch does), seed,
truth (the path of the JSON to write at SIGTERM), mirrorLoss (the chance that RTP
is left out of the mirror), and for each direction toTap and fromTap delayMs, loss
(the chance that RTP is lost, 0..1) and rtcpLoss (that RTCP is). Frames are not
changed. All else (SIP, ARP) is never lost, so that calls come about.
"""

import heapq
import json
import random
import select
import signal
import socket
import struct
import sys
import time

SO_TIMESTAMPNS = 35
ETH_P_ALL = 3


def packet_of(frame):
    """('rtp', SSRC, sequence number) or ('rtcp', SSRC, None) of a frame with IPv4 and UDP; None for others."""
    if len(frame) < 14 + 20 + 8 + 8 or frame[12:14] != b"\x08\x00" or frame[23] != 17:
        return None
    payload = frame[14 + (frame[14] & 15) * 4 + 8 :]
    if len(payload) < 8 or payload[0] >> 6 != 2:
        return None
    if 192 <= payload[1] <= 223:  # RFC 5761 4
        return "rtcp", struct.unpack_from("!I", payload, 4)[0], None
    if len(payload) < 12:
        return None
    return "rtp", struct.unpack_from("!I", payload, 8)[0], struct.unpack_from("!H", payload, 2)[0]


class Direction:
    def __init__(self, options, seed):
        self.delay_ns = round(options["delayMs"] * 1e6)
        self.loss = {"rtp": options["loss"], "rtcp": options.get("rtcpLoss", 0)}
        # Each with its own, so that the losses of RTP do not hang on when RTCP comes.
        self.random = {"rtp": random.Random(seed), "rtcp": random.Random(seed)}
        self.ssrcs = {}
        self.held_us = []  # of RTCP

    def loses(self, packet):
        """Whether this one is lost; counts it either way."""
        if packet is None:
            return False
        kind, ssrc, sequence = packet
        row = self.ssrcs.setdefault(
            ssrc, {"rtp": 0, "rtcp": 0, "rtpLost": [], "rtcpLost": 0, "firstSequence": None}
        )
        lost = self.random[kind].random() < self.loss[kind]
        row[kind] += 1
        if kind == "rtp":
            if row["firstSequence"] is None:
                row["firstSequence"] = sequence
            if lost:
                row["rtpLost"].append(sequence)
        elif lost:
            row["rtcpLost"] += 1
        return lost

    def truth(self):
        held = self.held_us
        return {
            "delayMs": self.delay_ns / 1e6,
            "loss": self.loss["rtp"],
            "rtcpLoss": self.loss["rtcp"],
            "rtcpHeldMs": {"mean": sum(held) / len(held) / 1000, "max": max(held) / 1000} if held else None,
            "ssrcs": {f"0x{ssrc:08x}": row for ssrc, row in self.ssrcs.items()},
        }


def open_interface(name):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    s.bind((name, ETH_P_ALL))
    s.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 21)
    s.setblocking(False)
    return s


def received(s):
    """All frames that came from outside, with the time at which the kernel got them."""
    while True:
        try:
            frame, extra, _, address = s.recvmsg(2048, 64)
        except BlockingIOError:
            return
        if address[2] == socket.PACKET_OUTGOING:
            continue
        seconds, nanoseconds = struct.unpack("ll", extra[0][2][:16])
        yield frame, seconds * 10**9 + nanoseconds


class Mirror:
    """Copies to the SPAN port; an interface that is only written to."""

    def __init__(self, name, loss, seed):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self.socket.bind((name, 0))
        self.loss = loss
        self.random = random.Random(seed)
        self.copied = 0
        self.missed = {}

    def copy(self, packet, frame):
        if packet is not None and packet[0] == "rtp" and self.random.random() < self.loss:
            _, ssrc, sequence = packet
            self.missed.setdefault(f"0x{ssrc:08x}", []).append(sequence)
            return
        self.socket.send(frame)
        self.copied += 1


def main():
    with open(sys.argv[1]) as file:
        config = json.load(file)
    seed = config["seed"]
    host, tap = open_interface(config["host"]), open_interface(config["tap"])
    directions = {
        host: (tap, Direction(config["toTap"], seed)),
        tap: (host, Direction(config["fromTap"], seed + 1)),
    }
    mirror = Mirror(config["mirror"], config["mirrorLoss"], seed + 2)
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    waiting = []
    number = 0
    print("ready", flush=True)
    while not stopped:
        until = waiting[0][0] - time.time_ns() if waiting else 10**8
        readable, _, _ = select.select([host, tap], [], [], min(max(until, 0) / 1e9, 0.1))
        for s in readable:
            to, direction = directions[s]
            for frame, got_ns in received(s):
                packet = packet_of(frame)
                if direction.loses(packet):
                    continue
                # The number keeps the order of frames that are due at the same time.
                number += 1
                due_ns = got_ns + direction.delay_ns
                heapq.heappush(waiting, (due_ns, number, got_ns, to, direction, packet, frame))
        while waiting and waiting[0][0] <= time.time_ns():
            _, _, got_ns, to, direction, packet, frame = heapq.heappop(waiting)
            to.send(frame)
            if to is tap:
                mirror.copy(packet, frame)
            if packet is not None and packet[0] == "rtcp":
                direction.held_us.append((time.time_ns() - got_ns) / 1000)
    truth = {
        "toTap": directions[host][1].truth(),
        "fromTap": directions[tap][1].truth(),
        "mirrored": mirror.copied,
        "mirrorMissed": mirror.missed,
    }
    with open(config["truth"], "w") as file:
        json.dump(truth, file)


main()

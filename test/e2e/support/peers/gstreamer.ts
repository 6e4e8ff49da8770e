// GStreamer: two rtpbin that send each other a tone in PCMU, with a report a second.
import { setTimeout as sleep } from 'node:timers/promises';
import { hostA, hostB } from '../leg-truth.js';
import { type Peers, start, stop } from './process.js';

/** An rtpbin that sends a tone from `port` and reports once a second about what comes to it. */
function rtpbin(from: string, to: string, port: number): string[] {
  // The source is bound to the address and so gets what comes to the port, which
  // the sink has too: both directions have the same two addresses and ports.
  const sink = (at: number) => `udpsink host=${to} port=${at} bind-port=${at} sync=false async=false`;
  const source = (at: number) => `udpsrc address=${from} port=${at}`;
  return `gst-launch-1.0 -q
    rtpbin name=bin rtpsession0::rtcp-min-interval=1000000000
    audiotestsrc is-live=true wave=sine volume=0.3 samplesperbuffer=160 ! audio/x-raw,rate=8000,channels=1
    ! mulawenc ! rtppcmupay min-ptime=20000000 max-ptime=20000000 ! bin.send_rtp_sink_0
    bin.send_rtp_src_0 ! ${sink(port)}
    bin.send_rtcp_src_0 ! ${sink(port + 1)}
    ${source(port)} caps=application/x-rtp,media=audio,payload=0,clock-rate=8000,encoding-name=PCMU
    ! bin.recv_rtp_sink_0
    ${source(port + 1)} ! bin.recv_rtcp_sink_0
    bin. ! fakesink sync=false async=false`
    .trim()
    .split(/\s+/);
}

export const gstreamer: Peers = {
  name: 'GStreamer',
  program: 'gst-launch-1.0',
  package: 'gstreamer1.0-tools',
  async call(path, folder, seconds) {
    const ends = [
      start(path.a.wrapper, rtpbin(hostA, hostB, 20_000), folder),
      start(path.b.wrapper, rtpbin(hostB, hostA, 20_000), folder),
    ];
    await sleep(seconds * 1000);
    await Promise.all(ends.map((end) => stop(end)));
  },
};

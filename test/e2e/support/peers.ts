// Real RTP clients that call each other over two legs: GStreamer, baresip, SIPp, linphone.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostA, hostB, type TwoLegs } from './two-legs.js';

export interface Peers {
  name: string;
  /** Program, and the Debian package that has it. */
  program: string;
  package: string;
  /** Calls for so long; resolves when both ends have hung up. */
  call(path: TwoLegs, folder: string, seconds: number): Promise<void>;
}

/** Why these peers cannot call here, or null. */
export function missing({ program, package: of }: Peers): string | null {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
    ? null
    : `${program} is not installed (package ${of})`;
}

function start(wrapper: readonly string[], command: readonly string[], cwd: string): ChildProcess {
  const [first, ...rest] = [...wrapper, ...command];
  return spawn(first!, rest, { cwd, stdio: ['pipe', process.env.DBG ? 'inherit' : 'ignore', process.env.DBG ? 'inherit' : 'ignore'], env: { ...process.env, HOME: cwd } });
}

function ended(child: ChildProcess): Promise<unknown> {
  return child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('close', resolve).once('error', resolve));
}

/** Asks to end, and does not take no for an answer. */
async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
  child.kill(signal);
  const hard = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended(child);
  clearTimeout(hard);
}

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

function baresipHome(folder: string, name: string, address: string): string {
  const home = join(folder, `baresip-${name}`);
  mkdirSync(home);
  const config = `sip_listen ${address}:5060
audio_source ausine,440
audio_player aubridge,pipe
rtp_ports 23000-23020
rtcp_mux no
jitter_buffer_delay 5-10
module_path /usr/lib/baresip/modules
module g711.so
module opus.so
module ausine.so
module aubridge.so
module_app account.so
module_app menu.so
`;
  writeFileSync(join(home, 'config'), config);
  writeFileSync(
    join(home, 'accounts'),
    `<sip:${name}@${address}:5060>;regint=0;answermode=auto;audio_codecs=opus/48000/2\n`,
  );
  writeFileSync(join(home, 'contacts'), '');
  return home;
}

export const baresip: Peers = {
  name: 'baresip',
  program: 'baresip',
  package: 'baresip-core',
  async call(path, folder, seconds) {
    const called = start(path.b.wrapper, ['baresip', '-f', baresipHome(folder, 'b', hostB)], folder);
    await sleep(1500);
    const dial = ['-e', `/dial sip:b@${hostB}:5060`, '-t', String(seconds)];
    const caller = start(path.a.wrapper, ['baresip', '-f', baresipHome(folder, 'a', hostA), ...dial], folder);
    await ended(caller);
    await stop(called, 'SIGTERM');
  },
};

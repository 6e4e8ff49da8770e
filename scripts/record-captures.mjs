// Records test/captures: real RTP clients that talk to each other inside a network
// namespace of their own, so that nothing leaves it. All media are synthetic.
// Needs unshare, ip, dumpcap, gst-launch-1.0, sipp and baresip.
//
//   node scripts/record-captures.mjs [NAME...]

import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const INSIDE = '--inside-namespace';
const self = fileURLToPath(import.meta.url);
const target = fileURLToPath(new URL('../test/captures/', import.meta.url));

/** A process, and the promise of its end. */
function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], ...options });
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const stop = (signal = 'SIGINT') => {
    child.kill(signal);
    return ended;
  };
  return { ended, stop };
}

function must(command, ...args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? `exit code ${status}`}`);
}

/** A pipeline as on the command line of gst-launch-1.0. */
const gstreamer = (pipeline, options) =>
  start('gst-launch-1.0', ['-q', ...pipeline.trim().split(/\s+/)], options);

/** 20 ms of a sine at a time. */
const tone = (rate, buffers, freq = 440) =>
  `audiotestsrc is-live=true wave=sine freq=${freq} volume=0.3 samplesperbuffer=${rate / 50} num-buffers=${buffers}
   ! audio/x-raw,rate=${rate},channels=1`;
const picture = (frames) =>
  `videotestsrc is-live=true pattern=ball num-buffers=${frames} ! video/x-raw,format=I420,width=160,height=120,framerate=15/1`;
const to = (port) => `udpsink host=127.0.0.1 port=${port} sync=false`;

/** An rtpbin that sends `source` to `peer` and reports about what comes to `own`; RTCP on the ports above. */
const rtpbin = (source, caps, own, peer) => `
  rtpbin name=bin
  ${source} ! bin.send_rtp_sink_0
  bin.send_rtp_src_0 ! ${to(peer)} bind-port=${own + 100}
  bin.send_rtcp_src_0 ! ${to(peer + 1)} async=false bind-port=${own + 101}
  udpsrc port=${own} caps=${caps} ! bin.recv_rtp_sink_0
  udpsrc port=${own + 1} ! bin.recv_rtcp_sink_0
  bin. ! fakesink sync=false async=false`;

async function rtpbinCall() {
  const ends = [
    rtpbin(
      `${tone(48_000, 350)} ! opusenc bitrate=16000 frame-size=20 ! rtpopuspay pt=111`,
      'application/x-rtp,media=audio,payload=0,clock-rate=8000,encoding-name=PCMU',
      20_000,
      20_200,
    ),
    rtpbin(
      `${tone(8000, 350, 523)} ! mulawenc ! rtppcmupay min-ptime=20000000 max-ptime=20000000`,
      'application/x-rtp,media=audio,payload=111,clock-rate=48000,encoding-name=OPUS',
      20_200,
      20_000,
    ),
  ].map((pipeline) => gstreamer(pipeline));
  // The receiving halves never end of their own accord.
  await sleep(7500);
  await Promise.all(ends.map((end) => end.stop()));
}

const peers = new URL('../test/e2e/support/peers/', import.meta.url);

const baresipTone = readFileSync(new URL('baresip-tone.config', peers), 'utf8');

const sippScenario = (played) =>
  readFileSync(new URL('sipp-caller.xml', peers), 'utf8')
    .replace('MEDIA_PORT', 'media_port')
    .replace('PLAY', `play_pcap_audio="${played}"`)
    .replace('PAUSE', '6000');

/** sipp calls sipp and plays a tone that gstreamer made; the other end echoes it (one SSRC both ways). */
async function sippCall(folder) {
  const played = join(folder, 'tone.pcap');
  const dumpcap = await capture(played, 'udp port 9999');
  await gstreamer(
    `${tone(8000, 280)} ! alawenc ! rtppcmapay min-ptime=20000000 max-ptime=20000000 ! ${to(9999)}`,
  ).ended;
  await sleep(300);
  await dumpcap.stop();
  const scenario = join(folder, 'caller.xml');
  writeFileSync(scenario, sippScenario(played));
  const called = start(
    'sipp',
    ['-sn', 'uas', '-rtp_echo', '-i', '127.0.0.1', '-p', '5070', '-mp', '21000', '-nostdin', '-m', '1'],
    { cwd: folder, stdio: 'ignore' },
  );
  return async () => {
    await sleep(500);
    must(
      'sipp',
      '-sf',
      scenario,
      '127.0.0.1:5070',
      '-i',
      '127.0.0.1',
      '-p',
      '5060',
      '-mp',
      '22000',
      '-m',
      '1',
      '-nostdin',
      '-timeout',
      '20',
    );
    await called.stop('SIGKILL');
  };
}

async function baresipCall(folder) {
  const end = (name, port, rtp, codec) => {
    const home = join(folder, name);
    mkdirSync(home);
    writeFileSync(
      join(home, 'config'),
      `sip_listen 192.0.2.1:${port}\nrtp_ports ${rtp}-${rtp + 20}\n${baresipTone}`,
    );
    writeFileSync(
      join(home, 'accounts'),
      `<sip:${name}@192.0.2.1:${port}>;regint=0;answermode=auto;audio_codecs=${codec}\n`,
    );
    writeFileSync(join(home, 'contacts'), '');
    return home;
  };
  const codec = 'opus/48000/2';
  const called = start('baresip', ['-f', end('called', 5070, 23_000, codec)], { stdio: 'ignore' });
  await sleep(1000);
  const caller = start(
    'baresip',
    ['-f', end('caller', 5060, 24_000, codec), '-e', '/dial sip:called@192.0.2.1:5070', '-t', '6'],
    { stdio: 'ignore' },
  );
  await caller.ended;
  await called.stop('SIGTERM');
}

/** A bad network: from one port to the other, 3 % lost, 1 % doubled, delays of 0 to 60 ms. */
async function impair(from, port) {
  const relay = createSocket('udp4').bind(from, '127.0.0.1');
  await once(relay, 'listening');
  relay.on('message', (message) => {
    const chance = Math.random();
    if (chance < 0.03) return;
    const delayMs = 60 * Math.random() ** 4;
    for (let copy = 0; copy < (chance > 0.99 ? 2 : 1); copy++)
      setTimeout(() => relay.send(message, port, '127.0.0.1'), delayMs + 5 * copy);
  });
  return relay;
}

/** What to record: a function that runs the clients to their end, or one that prepares and gives that function. */
const RECORDINGS = {
  'gst-pcma': () =>
    gstreamer(
      `${tone(8000, 300)} ! alawenc ! rtppcmapay min-ptime=20000000 max-ptime=20000000 ! ${to(20_000)}`,
    ).ended,
  'gst-speex': () => gstreamer(`${tone(16_000, 300)} ! speexenc ! rtpspeexpay pt=110 ! ${to(20_000)}`).ended,
  'gst-rtpbin-opus-pcmu': rtpbinCall,
  'gst-pcmu-impaired': async () => {
    const relay = await impair(20_100, 20_000);
    await gstreamer(
      `${tone(8000, 400)} ! mulawenc ! rtppcmupay min-ptime=20000000 max-ptime=20000000 ! ${to(20_100)}`,
    ).ended;
    await sleep(200);
    relay.close();
  },
  'gst-vp8': () =>
    gstreamer(
      `${picture(75)} ! vp8enc deadline=1 target-bitrate=64000 keyframe-max-dist=30 ! rtpvp8pay pt=96 mtu=700 ! ${to(20_000)}`,
    ).ended,
  'gst-theora': () =>
    gstreamer(`${picture(75)} ! theoraenc bitrate=64 ! rtptheorapay pt=98 mtu=700 ! ${to(20_000)}`).ended,
  'gst-jpeg': () =>
    gstreamer(`${picture(75)} ! jpegenc quality=40 ! rtpjpegpay mtu=700 ! ${to(20_000)}`).ended,
  'sipp-pcma-echo': sippCall,
  'baresip-opus': baresipCall,
};

/** Starts dumpcap and waits until it listens. (tcpdump wants to become another user, which this namespace has not.) */
async function capture(path, filter) {
  const dump = spawn('dumpcap', ['-i', 'lo', '-q', '-P', '-w', path, '-f', filter], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const closed = new Promise((resolve) => dump.once('close', resolve));
  let said = '';
  await new Promise((resolve, reject) => {
    dump.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
      if (said.includes('File: ')) resolve();
    });
    dump.once('error', reject);
    dump.once('close', () => reject(new Error(`dumpcap: ${said}`)));
  });
  const stop = () => {
    dump.kill('SIGINT');
    return closed;
  };
  return { stop };
}

async function record(names) {
  must('ip', 'link', 'set', 'lo', 'up');
  // baresip wants an address that is not that of the loopback; packets to it still go through lo.
  must('ip', 'link', 'add', 'rec0', 'type', 'veth', 'peer', 'name', 'rec1');
  must('ip', 'address', 'add', '192.0.2.1/24', 'dev', 'rec0');
  for (const end of ['rec0', 'rec1']) must('ip', 'link', 'set', end, 'up');
  for (const name of names) {
    const run = RECORDINGS[name];
    if (run === undefined)
      throw new Error(`no recording ${name}; there are ${Object.keys(RECORDINGS).join(', ')}`);
    const folder = mkdtempSync(join(tmpdir(), 'record-'));
    try {
      const path = join(target, `${name}.pcap`);
      // Only sipp has to prepare something before the capture.
      const clients = run === sippCall ? await run(folder) : () => run(folder);
      // Of the bad network only what comes out of it.
      const dumpcap = await capture(path, name === 'gst-pcmu-impaired' ? 'udp dst port 20000' : 'udp');
      await clients();
      await sleep(300);
      await dumpcap.stop();
      chmodSync(path, 0o644);
      process.stdout.write(`${name}.pcap ${statSync(path).size} octets\n`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

const [first, ...rest] = process.argv.slice(2);
if (first === INSIDE) {
  await record(rest.length > 0 ? rest : Object.keys(RECORDINGS));
} else {
  must('unshare', '-Urn', process.execPath, self, INSIDE, ...process.argv.slice(2));
}

// linphone: a SIP call with a tone in Opus both ways; its extended reports carry the
// receiver reference time (RFC 3611 4.4).
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostB } from '../leg-truth.js';
import { type Peers, start, stop } from './process.js';

/** A sine in a WAV file: 8 kHz, 16 bits. */
function wave(path: string, seconds: number): void {
  const samples = 8000 * seconds;
  const file = Buffer.alloc(44 + 2 * samples);
  file.write('RIFF');
  file.writeUInt32LE(36 + 2 * samples, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  for (const [i, value] of [1, 1].entries()) file.writeUInt16LE(value, 20 + 2 * i); // PCM, one channel
  file.writeUInt32LE(8000, 24);
  file.writeUInt32LE(16_000, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(2 * samples, 40);
  for (let i = 0; i < samples; i++)
    file.writeInt16LE(Math.round(8000 * Math.sin((i * 2 * Math.PI * 440) / 8000)), 44 + 2 * i);
  writeFileSync(path, file);
}

function linphoneConfig(folder: string, name: string): string {
  const path = join(folder, `linphone-${name}.rc`);
  const config = `[sip]
sip_port=5060
sip_tcp_port=0
sip_tls_port=0
use_ipv6=0
verify_server_certs=0
[net]
firewall_policy=0
[rtp]
audio_rtp_port=7078
rtcp_xr_enabled=1
rtcp_xr_rcvr_rtt_mode=all
rtcp_xr_rcvr_rtt_max_size=10000
rtcp_xr_stat_summary_enabled=1
rtcp_xr_voip_metrics_enabled=1
[sound]
echocancellation=0
`;
  writeFileSync(path, config);
  return path;
}

export const linphone: Peers = {
  name: 'linphone',
  program: 'linphonec',
  package: 'linphone-cli',
  async call(path, folder, seconds) {
    const tone = join(folder, 'tone.wav');
    wave(tone, seconds + 20);
    const end = (wrapper: readonly string[], name: string, ...more: string[]) => {
      const home = join(folder, `home-${name}`);
      for (const data of ['.local/share/linphone', '.config/linphone'])
        mkdirSync(join(home, data), { recursive: true });
      const command = ['linphonec', '-c', linphoneConfig(folder, name), ...more];
      return start(wrapper, command, home);
    };
    const called = end(path.b.wrapper, 'b', '-a');
    const caller = end(path.a.wrapper, 'a');
    const both = [called, caller];
    const say = (child: ChildProcess, line: string) => child.stdin!.write(`${line}\n`);
    await sleep(2000);
    for (const child of both) say(child, 'soundcard use files');
    await sleep(500);
    say(caller, `call sip:b@${hostB}`);
    await sleep(1500);
    for (const child of both) say(child, `play ${tone}`);
    await sleep(seconds * 1000);
    say(caller, 'terminate');
    await sleep(500);
    for (const child of both) say(child, 'quit');
    await Promise.all(both.map((child) => stop(child, 'SIGTERM')));
  },
};

// SIPp: a SIP call without any RTCP, where the called end sends back what comes.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostA, hostB } from '../leg-truth.js';
import { ended, type Peers, start, stop } from './process.js';

const scenarioOf = (seconds: number, played: string) =>
  readFileSync(new URL('sipp-caller.xml', import.meta.url), 'utf8')
    .replace('MEDIA_PORT', 'rtpstream_audio_port')
    .replace('PLAY', `rtp_stream="${played},-1,8"`)
    .replace('PAUSE', String(seconds * 1000));

/** Media without any RTCP: the called end sends back what comes, packet by packet. */
export const sipp: Peers = {
  name: 'SIPp',
  program: 'sipp',
  package: 'sip-tester',
  async call(path, folder, seconds) {
    const played = join(folder, 'tone.alaw');
    writeFileSync(played, Buffer.alloc(8000, Buffer.from([0x55, 0x34, 0x2a, 0x34, 0xd5, 0xb4, 0xaa, 0xb4])));
    const scenario = join(folder, 'caller.xml');
    writeFileSync(scenario, scenarioOf(seconds, played));
    const common = ['-p', '5060', '-m', '1', '-nostdin'];
    const called = start(
      path.b.wrapper,
      ['sipp', '-sn', 'uas', '-rtp_echo', '-i', hostB, '-mp', '21000', ...common],
      folder,
    );
    await sleep(500);
    const place = ['-i', hostA, '-mp', '22000', '-timeout', String(seconds + 20)];
    await ended(
      start(path.a.wrapper, ['sipp', '-sf', scenario, `${hostB}:5060`, ...place, ...common], folder),
    );
    await stop(called, 'SIGKILL');
  },
};

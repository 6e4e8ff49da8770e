// baresip: a SIP call with a tone in Opus both ways, with a report each five seconds.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostA, hostB } from '../leg-truth.js';
import { ended, type Peers, start, stop } from './process.js';

function baresipHome(folder: string, name: string, address: string): string {
  const home = join(folder, `baresip-${name}`);
  mkdirSync(home);
  const tone = readFileSync(new URL('baresip-tone.config', import.meta.url), 'utf8');
  const config = `sip_listen ${address}:5060
rtp_ports 23000-23020
rtcp_mux no
jitter_buffer_delay 5-10
${tone}`;
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

// SIPp: a SIP call without any RTCP, where the called end sends back what comes.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostA, hostB } from '../leg-truth.js';
import { ended, type Peers, start, stop } from './process.js';

const SIPP_CALLER = (seconds: number, played: string) => `<?xml version="1.0" encoding="ISO-8859-1"?>
<scenario name="call with a tone">
  <send retrans="500"><![CDATA[
INVITE sip:tone@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:caller@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:tone@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:caller@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=caller 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [rtpstream_audio_port] RTP/AVP 8
a=rtpmap:8 PCMA/8000
]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="200" rrs="true"/>
  <send><![CDATA[
ACK sip:tone@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:caller@[local_ip]:[local_port]>;tag=[call_number]
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
  <nop><action><exec rtp_stream="${played},-1,8"/></action></nop>
  <pause milliseconds="${seconds * 1000}"/>
  <send retrans="500"><![CDATA[
BYE sip:tone@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:caller@[local_ip]:[local_port]>;tag=[call_number]
[last_To:]
Call-ID: [call_id]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
  <recv response="200"/>
</scenario>
`;

/** Media without any RTCP: the called end sends back what comes, packet by packet. */
export const sipp: Peers = {
  name: 'SIPp',
  program: 'sipp',
  package: 'sip-tester',
  async call(path, folder, seconds) {
    const played = join(folder, 'tone.alaw');
    writeFileSync(played, Buffer.alloc(8000, Buffer.from([0x55, 0x34, 0x2a, 0x34, 0xd5, 0xb4, 0xaa, 0xb4])));
    const scenario = join(folder, 'caller.xml');
    writeFileSync(scenario, SIPP_CALLER(seconds, played));
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

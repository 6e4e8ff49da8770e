// docs/doctor.md, written from the catalogue.
import { topics } from './catalogue.js';
import { EXIT_CODES } from './diagnose.js';
import type { FindingInfo } from './finding.js';

const cell = (text: string) => text.replaceAll('|', '\\|');
const codeCell = (text: string) => (text === '' ? '' : `\`${cell(text)}\``);

function tableOf(entries: Readonly<Record<string, FindingInfo>>): string {
  const rows = Object.entries(entries).map(
    ([id, { severity, title, meaning, mend }]) =>
      `| \`${id}\` | ${severity} | ${cell(title)}. ${cell(meaning)} | ${codeCell(mend)} |`,
  );
  return `| id | severity | meaning | mend |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

/** The whole document. */
export function doctorDocument(): string {
  const tables = Object.entries(topics).map(([heading, entries]) => `### ${heading}\n\n${tableOf(entries)}`);
  return `<!-- Generated from src/doctor/topics by \`npm run generate\`. Do not edit. -->
# Doctor

\`rtpsonde doctor\` looks at a machine and its mirror port as an experienced capture engineer would, and names the
command that mends what it finds. It changes nothing and sends nothing; it needs no program but those that come with the system.

\`\`\`sh
rtpsonde doctor -i eth1                              # the machine and the interface, watched for 5 s
rtpsonde doctor -i eth1 eth2                         # the legs of a TAP, one after the other
rtpsonde doctor -c /etc/rtpsonde/rtpsonde.yaml       # also the configuration, its outputs and collectors
rtpsonde doctor -i eth1 --seconds 60 --json          # for programs
\`\`\`

Run it as root, during calls. For the time of watching it captures with the engine of the daemon, with the ring and the
snap length of the configuration (else the defaults), and takes a census of the first 100,000 frames beside it. A daemon that
is running meanwhile goes on; both together take more CPU than one. As an ordinary user it tells what can be told without
capturing. Under the daemon's own user the unit hides much of \`/proc\` and \`/sys\`: run it outside of the unit.

## What it prints

A block for each finding, worst first: what is wrong and what was seen (with the id), what it means, and \`mend:\` with the
command; what comes behind \`#\` in it is for you, and \`<...>\` is yours to fill in. Commands for a switch are in the words of
Cisco IOS. A line that begins with \`ok\` tells what was looked at and is well; with \`?\`, what could not be found out on this
machine.

| exit code | meaning |
| --- | --- |
| ${EXIT_CODES.ok} | all well, or notes only |
| ${EXIT_CODES.warning} | at least one warning |
| ${EXIT_CODES.error} | at least one error |
| 64 and above | doctor itself could not run ([errors](errors.md)) |

\`--json\` prints one object: \`rtpsonde\` (version), \`interface\` (null when none was named), \`seconds\`, \`exitCode\` and
\`findings\`, an array of the same order; of several interfaces (\`-i\`, or those of the configuration) instead \`interfaces\`, an array of \`interface\` and
\`findings\`. As text, of the second interface only that is told which differs from the first. Each finding has \`id\` (stable), \`level\` (\`error\`, \`warning\`, \`note\`, \`unknown\` or \`ok\`), \`title\`,
\`observed\`, \`meaning\` and \`mend\` (empty when nothing has to be done). An id may stand several times, for example for several outputs.

## Following the advice

What was seen in a network namespace with a pair of virtual interfaces, 3,000 RTP packets of one call sent as fast as it goes,
and \`gro_flush_timeout\` raised so that packets meet in the kernel as they do on a busy card:

| setting | RTP packets that arrived | largest frame | doctor says |
| --- | --- | --- | --- |
| GRO off | 3,000 | 214 bytes | nothing |
| \`gro on\` | 3,000 | 214 bytes | warning \`gro-on\` |
| \`gro on rx-udp-gro-forwarding on\` | about 80 | 11,050 bytes | error \`udp-gro-on\`, warnings \`gro-on\`, \`merged-frames\` |
| \`gro on rx-gro-list on\` | about 90 | 11,050 bytes | error \`udp-gro-on\`, warnings \`gro-on\`, \`merged-frames\` |

After \`ethtool -K IF rx-udp-gro-forwarding off\` and \`ethtool -K IF rx-gro off\`, as it says, all 3,000 arrive and the findings are gone.

And on a machine with 2 virtual cores that had other work meanwhile (load 9 to 14, Linux 6.18). In such a namespace \`tcpreplay --topspeed\` sent
the calls of a simulation to an interface with an address, IPv6 and RPS, to be measured with a ring of 1 MiB and whole packets. Doctor found
\`interface-has-address\`, \`ring-bridges-little\`, \`rps-on\`, \`interface-talks-ipv6\` and, after another look, \`ring-overflowed\`. All of it was done; what was
left is \`clock-not-synchronised\`, as the machine has no time service. Four rounds in turn, 5 s each, 110,000 to 360,000 packets a second:

| advice | before | after |
| --- | --- | --- |
| RPS off (ring of 1 MiB) | 43,622 of 4,581,848 packets lost (none, 1.1, 1.4 and 1.3 %) | 675 of 5,654,097 (0.012 %) |
| ring of 128 MiB, first 128 octets (RPS off) | 675 of 5,654,097 | none of 3,600,929 |
| the same (RPS on) | 43,622 of 4,581,848 | none of 2,776,062 |

Behind the larger ring \`tcpreplay\` sent over a third less, for reasons that were not found, so these rounds alone do not prove it. With
\`bench-capture --streams 1000 --rate 20000000\`, as fast as its generator goes, in turn:

| advice | lost before | lost after | packets a second, before and after |
| --- | --- | --- | --- |
| \`--ring 256\` for \`--ring 2\` | 5.8, 19.0 and 34.9 % | none in three runs | 0.6 to 1.4 and 0.6 to 0.8 million |
| \`--ring 16\` for \`--ring 2\` | the same | none, 6.3 %, none | 0.6 to 1.4 and 0.5 to 1.2 million |
| what takes the CPU: real-time priority (\`chrt -r 1\`) with \`--ring 2\` | 5.7, 6.3 and 17.1 % | 1.4, 1.1 and 0.6 % | 0.3 to 1.4 and 1.6 to 1.8 million |

The worker pays nothing for a large ring: 110 to 129 ns a packet with 256 MiB, 112 to 149 with 2; the kernel 575 to 687 against 530 to 605. What did not help: the address and IPv6 make no difference
to what is lost or measured, they only keep the mirror port silent. On this machine's only card doctor rightly says that it is no mirror port
(\`no-packets\`, \`management-interface\`); its advice for cards (rings, queues, interrupts) could not be followed here.

Settings of \`ethtool\`, \`ip\` and \`sysctl\` last until the next start of the machine. To keep those of the card, let systemd set
them (systemd.link(5)), for example in \`/etc/systemd/network/10-mirror.link\`:

\`\`\`ini
[Match]
OriginalName=eth1

[Link]
GenericReceiveOffload=no
LargeReceiveOffload=no
RxBufferSize=4096
RxFlowControl=no
TxFlowControl=no
\`\`\`

and settings of \`sysctl\` in \`/etc/sysctl.d/90-rtpsonde.conf\`.

## What is no finding

* VLAN tags that the card takes out (\`rxvlan\`): the daemon reads them from the ring, and summaries have them. By AF_XDP (\`capture.method: xdp\`)
  they are lost; the daemon's log says so and names the command that keeps them in the packets.
* Promiscuous mode that is off: the daemon asks for it itself while it captures.
* A missing CAP_NET_ADMIN: nothing of the daemon needs it but AF_XDP, for which it is asked for (\`no-xdp-right\`).
* Sequence, jitter and MOS of single calls: for those there is \`rtpsonde run\`, and \`rtpsonde analyze\` for files.

## All findings

What stands in braces is filled in: \`{interface}\`, and figures that suit the machine.

${tables.join('\n')}`;
}

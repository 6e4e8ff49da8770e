// What arrived while it was watched: is this a mirror port that shows calls whole?
import { counters } from '../../native/counters.gen.js';
import type { CaptureFacts, Facts, WatchFacts } from '../facts.js';
import type { Check, FindingInfo, Verdict } from '../finding.js';
import { foundIf, ok, unknown } from '../finding.js';
import { countText, listText, percentText, plural } from '../words.js';

/** From this share on a reason is worth a word. */
const SHARE = 0.01;
/** A mirror port shows nearly all calls in one direction only from so few streams on. */
const STREAMS_TO_JUDGE = 4;
const ONE_SIDED_SHARE = 0.8;
/** Frames to judge a port by. */
const FRAMES_TO_JUDGE = 10;

/** Packets that ended before their headers were whole. */
const CUT = ['truncatedLink', 'truncatedTunnel', 'truncatedIp', 'truncatedUdp'] as const;
/** Packets that could have been RTP, but could not be opened or read. */
const NOT_READ = counters
  .map(({ name }) => name)
  .filter((name) => /^(unopened|malformed|tunnelTooDeep|unsupported|fragmentT)/.test(name));

/** A check of a test capture that saw packets. */
function captured(check: (capture: CaptureFacts, watch: WatchFacts, facts: Facts) => Verdict | null): Check {
  return (facts) => {
    const { watch } = facts;
    return watch?.capture == null || watch.capture.counters.packets === 0
      ? null
      : check(watch.capture, watch, facts);
  };
}

/** Counters above 0 with their share of all packets, the largest first. */
function sharesOf({ counters: all }: CaptureFacts, names: readonly (keyof CaptureFacts['counters'])[]) {
  const some = names.filter((name) => all[name] > 0).sort((a, b) => all[b] - all[a]);
  const share = some.reduce((sum, name) => sum + all[name], 0) / all.packets;
  return { share, words: some.map((name) => `${name} ${percentText(all[name] / all.packets)}`) };
}

const MIRROR_SESSION =
  'monitor session 1 source interface <the link to be heard> both; monitor session 1 destination interface <the port of the probe>   # on the switch';

export const traffic = {
  'capture-fails': {
    severity: 'error',
    title: 'The test capture could not be made',
    meaning: 'The daemon would end with the same words.',
    mend: 'rtpsonde help   # docs/errors.md says what to do about {code}',
    check: ({ watch, rights }) => {
      // The missing right has its own finding.
      if (watch === null || rights.socketProblem !== null) return null;
      const problem = watch.captureProblem;
      return problem === null
        ? null
        : foundIf(true, problem, { code: /\((ERR_\w+)\)$/.exec(problem)?.[1] ?? 'it' });
    },
  },
  'no-packets': {
    severity: 'error',
    title: 'No packets arrive',
    meaning: 'The switch mirrors nothing to this port, or the cable goes elsewhere.',
    mend: MIRROR_SESSION,
    check: ({ watch, link }) => {
      if (watch === null || link === null || link.isLoopback || !link.up || link.carrier === false)
        return null;
      const packets = watch.capture?.counters.packets ?? watch.nic.rx_packets;
      if (packets === undefined) return unknown('the kernel does not count packets');
      return foundIf(
        packets === 0,
        packets === 0
          ? `none in ${watch.seconds} s`
          : `${plural(packets / watch.seconds, 'packet')} a second`,
      );
    },
  },
  'no-mirror': {
    severity: 'error',
    title: 'Only broadcast and multicast arrive',
    meaning:
      'That is what any port of a switch gets: the mirror session is not set up, or ends at another port.',
    mend: MIRROR_SESSION,
    check: ({ watch, link }) => {
      const census = watch?.census ?? null;
      if (census === null || link === null || link.isLoopback || census.frames < FRAMES_TO_JUDGE) return null;
      return foundIf(
        census.group === census.frames,
        `${percentText(census.group / census.frames)} of ${plural(census.frames, 'frame')} to groups`,
      );
    },
  },
  'no-rtp': {
    severity: 'warning',
    title: 'No RTP was recognised',
    meaning:
      'There is traffic, but no stream to measure: the wrong link is mirrored, nobody calls, or media is in a tunnel that is not opened.',
    mend: 'rtpsonde doctor -i {interface} --seconds 60   # during calls',
    check: captured(({ counters, streams }, { seconds }) =>
      foundIf(
        streams === 0,
        streams === 0
          ? `${plural(counters.packets, 'packet')} in ${seconds} s, not one stream`
          : `${plural(streams, 'stream')}, ${percentText(counters.rtp / counters.packets)} of the packets are RTP`,
      ),
    ),
  },
  'mirror-duplicates': {
    severity: 'warning',
    title: 'The mirror port delivers packets more than once',
    meaning:
      'A session that mirrors what goes in and what goes out of several ports copies a packet at each; the probe measures each once, but link and CPU carry all of them.',
    mend: 'monitor session 1 source interface <the link to be heard> rx   # on the switch: one direction of each port, or both of one',
    check: captured((capture) => {
      const share = capture.counters.spanCopies / capture.counters.packets;
      return foundIf(
        share > SHARE,
        share > 0 ? `${percentText(share)} of the packets are copies` : 'no copies',
      );
    }),
  },
  'copies-not-told': {
    severity: 'warning',
    title: 'Copies of the mirror port would not be recognised',
    meaning: 'With `measure.spanCopies.mode: off` a packet that comes twice counts as an RTP duplicate.',
    mend: 'rtpsonde check-config {config}   # after setting measure.spanCopies.mode to auto',
    check: ({ settings, config }) =>
      config === null || config.faults.length > 0
        ? null
        : foundIf(settings.spanCopies === 'off', `mode ${settings.spanCopies}`, { config: config.file }),
  },
  'packets-cut': {
    severity: 'warning',
    title: 'Packets are cut before their headers end',
    meaning:
      'The snap length is too short for the tunnels that are mirrored, so these packets cannot be measured.',
    mend: 'rtpsonde check-config {config}   # after setting capture.snapLength to {wanted}',
    check: captured((capture, _watch, { settings, config }) => {
      const { share, words } = sharesOf(capture, CUT);
      return foundIf(share > 0, words.length > 0 ? listText(words) : 'none was cut', {
        wanted: settings.snapLength < 256 ? 256 : 0,
        config: config?.file ?? 'FILE',
      });
    }),
  },
  'packets-not-read': {
    severity: 'note',
    title: 'Packets cannot be read',
    meaning:
      'They are in tunnels that are not opened, or contradict themselves; what they carry is not measured.',
    mend: 'rtpsonde analyze --json FILE   # over a capture of them: `reasons`, with the meanings in docs/counters.md',
    check: captured((capture) => {
      const { share, words } = sharesOf(capture, NOT_READ);
      return foundIf(share > SHARE, words.length > 0 ? listText(words) : 'every packet could be read');
    }),
  },
  'one-direction': {
    severity: 'warning',
    title: 'The mirror port shows one direction of the calls',
    meaning:
      'Of nearly every stream the opposite direction is missing, so one side of each call is not measured.',
    mend: 'monitor session 1 source interface <the link to be heard> both   # on the switch',
    check: captured(({ audioStreams, oneSidedAudioStreams }, _watch, { named }) => {
      // The legs of a TAP have one direction each.
      if (audioStreams < STREAMS_TO_JUDGE || (named !== null && named.others.length > 0)) return null;
      return foundIf(
        oneSidedAudioStreams / audioStreams > ONE_SIDED_SHARE,
        `${countText(oneSidedAudioStreams)} of ${plural(audioStreams, 'audio stream')} without the opposite one`,
      );
    }),
  },
  'mtu-near': {
    severity: 'note',
    title: 'Tunnelled frames come near to the MTU',
    meaning: 'What the tunnel header pushes over it is dropped by the card and counted as rx_length_errors.',
    mend: 'ip link set dev {interface} mtu 9000',
    check: captured(({ counters }, { census }, { link }) => {
      if (census === null || link === null || counters.tunnelledPackets === 0) return null;
      return foundIf(
        census.largest >= link.mtu && link.mtu < 9000,
        `tunnels seen, largest frame ${census.largest} bytes, MTU ${link.mtu}`,
      );
    }),
  },
  'mixture-seen': {
    severity: 'note',
    title: 'Several VLANs or tunnels are mirrored',
    meaning:
      'Streams are told apart by addresses and ports; summaries name the VLAN, and what of a tunnel counts is in decision 2.',
    mend: '',
    check: captured(({ counters }, { census }) => {
      const vlans = census?.vlans ?? [];
      const tunnels = counters.tunnelledPackets / counters.packets;
      const words = [
        vlans.length > 0 ? `VLAN ${listText(vlans)}` : 'no VLAN',
        tunnels > 0 ? `${percentText(tunnels)} in tunnels` : 'no tunnels',
      ].join(', ');
      return vlans.length > 1 || tunnels > 0 ? foundIf(true, words) : ok(words);
    }),
  },
} as const satisfies Record<string, FindingInfo>;

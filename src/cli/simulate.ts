// `rtpsonde simulate OUT.pcap`: makes a capture with known truth.
import { SingleBar } from 'cli-progress';
import { type Command, Option } from 'commander';
import {
  codecNames,
  defaultOptions,
  encapsulationHelp,
  feedbackKinds,
  linkKinds,
  type Profile,
  profiles,
  type SimulateRequest,
  simulate,
  type Truth,
  truthPath,
} from '../simulate/index.js';
import {
  parseCount,
  parseDelaySteps,
  parseFeedback,
  parseJitter,
  parseList,
  parseNumber,
  parsePair,
  parseRange,
  parseShare,
  parseSpanDrops,
  parseTime,
  parseXrTypes,
} from '../simulate/units.js';
import { type ReadOption, setLegs } from './simulate-legs.js';

/** Options as commander gives them: text, or true for switches. */
interface SimulateFlags {
  profile?: Profile;
  calls?: string;
  streams?: string;
  duration?: string;
  ramp?: string;
  packets?: string;
  start?: string;
  seed?: string;
  micro?: boolean;
  codec?: string;
  ptime?: string;
  loss?: string;
  burstLoss?: string;
  gilbert?: string;
  duplicates?: string;
  reorder?: string;
  reorderMax?: string;
  jitter?: string;
  jitterReorders?: boolean;
  delayStep?: string;
  skew?: string;
  skewDrift?: string;
  dtx?: boolean;
  dtmf?: boolean;
  rtcp?: string | true;
  rtcpMux?: boolean;
  legDelay?: string;
  upstreamDelay?: string;
  downstreamDelay?: string;
  upstreamLoss?: string;
  downstreamLoss?: string;
  downstreamBurstLoss?: string;
  downstreamJitter?: string;
  downstreamDuplicates?: string;
  captureLoss?: string;
  spanDrops?: string;
  wallSkew?: string;
  rtcpImpaired?: boolean;
  rtcpReduced?: boolean;
  rtcpPadding?: string;
  rtcpExtras?: boolean;
  xr?: string;
  feedback?: string;
  srtp?: boolean;
  bundle?: boolean;
  vlan?: string;
  ipv6?: string | true;
  sequenceStart?: string;
  wrap?: boolean;
  restart?: boolean;
  video?: boolean;
  noise?: string | true;
  fragments?: string | true;
  duplicatesBy?: 'sender' | 'network';
  ipId?: 'stream' | 'host' | 'zero';
  encap?: string;
  encapTurn?: 'stream' | 'packet';
  overlap?: boolean;
  spanCopies?: string;
  spanCopyDelay?: string;
  red?: string;
  transmissionOffset?: string;
  audio?: boolean;
}

/** Adds the command to the program. */
export function registerSimulate(program: Command): void {
  const { calls, ptimeMs, start, seed } = defaultOptions;
  program
    .command('simulate')
    .description('make a capture of RTP calls with known truth, for demonstrations, tests and benchmarks')
    .argument('<out>', 'pcap file to write; its truth goes to <out>.truth.json')
    .addOption(
      new Option('--profile <name>', 'a ready-made mixture; other options go before it').choices(profiles),
    )
    .option('--calls <n>', `calls of two directions each (default ${calls})`)
    .option('--streams <n>', 'streams of one direction')
    .option('--duration <time>', 'length of each call (default 30s)')
    .option('--ramp <time>', 'calls start within this time (default: a tenth of the duration, 2s at most)')
    .option('--packets <n>', 'stop after about n RTP packets')
    .option('--start <time>', `capture time of the beginning, ISO 8601 (default ${start})`)
    .option('--seed <n>', `the same seed gives the same capture (default ${seed})`)
    .option('--micro', 'times in microseconds, not nanoseconds')
    .option('--codec <names>', `codecs, taken in turn: ${codecNames.join(', ')} (default PCMA)`)
    .option('--ptime <time>', `packet time (default ${ptimeMs}ms)`)
    .option('--loss <percent>', 'share of packets lost')
    .option('--burst-loss <packets>', 'mean length of the loss runs (with --loss)')
    .option(
      '--gilbert <p,q>',
      'loss by the Gilbert model: probabilities 0..1 into and out of the lossy state',
    )
    .option('--duplicates <percent>', 'share of packets that come twice')
    .addOption(
      new Option(
        '--duplicates-by <who>',
        'who makes them: the sender, with a new IPv4 identification, or the network, with the same (default sender)',
      ).choices(['sender', 'network']),
    )
    .option('--reorder <percent>', 'share of packets that later ones overtake')
    .option('--reorder-max <packets>', 'how many overtake them at most, 1..20 (default 5)')
    .option(
      '--jitter <time[,shape]>',
      'mean of exponential delays, or deviation of gaussian ones: 3ms,gaussian',
    )
    .option('--jitter-reorders', 'jitter may put packets out of order')
    .option('--delay-step <step>', 'change of the delay in mid-stream: 40ms@10s, several with commas')
    .option('--skew <ppm>', 'how much too fast the clocks of the senders run')
    .option('--skew-drift <ppm>', 'by how much faster they run with each hour')
    .option('--dtx', 'silence suppression with comfort noise')
    .option('--dtmf', 'telephone events')
    .option('--rtcp [interval]', 'RTCP reports (default every 5s)')
    .option('--rtcp-mux', 'RTCP on the port of RTP')
    .option(
      '--leg-delay <near,far>',
      'one-way delays from the tap to the calling and the called end (default 10ms,40ms)',
    )
    .option(
      '--upstream-delay <there[,back]>',
      'one-way delay from the sender to the tap, for calling to called and for the other direction',
    )
    .option('--downstream-delay <there[,back]>', 'one-way delay from the tap to the receiver')
    .option('--upstream-loss <%[,%]>', 'share of packets lost before the tap (as --loss)')
    .option('--downstream-loss <%[,%]>', 'share of packets lost behind the tap')
    .option('--downstream-burst-loss <n[,n]>', 'mean length of the loss runs behind the tap')
    .option('--downstream-jitter <time[,time]>', 'jitter behind the tap, of the shape of --jitter')
    .option('--downstream-duplicates <%[,%]>', 'share of packets that come twice behind the tap')
    .option('--capture-loss <percent>', 'share of packets that the tap misses')
    .option('--span-drops <length@every>', 'the tap misses everything now and then: 20ms@5s')
    .option('--wall-skew <ppm[,ppm]>', 'how much too fast the wall clocks of the ends run')
    .option('--rtcp-impaired', 'jitter and losses of the legs befall RTCP too')
    .option('--rtcp-reduced', 'reduced-size RTCP (RFC 5506)')
    .option('--rtcp-padding <octets>', 'padding of RTCP datagrams, in steps of 4')
    .option('--rtcp-extras', 'more SDES items, APP, and a reason in BYE')
    .option('--xr <types>', 'extended report blocks (RFC 3611) by type with commas between, or all')
    .option('--feedback <kinds>', `feedback about video: ${feedbackKinds.join(', ')}, or all`)
    .option('--srtp', 'RTCP encrypted as in SRTP')
    .option('--bundle', 'audio and video of a call on the same ports')
    .option('--vlan <id[,id]>', '802.1Q tag, or outer and inner tag')
    .option('--ipv6 [percent]', 'share of calls over IPv6 (default all)')
    .option('--sequence-start <n>', 'first sequence number of all streams (default random)')
    .option('--wrap', 'sequence numbers and timestamps wrap early')
    .option('--restart', 'senders start again with other numbers half-way')
    .option('--video', 'video beside the audio')
    .option('--noise [rate]', 'DNS, STUN, SIP, TCP and ARP packets, so many a second (default 20)')
    .option('--fragments [n]', 'fragmented datagrams without media (default 4)')
    .addOption(
      new Option(
        '--ip-id <kind>',
        'IPv4 identifications: a counter for each stream or each host, or zero (default stream)',
      ).choices(['stream', 'host', 'zero']),
    )
    .option(
      '--encap <list>',
      `encapsulations, taken in turn, layers from outside in as vxlan/gre:key+seq. Link layer of the capture: ${linkKinds.join(', ')}. ` +
        `Layers and their variants: ${encapsulationHelp()}; id=N for a VNI, TEID, key and so on (default by the seed)`,
    )
    .addOption(
      new Option('--encap-turn <who>', 'what takes the next of them (default stream)').choices([
        'stream',
        'packet',
      ]),
    )
    .option('--overlap', 'two calls each with the same addresses, ports and SSRCs, in tunnels of other ids')
    .option(
      '--span-copies <kind>',
      'the mirror port shows packets twice: bridged (identical), vlan (another tag), routed (TTL and MAC addresses), ' +
        'tunnelled (once more in ERSPAN) or tunnelled:gtpu and so on',
    )
    .option('--span-copy-delay <range>', 'how much later (default 0.05ms..2ms)')
    .option('--red <n>', 'redundant audio (RFC 2198): each packet repeats the n before it, 1..8')
    .option(
      '--transmission-offset <id>',
      'senders pace packets and tell the offset (RFC 5450) in a header extension with this id, 1..14',
    )
    .option('--audio', 'G.711 payloads of known level: tone and noise bursts, silence, some clipped samples')
    .action((out: string, flags: SimulateFlags) => {
      const started = process.hrtime.bigint();
      const truth = withProgress((onProgress) => simulate(requestOf(flags), out, onProgress));
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      process.stdout.write(`${summary(truth, out, seconds)}\n`);
    });
}

/** The flags of the command line as a request; throws ERR_USAGE for what cannot be read. */
export function requestOf(flags: SimulateFlags): SimulateRequest {
  const request: SimulateRequest = {};
  const set = <K extends keyof SimulateRequest>(key: K, value: SimulateRequest[K] | undefined): void => {
    if (value !== undefined) request[key] = value;
  };
  const read: ReadOption<keyof SimulateFlags> = (name, parse) => {
    const text = flags[name];
    const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return typeof text === 'string' ? parse(option, text) : undefined;
  };
  const time = (option: string, text: string) => parseTime(option, text);
  const seconds = (option: string, text: string) => parseTime(option, text, 's');
  const count = (option: string, text: string) => parseCount(option, text);

  set('profile', flags.profile);
  set('calls', read('calls', count));
  set('streams', read('streams', count));
  set('durationMs', read('duration', seconds));
  set('rampMs', read('ramp', seconds));
  set(
    'packets',
    read('packets', (option, text) => parseCount(option, text, 1)),
  );
  set('start', flags.start);
  set('seed', read('seed', count));
  set('micro', flags.micro);
  set(
    'codecs',
    read('codec', (_, text) => parseList(text)),
  );
  set('ptimeMs', read('ptime', time));
  set('lossRatio', read('loss', parseShare));
  set(
    'meanLossRun',
    read('burstLoss', (option, text) => parseNumber(option, text)),
  );
  const pair = read('gilbert', (option, text) =>
    parsePair(option, text, (item) => parseNumber(option, item)),
  );
  if (pair !== undefined) set('gilbert', { p: pair[0], q: pair[1] });
  set('duplicateRatio', read('duplicates', parseShare));
  set('reorderRatio', read('reorder', parseShare));
  set('reorderMax', read('reorderMax', count));
  Object.assign(request, read('jitter', parseJitter));
  set('jitterReorders', flags.jitterReorders);
  set('delaySteps', read('delayStep', parseDelaySteps));
  set(
    'skewPpm',
    read('skew', (option, text) => parseNumber(option, text, 'ppm')),
  );
  set(
    'skewDriftPpmPerHour',
    read('skewDrift', (option, text) => parseNumber(option, text, 'ppm')),
  );
  set('dtx', flags.dtx);
  set('dtmf', flags.dtmf);
  set('rtcpIntervalMs', flags.rtcp === true ? 5000 : read('rtcp', seconds));
  set('rtcpMux', flags.rtcpMux);
  set(
    'legDelayMs',
    read('legDelay', (option, text) => parsePair(option, text, (item) => parseTime(option, item))),
  );
  setLegs(request, read);
  set('captureLossRatio', read('captureLoss', parseShare));
  set('spanDrops', read('spanDrops', parseSpanDrops));
  set('rtcpImpaired', flags.rtcpImpaired);
  set('rtcpReduced', flags.rtcpReduced);
  set('rtcpPadding', read('rtcpPadding', count));
  set('rtcpExtras', flags.rtcpExtras);
  set('xr', read('xr', parseXrTypes));
  set('feedback', read('feedback', parseFeedback));
  set('srtp', flags.srtp);
  set('bundle', flags.bundle);
  set(
    'vlan',
    read('vlan', (option, text) => parseList(text).map((id) => parseCount(option, id, 1))),
  );
  set('ipv6Share', flags.ipv6 === true ? 1 : read('ipv6', parseShare));
  set('sequenceStart', read('sequenceStart', count));
  set('wrap', flags.wrap);
  set('restart', flags.restart);
  set('video', flags.video);
  set(
    'noisePerSecond',
    flags.noise === true ? 20 : read('noise', (option, text) => parseNumber(option, text, '/s')),
  );
  set('fragmentedDatagrams', flags.fragments === true ? 4 : read('fragments', count));
  set('duplicatesBy', flags.duplicatesBy);
  set('ipId', flags.ipId);
  set(
    'encap',
    read('encap', (_, text) => parseList(text)),
  );
  set('encapTurn', flags.encapTurn);
  set('overlap', flags.overlap);
  set('spanCopies', flags.spanCopies);
  set('spanCopyDelayMs', read('spanCopyDelay', parseRange));
  set('redGenerations', read('red', count));
  set('transmissionOffsetId', read('transmissionOffset', count));
  set('audio', flags.audio);
  return request;
}

/** One line: what was written, and where the truth is. */
export function summary(truth: Truth, out: string, seconds: number): string {
  const { packets, fileBytes, streams } = truth.totals;
  const whole = (value: number) => value.toLocaleString('en-US');
  return (
    `${out}: ${whole(packets)} packets, ${whole(fileBytes)} bytes, ${whole(streams)} streams ` +
    `in ${seconds.toFixed(1)} s; truth in ${truthPath(out)}`
  );
}

/** Runs `work`, with a progress bar on stderr when it takes long and someone is looking. */
function withProgress<T>(work: (onProgress: (share: number, packets: number) => void) => T): T {
  if (!process.stderr.isTTY) return work(() => {});
  const patienceMs = 1000;
  const started = Date.now();
  const bar = new SingleBar({
    format: 'simulating {bar} {percentage} %, {packets} packets',
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
  });
  try {
    return work((share, packets) => {
      const counted = { packets: packets.toLocaleString('en-US') };
      if (bar.isActive) bar.update(Math.round(share * 100), counted);
      else if (Date.now() - started > patienceMs) bar.start(100, Math.round(share * 100), counted);
    });
  } finally {
    if (bar.isActive) bar.stop();
  }
}

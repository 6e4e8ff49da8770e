// The sections `probe` and `capture`: who measures, and where the packets come from.
import { z } from 'zod';
import { interfacesOf } from './interfaces.js';

/** What names may look like: they become part of ids, metrics and file names. */
export const nameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'use letters, digits, dot, dash and underscore, at most 63');

export const probeSchema = z.strictObject({
  name: nameSchema
    .exactOptional()
    .describe('Name of this probe, part of every summary and its id. Default: the host name.'),
});

const xdpSchema = z.strictObject({
  mode: z
    .enum(['auto', 'native', 'generic'])
    .default('auto')
    .describe(
      'Where packets are taken: `native` in the driver, `generic` behind it, which any interface can but is no faster than a packet socket. `auto`: native, and generic where the driver refuses.',
    ),
  copy: z
    .enum(['auto', 'zero-copy', 'copy'])
    .default('auto')
    .describe(
      'Whether the driver writes packets into the memory of the probe itself (`zero-copy`). `auto`: where it can; else they are copied.',
    ),
  takeOver: z
    .boolean()
    .default(false)
    .describe(
      'Also capture on an interface that has IP addresses or routes, though this machine cannot be reached by it meanwhile.',
    ),
});

const KIB_PER_MIB = 1024;
const isPowerOfTwo = (value: number) => Number.isInteger(Math.log2(value));

const interfaceSchema = z
  .string()
  // IFNAMSIZ is 16 with the closing zero; the kernel refuses `/`, `:` and white space (dev_valid_name).
  .regex(/^[^\s/:]{1,15}$/, 'an interface name has 1 to 15 characters without space, / and :');

/** kMaxInterfaces in native/core/capture/packet_source.h. */
const MOST_INTERFACES = 15;

/** What packets come from: exactly one is to be given. */
const SOURCES = ['interface', 'interfaces', 'files'] as const;

export const captureSchema = z
  .strictObject({
    interface: interfaceSchema
      .exactOptional()
      .describe(
        'Network interface that the mirror port is cabled to, for example eth1. Either this, `interfaces` or `files`.',
      ),
    interfaces: z
      .array(interfaceSchema)
      .min(1)
      .max(MOST_INTERFACES)
      .refine((names) => new Set(names).size === names.length, 'an interface may be named once')
      .exactOptional()
      .describe(
        'Several interfaces that are measured as one, such as the two legs of a TAP, for example [eth1, eth2]. Either this, `interface` or `files`.',
      ),
    files: z
      .array(z.string().min(1))
      .min(1)
      .exactOptional()
      .describe(
        'pcap or pcapng files, or globs of them (* ? [] within a name), merged in time order. Either this, `interface` or `interfaces`.',
      ),
    method: z
      .enum(['packet', 'xdp'])
      .default('packet')
      .describe(
        'How packets are taken from the interface. `packet`: a packet socket (AF_PACKET). `xdp`: AF_XDP, before the network stack, which then sees none of them; needs more rights. See docs/operations.md for when it is the better choice.',
      ),
    xdp: xdpSchema.prefault({}).describe('For `method: xdp`.'),
    ringMiB: z
      .number()
      .int()
      .min(1)
      .max(2048)
      .default(256)
      .describe(
        'Size of the kernel ring in MiB, of all workers and interfaces together. It bridges pauses of the reader: 256 MiB hold 0.9 to 1.3 million packets; by AF_XDP 131072, of all receive queues together.',
      ),
    blockKiB: z
      .number()
      .int()
      .min(64)
      .max(8192)
      .refine(isPowerOfTwo, 'must be a power of two')
      .default(1024)
      .describe('Size of one block of the ring in KiB, a power of two. Smaller blocks cost more CPU.'),
    snapLength: z
      .number()
      .int()
      .min(0)
      .max(65535)
      .refine((bytes) => bytes === 0 || bytes >= 96, 'must be 0 (whole packets) or at least 96')
      .default(128)
      .describe(
        'Bytes kept of each packet: 0 (whole packets) or at least 96. 128 hold the headers of a plain packet. What looks like a tunnel is given 64 more, RTCP 2048. Interface only; AF_XDP has whole packets.',
      ),
    promiscuous: z
      .boolean()
      .default(true)
      .describe(
        'Ask the interface for packets that are not addressed to it, which is all of them on a mirror port.',
      ),
    udpOnly: z
      .boolean()
      .default(false)
      .describe(
        'Let the kernel drop everything but UDP and IP fragments. Saves CPU; what it drops is in no counter.',
      ),
    workers: z
      .union([z.number().int().min(1).max(64), z.literal('auto')])
      .default(1)
      .describe(
        'Threads that measure. `auto`: one for every two CPUs. The kernel deals the packets of an interface out to them by flow; files are read by each, by 4 at most, with the same summaries whatever their number. Followed files, pipes, standard input and AF_XDP have one.',
      ),
    cpus: z
      .array(z.number().int().min(0).max(1023))
      .min(1)
      .refine((cpus) => new Set(cpus).size === cpus.length, 'a CPU may be named once')
      .exactOptional()
      .describe(
        'CPUs that the workers run on, in turn. Default: on an interface with a network card, CPUs of the NUMA node of the card that do not serve its interrupts, where there are enough of them; else wherever the kernel puts the workers. The log says which.',
      ),
    busyPollUs: z
      .number()
      .int()
      .min(0)
      .max(100_000)
      .default(0)
      .describe(
        'Microseconds for which a worker without packets goes on looking for some before it sleeps; 0: none. Takes CPU time for a wake-up that comes sooner; see docs/operations.md. Interface only.',
      ),
    overload: z
      .enum(['shed', 'drop'])
      .default('shed')
      .describe(
        'What happens when a worker cannot keep up. `shed`: it measures a part of the streams, new ones first, each of them whole, and the summaries say which share. `drop`: the kernel drops packets of any stream. See docs/operations.md. Interface only.',
      ),
    timestamps: z
      .enum(['auto', 'hardware', 'kernel'])
      .default('auto')
      .describe(
        'Who gives packets their time. `auto`: the network card, if it stamps every packet and its clock goes with that of the system (several interfaces: if one clock stamps on all); else the kernel. `hardware`: the same, but a card that cannot is an error. Interface only.',
      ),
    filter: z
      .string()
      .trim()
      .min(1)
      .exactOptional()
      .describe(
        "Which packets are captured, in tcpdump's language, for example `udp portrange 16384-32767 or (vlan and udp)`; needs libpcap. On an interface the kernel drops the others, and they are in no counter; of files and by AF_XDP they are counted as `filteredOut`. See docs/operations.md. Default: all.",
      ),
    follow: z
      .boolean()
      .default(false)
      .describe(
        'Go on reading as the last file grows, and take up new files that match `followPattern`. Files only.',
      ),
    followPattern: z
      .string()
      .min(1)
      .exactOptional()
      .describe(
        'Glob of the files that `follow` takes up as they appear. Default: the glob in `files`, when there is exactly one.',
      ),
    replaySpeed: z
      .number()
      .min(0)
      .max(10_000)
      .default(0)
      .describe(
        'Speed at which files are read: 1 as recorded, 10 ten times faster, 0 as fast as it goes. Files only.',
      ),
  })
  .superRefine((capture, context) => {
    const problem = (message: string, ...path: string[]) =>
      context.addIssue({ code: 'custom', message, path, input: capture });

    const [source, ...more] = SOURCES.filter((key) => capture[key] !== undefined);
    if (source === undefined) problem('needs `interface`, `interfaces` or `files`');
    for (const other of more) problem(`\`${source}\` and \`${other}\` exclude each other`, other);
    const interfaces = interfacesOf(capture).length;
    if (interfaces > 0 && capture.follow) problem('only files can be followed', 'follow');
    if (capture.followPattern !== undefined && !capture.follow)
      problem('has no effect without `follow: true`', 'followPattern');
    if (capture.method === 'xdp') checkXdp(capture, problem);
    const blocks = (capture.ringMiB * KIB_PER_MIB) / capture.blockKiB;
    if (!Number.isInteger(blocks) || blocks < 2)
      problem('`ringMiB` must hold a whole number of blocks, at least two', 'blockKiB');
    else if (
      interfaces > 0 &&
      capture.method === 'packet' &&
      capture.workers !== 'auto' &&
      blocks < 2 * capture.workers * interfaces
    )
      problem(
        `\`ringMiB\` must hold two blocks for each worker${interfaces > 1 ? ' on each interface' : ''}`,
        'workers',
      );
  });

interface XdpCapture {
  interface?: string;
  busyPollUs: number;
  workers: number | 'auto';
  timestamps: string;
  udpOnly: boolean;
  xdp: z.infer<typeof xdpSchema>;
}

/** What AF_XDP cannot do. */
function checkXdp(capture: XdpCapture, problem: (message: string, ...path: string[]) => void): void {
  if (capture.interface === undefined) problem('`xdp` is for one `interface`', 'method');
  if (capture.workers !== 'auto' && capture.workers > 1)
    problem(
      'AF_XDP has one worker: the card deals packets to its receive queues without regard to calls',
      'workers',
    );
  if (capture.timestamps === 'hardware')
    problem('AF_XDP has the time of the kernel; hardware time stamps need `method: packet`', 'timestamps');
  if (capture.busyPollUs > 0) problem('is for `method: packet`', 'busyPollUs');
  if (capture.udpOnly) problem('is for `method: packet`; with AF_XDP use `filter`', 'udpOnly');
  if (capture.xdp.mode === 'generic' && capture.xdp.copy === 'zero-copy')
    problem('`generic` mode always copies', 'xdp', 'copy');
}

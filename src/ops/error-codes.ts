// Every error code of rtpsonde, with its exit code and what an operator does
// about it. docs/errors.md is generated from here; the exit codes follow
// sysexits.h, so that scripts and systemd can tell the kinds apart.

/** What one error code means to the person who reads it. */
export interface ErrorInfo {
  /** Exit code of a command that ends with this error. */
  exitCode: number;
  /** What happened. */
  meaning: string;
  /** What to do about it. */
  whatToDo: string;
}

/** Names of the exit codes in use; from sysexits.h, but for 141 (128 + SIGPIPE, as a shell reports it). */
export const exitCodes = {
  0: 'ended as asked',
  64: 'EX_USAGE: the command line is wrong',
  65: 'EX_DATAERR: the input is not what it should be',
  66: 'EX_NOINPUT: an input file is missing or unreadable',
  69: 'EX_UNAVAILABLE: an interface, a collector or the addon is missing',
  70: 'EX_SOFTWARE: a fault of rtpsonde itself',
  71: 'EX_OSERR: the operating system refused something',
  73: 'EX_CANTCREAT: an output file cannot be created',
  74: 'EX_IOERR: reading or writing failed, for example because the disk is full',
  76: 'EX_PROTOCOL: the other side answered something unexpected',
  77: 'EX_NOPERM: a right is missing, for example CAP_NET_RAW',
  78: 'EX_CONFIG: the configuration is wrong',
  141: 'the reader of standard output went away (128 + SIGPIPE); no message is printed',
} as const satisfies Record<number, string>;

export const errorCodes = {
  ERR_USAGE: {
    exitCode: 64,
    meaning: 'An option or argument on the command line is unknown, missing or out of range.',
    whatToDo: 'Read the message, then `rtpsonde help` or `rtpsonde COMMAND --help`.',
  },
  ERR_CONFIG_NOT_FOUND: {
    exitCode: 66,
    meaning: 'The configuration file does not exist or cannot be read.',
    whatToDo:
      'Check the path after `-c`; the file must be readable by the user that the daemon runs as. `config/rtpsonde.example.yaml` is a start.',
  },
  ERR_CONFIG_INVALID: {
    exitCode: 78,
    meaning:
      'The configuration was read, but something in it is wrong. All faults are listed, each as file:line:column.',
    whatToDo:
      'Correct each line named; `rtpsonde check-config FILE` repeats the check. See docs/configuration.md.',
  },
  ERR_CAPTURE_FILE_NOT_FOUND: {
    exitCode: 66,
    meaning: 'A capture file does not exist.',
    whatToDo: 'Check the path; in a configuration, relative paths start at its own folder.',
  },
  ERR_CAPTURE_FILE_PERMISSION: {
    exitCode: 77,
    meaning: 'A capture file exists but may not be read.',
    whatToDo: 'Give the user read access to the file and search access to its folders.',
  },
  ERR_CAPTURE_FILE_TYPE: {
    exitCode: 65,
    meaning: 'A file is neither pcap nor pcapng, or is damaged before its first packet.',
    whatToDo: 'Check with `file` or `capinfos`; compressed captures have to be unpacked first.',
  },
  ERR_CAPTURE_FILE_READ: {
    exitCode: 74,
    meaning: 'Reading a capture file failed in the operating system.',
    whatToDo: 'Look at the kernel log for disk or network file system errors.',
  },
  ERR_CAPTURE_INTERFACE: {
    exitCode: 69,
    meaning: 'The network interface does not exist, is down, or vanished.',
    whatToDo: 'Compare with `ip link`; bring it up with `ip link set dev NAME up`.',
  },
  ERR_CAPTURE_PERMISSION: {
    exitCode: 77,
    meaning: 'The process may not open a packet socket: the capability CAP_NET_RAW is missing.',
    whatToDo:
      'Start it through the systemd unit, which grants the capability, or as root. Capture files need no rights.',
  },
  ERR_CAPTURE_RING: {
    exitCode: 71,
    meaning: 'The kernel did not give the memory for the capture ring.',
    whatToDo: 'Lower `capture.ringMiB`, or free memory; the ring is memory that cannot be swapped.',
  },
  ERR_CAPTURE_SOCKET: {
    exitCode: 71,
    meaning: 'The kernel refused an option of the packet socket.',
    whatToDo: 'Linux 4.20 or newer is needed. The message names the option.',
  },
  ERR_CAPTURE_XDP: {
    exitCode: 71,
    meaning:
      '`capture.method` is `xdp`, but AF_XDP is not possible as asked for: driver or kernel refuse it, another XDP program is there, or the interface is in use by this machine.',
    whatToDo:
      'The message says which. `capture.xdp.mode: auto` and `copy: auto` take what the driver has; `method: packet` always works. AF_XDP needs Linux 5.9 or newer.',
  },
  ERR_CAPTURE_FILTER: {
    exitCode: 78,
    meaning: 'libpcap does not understand `capture.filter`, or it cannot be run by the kernel.',
    whatToDo:
      'The message is that of libpcap. Try the expression with `tcpdump -d`; the language is described in pcap-filter(7).',
  },
  ERR_CAPTURE_LIBPCAP: {
    exitCode: 69,
    meaning: 'A capture filter is configured, but libpcap, which compiles it, is not installed.',
    whatToDo:
      'Install libpcap (Debian, Ubuntu: `libpcap0.8` or `libpcap0.8t64`; Fedora, RHEL: `libpcap`), or do without a filter.',
  },
  ERR_CAPTURE_TIMESTAMPS: {
    exitCode: 69,
    meaning:
      '`capture.timestamps` is `hardware`, but the network card does not stamp all packets, or may not be told to.',
    whatToDo:
      'See what the card can with `ethtool -T NAME`; turn it on with `hwstamp_ctl -i NAME -r 1`, or set `auto`.',
  },
  ERR_ENGINE_OPTIONS: {
    exitCode: 78,
    meaning: 'The engine refused a value that it was given.',
    whatToDo: 'The message names the value; change the key that it comes from (docs/configuration.md).',
  },
  ERR_BENCH_NAMESPACE: {
    exitCode: 77,
    meaning: '`bench-capture` got no network namespace of its own or no veth pair in it.',
    whatToDo:
      'Start it as root, or allow users their own namespaces (`sysctl kernel.unprivileged_userns_clone`, `kernel.apparmor_restrict_unprivileged_userns`); `unshare` (util-linux) and `ip` (iproute2) must be installed.',
  },
  ERR_BENCH_GENERATOR: {
    exitCode: 71,
    meaning: '`bench-capture` cannot generate traffic in the way asked for.',
    whatToDo:
      '`--generator live-frames` needs root and Linux 5.18; `--generator auto` takes sendmmsg where that is missing.',
  },
  ERR_BENCH_LIBPCAP: {
    exitCode: 69,
    meaning: '`bench-capture` cannot compare with libpcap.',
    whatToDo: 'Install libpcap (`apt-get install libpcap0.8`), or leave `libpcap` out of `--consumers`.',
  },
  ERR_ENGINE_FAULT: {
    exitCode: 70,
    meaning: 'The measuring thread stopped on an unexpected fault.',
    whatToDo: 'Restart (systemd does) and report it with the message and, if you can, the capture.',
  },
  ERR_ENGINE_MEMORY: {
    exitCode: 71,
    meaning: 'There is no memory for the stream table.',
    whatToDo: 'Lower `measure.maxStreams`, or raise the memory limit of the service.',
  },
  ERR_ADDON_MISSING: {
    exitCode: 69,
    meaning: 'The compiled addon (the .node file) is missing or does not load on this system.',
    whatToDo:
      'Run `npm rebuild rtpsonde` with a C++20 compiler installed, or install the package for this architecture.',
  },
  ERR_ADDON_LAYOUT: {
    exitCode: 69,
    meaning:
      'The addon and the JavaScript beside it come from different versions: their record layouts differ.',
    whatToDo: 'Build both again (`npm rebuild rtpsonde && npm run build`), or install the package anew.',
  },
  ERR_OUTPUT: {
    exitCode: 73,
    meaning: 'An output file cannot be created or written.',
    whatToDo:
      'Check path and permissions. Under systemd only the folders named in the unit are writable (/var/lib/rtpsonde, /var/log/rtpsonde).',
  },
  ERR_OUTPUT_FULL: {
    exitCode: 74,
    meaning: 'Writing failed because the disk, the quota or the file size limit is exhausted.',
    whatToDo: 'Make room, or lower `rotate.maxMiB` and `rotate.maxFiles` of the file exporter.',
  },
  ERR_OUTPUT_PIPE: {
    exitCode: 141,
    meaning: 'The reader of standard output went away, as in `rtpsonde analyze ... | head`.',
    whatToDo: 'Nothing: the command ends quietly.',
  },
  ERR_EXPORT_UNAVAILABLE: {
    exitCode: 69,
    meaning:
      'A collector cannot be reached or answers that it is overloaded (time-out, connection refused, 429, 5xx).',
    whatToDo: 'The exporter keeps trying; check the network and the collector if it lasts.',
  },
  ERR_EXPORT_PERMISSION: {
    exitCode: 77,
    meaning: 'A collector refuses the credentials (401, 403, or the TLS client certificate).',
    whatToDo: 'Check `token` and `tls` of the exporter, and the clock of the machine.',
  },
  ERR_EXPORT_REJECTED: {
    exitCode: 76,
    meaning: 'A collector refuses the records themselves (another 4xx status). They are dropped and counted.',
    whatToDo: 'Check the URL and the summary version that the collector expects.',
  },
  ERR_EXPORT_LISTEN: {
    exitCode: 69,
    meaning: 'The address that an exporter should listen on cannot be had.',
    whatToDo:
      'See who has the port with `ss -ltnp`; correct `listen` of the exporter. Ports below 1024 need a right that the unit does not give.',
  },
  ERR_EXPORT_TLS: {
    exitCode: 78,
    meaning: 'A certificate or key file of an exporter cannot be read or does not fit.',
    whatToDo:
      'Check `caFile`, `certFile` and `keyFile`: PEM format, readable by the user, key matching certificate.',
  },
  ERR_EXPORT_QUEUE_FULL: {
    exitCode: 69,
    meaning: 'The queue of an exporter is full. The oldest records are dropped and counted.',
    whatToDo: 'Find out why the collector is slow, or raise `queueMaxRecords`.',
  },
  ERR_SPOOL: {
    exitCode: 74,
    meaning:
      'The spool cannot be written or read (disk full, read-only, damaged), or it had to discard records. Measuring goes on, summaries wait in memory.',
    whatToDo:
      'Make room or correct the rights of `spool.path`; the probe tries again every few seconds. `rtpsonde spool` shows what waits.',
  },
  ERR_SPOOL_LOCKED: {
    exitCode: 73,
    meaning: 'Another rtpsonde uses the folder of the spool.',
    whatToDo: 'Stop the other one, or give each its own `spool.path`.',
  },
  ERR_IO: {
    exitCode: 74,
    meaning: 'Reading or writing failed in the operating system.',
    whatToDo: 'The message names the file; look at the kernel log for disk errors.',
  },
  ERR_OS: {
    exitCode: 71,
    meaning: 'The operating system refused something, for example a thread, memory or a file descriptor.',
    whatToDo: 'Check the limits of the service (LimitNOFILE, TasksMax, MemoryMax).',
  },
  ERR_INTERNAL: {
    exitCode: 70,
    meaning: 'A fault of rtpsonde itself.',
    whatToDo: 'Please report it with the log lines around it.',
  },
} as const satisfies Record<string, ErrorInfo>;

export type ErrorCode = keyof typeof errorCodes;

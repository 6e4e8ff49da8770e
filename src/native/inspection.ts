// What the addon asks of the kernel about the machine, for `rtpsonde doctor`.

/** One offload or other feature of an interface. */
export interface InterfaceFeature {
  /** As the kernel calls it, for example `rx-gro`. */
  name: string;
  active: boolean;
  /** False: fixed by the driver. */
  changeable: boolean;
}

/** What kernel and driver say of an interface (netdevice and ethtool ioctls); null or empty where they say nothing. */
export interface InterfaceReport {
  /** 0: there is no such interface. */
  index: number;
  /** IFF bits of linux/if.h. */
  flags: number;
  /** ARPHRD number; -1 when unknown. */
  type: number;
  /** Bytes. */
  mtu: number;
  carrier: boolean | null;
  speedMbps: number | null;
  fullDuplex: boolean | null;
  driver: string;
  version: string;
  /** Where the device is, for example `0000:03:00.0`; empty or a word for an interface without one. */
  bus: string;
  /** Descriptors of the receive ring, now and at most. */
  ring: { rx: number; rxMax: number } | null;
  /** Queues that receive: of their own, and those shared with sending. */
  channels: { rx: number; rxMax: number; combined: number; combinedMax: number } | null;
  /** How long the card collects packets before it interrupts, us; `adaptive`: as it thinks best. */
  coalescing: { rxUs: number; adaptive: boolean } | null;
  /** Pause frames (802.3x), received and sent. */
  pause: { rx: boolean; tx: boolean } | null;
  /** SOF_TIMESTAMPING flags, number of the hardware clock (-1: none), one bit for each HWTSTAMP_FILTER. */
  timeStamping: { flags: number; phc: number; rxFilters: number } | null;
  /** RXH bits: what of a UDP packet chooses its queue. */
  udp4Hash: number | null;
  udp6Hash: number | null;
  /** Queue of each hash bucket; empty when there is no such table. */
  indirection: number[];
  features: InterfaceFeature[];
}

/** What adjtimex(2) says of the system clock. */
export interface ClockReport {
  /** Some daemon keeps it. */
  synchronised: boolean;
  /** What is still to be corrected, ms. */
  offsetMs: number;
  estimatedErrorMs: number;
  maxErrorMs: number;
}

/** Kinds of frame that arrived, whatever was in them. */
export interface CensusReport {
  frames: number;
  /** On the wire, without FCS. */
  bytes: number;
  /** Frames to multicast or broadcast addresses. */
  group: number;
  /** Largest frame on the wire, bytes without FCS; 0 when there was none. */
  largest: number;
  /** VLAN ids seen, ascending: outermost tags. */
  vlans: number[];
}

export interface Inspection {
  /** An empty report when there is no such interface. */
  inspectInterface(name: string): InterfaceReport;
  /** Null when the kernel refuses. */
  inspectClock(): ClockReport | null;
  /** Null when a packet socket may be opened, else what the system says. */
  tryPacketSocket(): string | null;
  /**
   * Looks at the frames of an interface, until the time is over or enough were seen.
   * Rejects with a code of the catalogue.
   */
  takeCensus(name: string, promiscuous: boolean, seconds: number, enough: number): Promise<CensusReport>;
}

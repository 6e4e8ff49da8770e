// What this process may do.
import type { RightsFacts } from '../facts.js';
import type { Machine } from '../machine.js';

// linux/capability.h
const CAP_NET_ADMIN = 12n;
const CAP_NET_RAW = 13n;
const CAP_IPC_LOCK = 14n;
const CAP_BPF = 39n;

/** What this process may do. */
export function gatherRights(machine: Machine): RightsFacts {
  const effective = /^CapEff:\s*([0-9a-f]+)/m.exec(machine.read('/proc/self/status') ?? '')?.[1];
  const capabilities = BigInt(`0x${effective ?? '0'}`);
  const has = (bit: bigint) => (capabilities & (1n << bit)) !== 0n;
  const limit = /^Max locked memory\s+(\S+)/m.exec(machine.read('/proc/self/limits') ?? '')?.[1];
  return {
    isRoot: machine.user().uid === 0,
    netRaw: has(CAP_NET_RAW),
    netAdmin: has(CAP_NET_ADMIN),
    ipcLock: has(CAP_IPC_LOCK),
    bpf: has(CAP_BPF),
    socketProblem: machine.tryPacketSocket(),
    memlockBytes:
      limit === undefined ? null : limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit),
  };
}

// What this process may do.
import type { FindingInfo } from '../finding.js';
import { foundIf, ok } from '../finding.js';
import { bytesText, listText } from '../words.js';

export const rights = {
  'no-capture-right': {
    severity: 'error',
    title: 'This process may not capture',
    meaning:
      'Without CAP_NET_RAW no packet socket can be opened, so that neither the daemon nor the watching below can see a packet; the unit of the package gives the daemon that right and no other.',
    mend: 'sudo rtpsonde doctor -i {interface}',
    check: ({ rights, named }) => {
      if (named === null) return null;
      const admin = rights.netAdmin ? 'CAP_NET_ADMIN too' : 'CAP_NET_ADMIN is not there and not needed';
      return rights.socketProblem === null
        ? ok(`a packet socket can be opened; ${admin}`)
        : foundIf(true, `no packet socket: ${rights.socketProblem}`);
    },
  },
  'no-xdp-right': {
    severity: 'error',
    title: 'This process may not capture by AF_XDP',
    meaning:
      'AF_XDP (`capture.method: xdp`) needs CAP_NET_ADMIN and CAP_BPF beside CAP_NET_RAW; the unit of the package has them only with the drop-in for it.',
    mend: 'mkdir -p /etc/systemd/system/rtpsonde.service.d && cp systemd/rtpsonde-xdp.conf /etc/systemd/system/rtpsonde.service.d/ && systemctl daemon-reload',
    check: ({ rights, settings }) => {
      if (settings.method !== 'xdp') return null;
      const missing = [
        ...(rights.netRaw ? [] : ['CAP_NET_RAW']),
        ...(rights.netAdmin ? [] : ['CAP_NET_ADMIN']),
        ...(rights.bpf ? [] : ['CAP_BPF']),
      ];
      return missing.length === 0
        ? ok('CAP_NET_RAW, CAP_NET_ADMIN and CAP_BPF are there')
        : foundIf(true, `${listText(missing)} missing`);
    },
  },
  'memlock-small': {
    severity: 'note',
    title: 'Less memory may be locked than the ring takes',
    meaning:
      'A ring of AF_PACKET is memory of the kernel and needs no such right; that of AF_XDP (`capture.method: xdp`) is charged to this limit, unless the process has CAP_IPC_LOCK.',
    mend: "mkdir -p /etc/systemd/system/rtpsonde.service.d && printf '[Service]\\nLimitMEMLOCK=infinity\\n' > /etc/systemd/system/rtpsonde.service.d/memlock.conf && systemctl daemon-reload",
    check: ({ rights, settings, service }) => {
      // The daemon's limit counts, where there is one.
      const limit = service?.installed ? service.memlockBytes : rights.memlockBytes;
      if (limit === null || limit === undefined || (!service?.installed && rights.ipcLock)) return null;
      return foundIf(
        limit < settings.ringBytes,
        `${bytesText(limit)} may be locked, the ring takes ${bytesText(settings.ringBytes)}`,
      );
    },
  },
} as const satisfies Record<string, FindingInfo>;

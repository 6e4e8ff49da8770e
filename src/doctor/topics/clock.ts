// The clock that packets are stamped with.
import type { FindingInfo } from '../finding.js';
import { foundIf, unknown } from '../finding.js';

/** Beyond this, what two probes saw of one call cannot be laid side by side, ms. */
const OFFSET_LIMIT_MS = 10;
/** Read without a system call that leaves the processor; the others cost a microsecond and more. */
const FAST_SOURCES = [
  'tsc',
  'kvm-clock',
  'xen',
  'hyperv_clocksource_tsc_page',
  'arch_sys_counter',
  'timebase',
  'tod',
];

export const clock = {
  'clock-not-synchronised': {
    severity: 'warning',
    title: 'Nobody keeps the system clock',
    meaning:
      'Times in summaries drift away from those of other probes and of the call servers; when somebody sets the clock, windows are torn.',
    mend: 'timedatectl set-ntp true || systemctl enable --now chrony',
    check: ({ clock: { kernel } }) => {
      if (kernel === null) return unknown('the kernel does not tell');
      return foundIf(
        !kernel.synchronised,
        kernel.synchronised
          ? `synchronised, error at most ${kernel.maxErrorMs.toFixed(1)} ms`
          : 'the kernel calls it unsynchronised',
      );
    },
  },
  'clock-offset': {
    severity: 'warning',
    title: 'The system clock is off',
    meaning:
      'Delays between two probes cannot be told; loss, jitter and MOS of this one are not touched, as they use differences.',
    mend: 'chronyc makestep || systemctl restart systemd-timesyncd',
    check: ({ clock: { offsetMs, offsetFrom, kernel } }) => {
      if (offsetMs === null)
        // Without a daemon that could know there is no offset to ask for.
        return kernel?.synchronised ? unknown('neither chronyc nor ntpq is there to tell the offset') : null;
      return foundIf(
        Math.abs(offsetMs) > OFFSET_LIMIT_MS,
        `${Number(offsetMs.toPrecision(3))} ms off, says ${offsetFrom}`,
      );
    },
  },
  'clock-source-slow': {
    severity: 'warning',
    title: 'Reading the clock is slow',
    meaning:
      'Every packet is stamped; a clock outside of the processor takes more time for that than all measuring.',
    mend: 'echo {better} > /sys/devices/system/clocksource/clocksource0/current_clocksource',
    check: ({ clock: { source, sourcesAvailable } }) => {
      if (source === null) return unknown('the kernel does not tell its clock source');
      const better = FAST_SOURCES.find((name) => sourcesAvailable.includes(name)) ?? 'tsc';
      return foundIf(!FAST_SOURCES.includes(source), `clock source ${source}`, { better });
    },
  },
  'clock-stepped': {
    severity: 'warning',
    title: 'The clock stepped while it was watched',
    meaning: 'Windows of that time are torn, and delays measured across the step are wrong.',
    mend: 'journalctl -b -u chrony -u systemd-timesyncd -n 20',
    check: ({ watch }) => {
      if (watch?.capture == null || watch.capture.counters.packets === 0) return null;
      const { clockSteps } = watch.capture.counters;
      return foundIf(clockSteps > 0, clockSteps > 0 ? `${clockSteps} steps` : 'no step while watching');
    },
  },
} as const satisfies Record<string, FindingInfo>;

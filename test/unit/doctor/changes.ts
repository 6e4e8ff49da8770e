// The server of machines.ts with one thing changed.
import type { CaptureFacts, Facts, LinkFacts, WatchFacts } from '../../../src/doctor/facts.js';
import type { InterfaceReport } from '../../../src/native/inspection.js';
import { type countersOf, server } from './machines.js';

/** Facts with one thing wrong, what is seen of it, and the remedy. */
export interface Case {
  facts: Facts;
  observed: string;
  mend: string;
}

export const link = (changes: Partial<LinkFacts>): Facts => ({
  ...server,
  link: { ...server.link!, ...changes },
});
export const report = (changes: Partial<InterfaceReport>): Facts => ({
  ...server,
  report: { ...server.report!, ...changes },
});
export const on = (...names: string[]): Facts =>
  report({ features: names.map((name) => ({ name, active: true, changeable: true })) });
export const watch = (changes: Partial<WatchFacts>): Facts => ({
  ...server,
  watch: { ...server.watch!, ...changes },
});
export const nic = (changes: Record<string, number>) => watch({ nic: { ...server.watch!.nic, ...changes } });
export const capture = (changes: Partial<CaptureFacts>) =>
  watch({ capture: { ...server.watch!.capture!, ...changes } });
export const counted = (changes: Parameters<typeof countersOf>[0]) =>
  capture({ counters: { ...server.watch!.capture!.counters, ...changes } });
export const config = (changes: Partial<NonNullable<Facts['config']>>): Facts => ({
  ...server,
  config: { ...server.config!, ...changes },
});
export const service = (changes: Partial<NonNullable<Facts['service']>>): Facts => ({
  ...server,
  service: { ...server.service!, ...changes },
});
export const YAML = '/etc/rtpsonde/rtpsonde.yaml';
export const output = server.config!.outputs[0]!;
export const census = server.watch!.census!;

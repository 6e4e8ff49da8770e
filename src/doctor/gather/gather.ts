// All facts of a machine, in one place.
import { createEngine } from '../../native/load.js';
import type { Facts } from '../facts.js';
import type { Machine } from '../machine.js';
import { gatherConfig, settingsOf } from './config.js';
import { gatherClock, gatherCpu, gatherKernel, gatherMemory, gatherService } from './host.js';
import { gatherLink, interfaceNames } from './link.js';
import { gatherRights } from './rights.js';
import { watch } from './watch.js';

export interface GatherOptions {
  /** Interface to look at; default: that of the configuration. */
  interface?: string;
  /** Configuration file. */
  config?: string;
  /** How long the interface is watched. */
  seconds: number;
}

/** Looks at everything; takes as long as the watching. */
export async function gatherFacts(
  machine: Machine,
  options: GatherOptions,
  engines: typeof createEngine = createEngine,
): Promise<Facts> {
  const { facts: config, settings } = await gatherConfig(machine, options.config);
  const name = options.interface ?? settings.capture.interface;
  const rights = gatherRights(machine);
  const report = name === undefined ? null : machine.inspectInterface(name);
  const link = name === undefined || report === null ? null : gatherLink(machine, name, report);
  return {
    rights,
    named: name === undefined ? null : { name, existing: interfaceNames(machine) },
    link,
    report: link === null ? null : report,
    cpu: gatherCpu(machine),
    memory: gatherMemory(machine),
    clock: await gatherClock(machine),
    settings: settingsOf(settings),
    kernel: gatherKernel(machine),
    config,
    service: await gatherService(machine),
    watch:
      link === null || report === null
        ? null
        : await watch(machine, {
            name: link.name,
            index: report.index,
            seconds: options.seconds,
            settings,
            mayCapture: rights.socketProblem === null,
            createEngine: engines,
          }),
  };
}

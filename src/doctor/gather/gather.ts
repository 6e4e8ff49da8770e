// All facts of a machine, in one place.
import { interfacesOf } from '../../config/interfaces.js';
import { createEngine } from '../../native/load.js';
import type { Facts } from '../facts.js';
import type { Machine } from '../machine.js';
import { type GatheredConfig, gatherConfig, settingsOf } from './config.js';
import { gatherClock, gatherCpu, gatherKernel, gatherMemory, gatherService } from './host.js';
import { gatherLink, interfaceNames } from './link.js';
import { gatherRights } from './rights.js';
import { watch } from './watch.js';

export interface GatherOptions {
  /** Interfaces to look at, one after the other; default: those of the configuration. */
  interfaces?: readonly string[];
  /** Configuration file. */
  config?: string;
  /** How long the interface is watched. */
  seconds: number;
}

/** Looks at everything, for each interface anew: once when none is named. Takes as long as the watching. */
export async function gatherFacts(
  machine: Machine,
  options: GatherOptions,
  engines: typeof createEngine = createEngine,
): Promise<Facts[]> {
  const gathered = await gatherConfig(machine, options.config);
  const names = options.interfaces ?? interfacesOf(gathered.settings.capture);
  const all: Facts[] = [];
  for (const name of names.length > 0 ? names : [undefined]) {
    const others = names.filter((other) => other !== name);
    all.push(await factsOf(machine, name, others, gathered, options.seconds, engines));
  }
  return all;
}

async function factsOf(
  machine: Machine,
  name: string | undefined,
  others: readonly string[],
  { facts: config, settings }: GatheredConfig,
  seconds: number,
  engines: typeof createEngine,
): Promise<Facts> {
  const rights = gatherRights(machine);
  const report = name === undefined ? null : machine.inspectInterface(name);
  const link = name === undefined || report === null ? null : gatherLink(machine, name, report);
  return {
    rights,
    named: name === undefined ? null : { name, existing: interfaceNames(machine), others },
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
            seconds,
            settings,
            mayCapture: rights.socketProblem === null,
            createEngine: engines,
          }),
  };
}

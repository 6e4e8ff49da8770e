// All commands in one program. Only the one that is called is loaded: a small
// capture is measured in less time than all of them take to load.
import { Command } from 'commander';
import { version } from '../version.js';

type Register = (program: Command) => void;

const commands: Record<string, () => Promise<Register>> = {
  run: async () => (await import('./run.js')).registerRun,
  'check-config': async () => (await import('./check-config.js')).registerCheckConfig,
  analyze: async () => (await import('./analyze.js')).registerAnalyze,
  mos: async () => (await import('./mos.js')).registerMos,
  simulate: async () => (await import('./simulate.js')).registerSimulate,
  demo: async () => (await import('./demo.js')).registerDemo,
};

/** The program with the command that `name` calls, or with all when it calls none. */
export async function createProgram(name: string | undefined): Promise<Command> {
  const program = new Command('rtpsonde')
    .description('RTP quality probe for a SPAN or mirror port')
    .version(version)
    .showHelpAfterError('(rtpsonde --help tells more)');
  const called =
    name !== undefined && Object.hasOwn(commands, name) ? [commands[name]!] : Object.values(commands);
  for (const load of called) {
    const register = await load();
    register(program);
  }
  return program;
}

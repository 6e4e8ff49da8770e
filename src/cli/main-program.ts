// All commands in one program. Only the one that is called is loaded: a small
// capture is measured in less time than all of them take to load.
import { Command, type CommanderError } from 'commander';
import { RtpsondeError } from '../ops/errors.js';
import { version } from '../version.js';

type Register = (program: Command) => void;

const commands: Record<string, () => Promise<Register>> = {
  run: async () => (await import('./run.js')).registerRun,
  'check-config': async () => (await import('./check-config.js')).registerCheckConfig,
  'export-test': async () => (await import('./export-test.js')).registerExportTest,
  analyze: async () => (await import('./analyze.js')).registerAnalyze,
  doctor: async () => (await import('./doctor.js')).registerDoctor,
  spool: async () => (await import('./spool.js')).registerSpool,
  mos: async () => (await import('./mos.js')).registerMos,
  simulate: async () => (await import('./simulate.js')).registerSimulate,
  'bench-capture': async () => (await import('./bench-capture.js')).registerBenchCapture,
  demo: async () => (await import('./demo.js')).registerDemo,
};

/** The program with the command that `name` calls, or with all when it calls none. */
export async function createProgram(name: string | undefined): Promise<Command> {
  const program = new Command('rtpsonde')
    .description('RTP quality probe for a SPAN or mirror port')
    .version(version)
    // Told by main.ts, like every other error.
    .configureOutput({ outputError: () => {} })
    .addHelpText(
      'after',
      '\nExamples:\n  rtpsonde analyze call.pcap                 streams of a capture, worst first\n  rtpsonde check-config rtpsonde.yaml        what a configuration would do\n  rtpsonde doctor -i eth1                    what is wrong with machine and mirror port\n  rtpsonde run -c rtpsonde.yaml              measure and ship until stopped',
    );
  const called =
    name !== undefined && Object.hasOwn(commands, name) ? [commands[name]!] : Object.values(commands);
  for (const load of called) {
    const register = await load();
    register(program);
  }
  for (const command of [program, ...program.commands]) {
    command.exitOverride((error) => {
      throw usageError(command, error);
    });
  }
  return program;
}

/** What commander has to say against the command line, in one line; help that was asked for stays as it is. */
function usageError(command: Command, error: CommanderError): Error {
  if (error.exitCode === 0 || error.code === 'commander.help') return error;
  const path = command.parent === null ? command.name() : `${command.parent.name()} ${command.name()}`;
  const said = error.message
    .replace(/^error: /, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
  return new RtpsondeError('ERR_USAGE', `${said}; see ${path} --help`);
}

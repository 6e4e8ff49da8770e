// `rtpsonde doctor`: what an experienced eye would find wrong with this machine as
// a probe, and the commands that mend it.
import { type Command, Option } from 'commander';
import { diagnose, exitCodeOf } from '../doctor/diagnose.js';
import { gatherFacts } from '../doctor/gather/gather.js';
import { thisMachine } from '../doctor/machine.js';
import { jsonReport, textReport } from '../doctor/report.js';
import { RtpsondeError } from '../ops/errors.js';
import { version } from '../version.js';
import { Output } from './output.js';

interface DoctorOptions {
  interface?: string;
  config?: string;
  seconds: string;
  json?: boolean;
}

const SECONDS = { min: 1, max: 3600 };

/** Adds the `doctor` command. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('find what is wrong with the machine and the mirror port, and what mends it')
    .option('-i, --interface <name>', 'interface to look at (default: that of the configuration)')
    .option('-c, --config <file>', 'configuration to check as well')
    .addOption(new Option('--seconds <n>', 'how long to watch the interface').default('5'))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nNothing is changed and nothing is sent. Exit code: 0 all well, or notes only; 1 warnings; 2 errors.\n\nExamples:\n  rtpsonde doctor -i eth1\n  rtpsonde doctor -c /etc/rtpsonde/rtpsonde.yaml --seconds 30',
    )
    .action((options: DoctorOptions) => doctor(options));
}

async function doctor(options: DoctorOptions): Promise<void> {
  const seconds = options.seconds.trim() === '' ? Number.NaN : Number(options.seconds);
  if (!(seconds >= SECONDS.min && seconds <= SECONDS.max))
    throw new RtpsondeError(
      'ERR_USAGE',
      `--seconds ${options.seconds}: must be a number from ${SECONDS.min} to ${SECONDS.max}`,
    );
  const { interface: name, config } = options;
  const isText = options.json !== true;
  if (isText && process.stderr.isTTY) process.stderr.write(`watching for ${seconds} s ...\r`);
  const facts = await gatherFacts(thisMachine(), {
    seconds,
    ...(name === undefined ? {} : { interface: name }),
    ...(config === undefined ? {} : { config }),
  });
  const findings = diagnose(facts);
  const exitCode = exitCodeOf(findings);
  const subject = facts.named?.name ?? null;
  const output = new Output();
  if (isText) {
    const driver = facts.report?.driver ? ` (${facts.report.driver})` : '';
    const heading =
      subject === null ? 'This machine' : `Interface ${subject}${driver}, watched for ${seconds} s`;
    await output.write(textReport(findings, heading, process.stdout.hasColors?.() ?? false));
  } else {
    await output.write(jsonReport(findings, { rtpsonde: version, interface: subject, seconds, exitCode }));
  }
  await output.flush();
  process.exitCode = exitCode;
}

// `rtpsonde doctor`: what an experienced eye would find wrong with this machine as
// a probe, and the commands that mend it.
import { type Command, Option } from 'commander';
import { diagnose, exitCodeOf, notToldBefore } from '../doctor/diagnose.js';
import type { Facts } from '../doctor/facts.js';
import type { Finding } from '../doctor/finding.js';
import { gatherFacts } from '../doctor/gather/gather.js';
import { thisMachine } from '../doctor/machine.js';
import { jsonReport, textReport } from '../doctor/report.js';
import { RtpsondeError } from '../ops/errors.js';
import { version } from '../version.js';
import { Output } from './output.js';

interface DoctorOptions {
  interface?: string[];
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
    .option(
      '-i, --interface <name...>',
      'interface to look at, or several of them (default: those of the configuration)',
    )
    .option('-c, --config <file>', 'configuration to check as well')
    .addOption(new Option('--seconds <n>', 'how long to watch the interface').default('5'))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nNothing is changed and nothing is sent. Exit code: 0 all well, or notes only; 1 warnings; 2 errors.\n\nExamples:\n  rtpsonde doctor -i eth1\n  rtpsonde doctor -i eth1 eth2\n  rtpsonde doctor -c /etc/rtpsonde/rtpsonde.yaml --seconds 30',
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
  const { interface: names, config } = options;
  const isText = options.json !== true;
  if (isText && process.stderr.isTTY) process.stderr.write(`watching for ${seconds} s ...\r`);
  const all = await gatherFacts(thisMachine(), {
    seconds,
    ...(names === undefined ? {} : { interfaces: names }),
    ...(config === undefined ? {} : { config }),
  });
  const looks = all.map((facts) => ({ facts, findings: diagnose(facts) }));
  const exitCode = Math.max(...looks.map(({ findings }) => exitCodeOf(findings)));
  const output = new Output();
  if (isText) {
    const told: Finding[] = [];
    for (const { facts, findings } of looks) {
      const heading = headingOf(facts, seconds);
      const report = textReport(
        notToldBefore(findings, told),
        heading,
        process.stdout.hasColors?.() ?? false,
      );
      await output.write(told.length > 0 ? `\n${report}` : report);
      told.push(...findings);
    }
  } else {
    const subject = ({ named }: Facts) => ({ interface: named?.name ?? null });
    const about = { rtpsonde: version, seconds, exitCode };
    const [first] = looks;
    await output.write(
      looks.length === 1
        ? jsonReport({ ...about, ...subject(first!.facts), findings: first!.findings })
        : jsonReport({
            ...about,
            interfaces: looks.map(({ facts, findings }) => ({ ...subject(facts), findings })),
          }),
    );
  }
  await output.flush();
  process.exitCode = exitCode;
}

function headingOf({ named, report }: Facts, seconds: number): string {
  if (named === null) return 'This machine';
  const driver = report?.driver ? ` (${report.driver})` : '';
  return `Interface ${named.name}${driver}, watched for ${seconds} s`;
}

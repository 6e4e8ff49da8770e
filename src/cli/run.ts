// `rtpsonde run`: the daemon in the foreground, as systemd starts it.
import type { Command } from 'commander';
import { Daemon } from '../app.js';
import { formatProblem } from '../config/config-error.js';
import { type LoadedConfig, loadConfig, type Problem } from '../config/load.js';
import { checkFilter } from '../native/load.js';
import { describeError, errorCodes } from '../ops/errors.js';
import { createLog } from '../ops/logger.js';

/** Adds the `run` command. */
export function registerRun(program: Command): void {
  program
    .command('run')
    .description('measure and ship summaries, as configured')
    .requiredOption('-c, --config <file>', 'configuration (YAML)')
    .addHelpText(
      'after',
      '\nSIGTERM and SIGINT seal and deliver what is open; SIGHUP reads the configuration again.',
    )
    .action(async ({ config }: { config: string }) => {
      await run(config);
    });
}

async function run(file: string): Promise<void> {
  const { config, warnings } = loadConfig(file, { checkFilter });
  const log = createLog(config.log);
  const warn = (problems: readonly Problem[]) => {
    for (const problem of problems) log.logger.warn(formatProblem(file, problem));
  };
  warn(warnings);
  const daemon = new Daemon(config, log);
  const stop = () => daemon.stop();
  const reload = () => {
    reloadFrom(file, daemon, warn).catch((error) => {
      for (const line of describeError(error).split('\n')) log.logger.error(line);
      log.logger.error('reload refused, the old configuration stays');
    });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', reload);
  try {
    await daemon.run();
    if (daemon.inputIsDamaged) process.exitCode = errorCodes.ERR_CAPTURE_FILE_TYPE.exitCode;
  } finally {
    process.off('SIGTERM', stop);
    process.off('SIGINT', stop);
    process.off('SIGHUP', reload);
  }
}

async function reloadFrom(
  file: string,
  daemon: Daemon,
  warn: (problems: readonly Problem[]) => void,
): Promise<void> {
  let next: LoadedConfig;
  try {
    next = loadConfig(file, { checkFilter });
  } catch (error) {
    // Whatever is wrong with the configuration, files may have been moved away.
    await daemon.reopen();
    throw error;
  }
  warn(next.warnings);
  await daemon.reload(next.config);
}

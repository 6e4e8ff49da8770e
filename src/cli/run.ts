// `rtpsonde run`: the daemon in the foreground, as systemd starts it.
import type { Command } from 'commander';
import { Daemon } from '../app.js';
import { formatProblem } from '../config/config-error.js';
import { loadConfig } from '../config/load.js';
import { describeError } from '../ops/errors.js';
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
  const { config, warnings } = loadConfig(file);
  const log = createLog(config.log);
  for (const warning of warnings) log.logger.warn(formatProblem(file, warning));
  const daemon = new Daemon(config, log, { onOutputClosed: () => daemon.stop() });
  const stop = () => daemon.stop();
  const reload = () => {
    try {
      const next = loadConfig(file);
      for (const warning of next.warnings) log.logger.warn(formatProblem(file, warning));
      daemon.reload(next.config).catch((error) => log.logger.error(describeError(error)));
    } catch (error) {
      log.logger.error(`reload refused, the old configuration stays: ${describeError(error)}`);
    }
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', reload);
  try {
    await daemon.run();
  } finally {
    process.off('SIGTERM', stop);
    process.off('SIGINT', stop);
    process.off('SIGHUP', reload);
  }
}

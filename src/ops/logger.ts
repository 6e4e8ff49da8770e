// The log: pino with a small destination of our own that writes to standard
// error, in journald's form under systemd. Standard output belongs to summaries.
import { fstatSync } from 'node:fs';
import { type Logger, pino } from 'pino';
import { formatRecord, type LogForm } from './log-format.js';
import { redactFields } from './redact.js';

export type { Logger } from 'pino';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export const logFormats = ['auto', 'journald', 'json', 'text'] as const;
export type LogFormat = (typeof logFormats)[number];

export interface LogSettings {
  /** The least severe level that is written. */
  level: LogLevel;
  /** `auto`: journald when standard error goes to the journal, text on a terminal, else json. */
  format: LogFormat;
}

/** Where the log goes and what is known about that place; tests put their own here. */
export interface LogOutput {
  write(text: string): void;
  isTerminal: boolean;
  /** `device:inode` of the output, to compare with JOURNAL_STREAM; null when unknown. */
  streamId: string | null;
  environment: NodeJS.ProcessEnv;
  /** Wall clock, ms since the Unix epoch. */
  now(): number;
}

export interface Log {
  readonly logger: Logger;
  /** Applies new settings at once, to the loggers already handed out too (SIGHUP). */
  apply(settings: LogSettings): void;
}

/** Starts the log. Loggers made with `logger.child()` follow later settings. */
export function createLog(settings: LogSettings, output: LogOutput = standardError()): Log {
  let form = chooseForm(settings.format, output);
  const colours = output.isTerminal && (output.environment.NO_COLOR ?? '') === '';
  // pino copies the level into each child, so a new level has to reach them one by one.
  const children = new Set<WeakRef<Logger>>();

  const logger = pino(
    {
      level: settings.level,
      timestamp: () => `,"time":${output.now()}`,
      onChild: (child) => children.add(new WeakRef(child as Logger)),
    },
    // Redacted here, where also the fields of children and errors have arrived.
    { write: (line: string) => output.write(formatRecord(redactFields(JSON.parse(line)), form, colours)) },
  );

  return {
    logger,
    apply(next) {
      form = chooseForm(next.format, output);
      logger.level = next.level;
      for (const reference of children) {
        const child = reference.deref();
        if (child === undefined) children.delete(reference);
        else child.level = next.level;
      }
    },
  };
}

/** A logger that writes nothing, for tests and for commands that have nothing to log. */
export function silentLogger(): Logger {
  return pino({ level: 'silent' });
}

function chooseForm(format: LogFormat, output: LogOutput): LogForm {
  if (format !== 'auto') return format;
  if (goesToJournal(output)) return 'journald';
  return output.isTerminal ? 'text' : 'json';
}

// systemd.exec(5): a child may inherit JOURNAL_STREAM with its output
// redirected, so the variable is compared with the stream itself.
function goesToJournal({ environment, streamId }: LogOutput): boolean {
  const journal = environment.JOURNAL_STREAM;
  return journal !== undefined && journal !== '' && (streamId === null || streamId === journal);
}

let guarded = false;

function standardError(): LogOutput {
  // A log reader that goes away must not end the daemon.
  if (!guarded) process.stderr.on('error', () => {});
  guarded = true;
  return {
    write: (text) => process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
    streamId: streamIdOf(2),
    environment: process.env,
    now: Date.now,
  };
}

function streamIdOf(fd: number): string | null {
  try {
    const { dev, ino } = fstatSync(fd, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}

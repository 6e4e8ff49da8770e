// The log: its forms, its one line per entry, its silence about secrets.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RtpsondeError } from '../../../src/ops/errors.js';
import { createLog, type LogFormat, type LogLevel, type LogOutput } from '../../../src/ops/logger.js';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

function logTo(format: LogFormat, options: Partial<LogOutput> & { level?: LogLevel } = {}) {
  const lines: string[] = [];
  const { level = 'trace', ...rest } = options;
  const log = createLog(
    { level, format },
    {
      write: (text) => lines.push(text),
      isTerminal: false,
      streamId: null,
      environment: {},
      now: () => NOW,
      ...rest,
    },
  );
  return { log, logger: log.logger, lines };
}

describe('journald form', () => {
  test('gives each level its sd-daemon priority', () => {
    const { logger, lines } = logTo('journald');
    for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) logger[level](level);
    expect(lines).toEqual(['<7>trace\n', '<7>debug\n', '<6>info\n', '<4>warn\n', '<3>error\n', '<2>fatal\n']);
  });

  test('writes the message first, then key=value, quoted where it has to be', () => {
    const { logger, lines } = logTo('journald');
    logger.info(
      { packets: 12, path: '/a b', empty: '', equal: 'a=b', none: null, list: [1, 'two'], 'odd key': true },
      'capture started',
    );
    expect(lines).toEqual([
      '<6>capture started packets=12 path="/a b" empty="" equal="a=b" none=null list=[1,"two"] odd_key=true\n',
    ]);
  });

  test('keeps line feeds and escape sequences inside the line', () => {
    const { logger, lines } = logTo('journald');
    logger.warn({ interface: 'eth0\n<2>forged', 'k\n<0>': 1 }, 'first\nsecond \u001b[31mred\u2028end');
    expect(lines).toEqual([
      '<4>first\\nsecond \\u001b[31mred\\u2028end interface="eth0\\n<2>forged" k_<0>=1\n',
    ]);
  });

  test('shows an error by message and code, and the stack only of one that nobody foresaw', () => {
    const { logger, lines } = logTo('journald');
    logger.error(
      { err: new RtpsondeError('ERR_OUTPUT_FULL', 'a.ndjson: no space left on device') },
      'export failed',
    );
    const fault = new TypeError('x is not a function');
    logger.error(fault);
    expect(lines).toEqual([
      '<3>export failed err="a.ndjson: no space left on device" code=ERR_OUTPUT_FULL\n',
      `<3>x is not a function err="x is not a function" stack=${JSON.stringify(fault.stack)}\n`,
    ]);
  });

  test('is always one line, whatever is logged', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (message, fields) => {
          const { logger, lines } = logTo('journald');
          logger.info({ ...fields }, message.replaceAll('%', ''));
          expect(lines).toHaveLength(1);
          expect(lines[0]).toMatch(/^<6>[^\p{Cc}\u2028\u2029]*\n$/u);
        },
      ),
    );
  });
});

test('text form has the time and the level, with colours only on a terminal', () => {
  const plain = logTo('text');
  plain.logger.warn({ a: 1 }, 'careful');
  const terminal = logTo('text', { isTerminal: true });
  terminal.logger.warn('careful');
  const noColour = logTo('text', { isTerminal: true, environment: { NO_COLOR: '1' } });
  noColour.logger.warn('careful');
  expect([...plain.lines, ...terminal.lines, ...noColour.lines]).toEqual([
    '2026-01-02T03:04:05.678Z WARN  careful a=1\n',
    '2026-01-02T03:04:05.678Z \u001b[33mWARN \u001b[0m careful\n',
    '2026-01-02T03:04:05.678Z WARN  careful\n',
  ]);
});

test('json form is what pino writes', () => {
  const { logger, lines } = logTo('json');
  logger.info({ streams: 3 }, 'window sealed');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      level: 30,
      time: NOW,
      pid: process.pid,
      hostname: expect.any(String),
      streams: 3,
      msg: 'window sealed',
    },
  ]);
});

describe('format auto', () => {
  const journal = { JOURNAL_STREAM: '8:1234' };
  test.each([
    ['journald when standard error is the journal', { environment: journal, streamId: '8:1234' }, /^<6>/],
    ['journald when only the variable is known', { environment: journal, streamId: null }, /^<6>/],
    [
      'json when the variable was inherited and the output redirected',
      { environment: journal, streamId: '8:99' },
      /^\{/,
    ],
    ['text on a terminal', { isTerminal: true }, /^2026-01-02T/],
    ['json elsewhere', {}, /^\{/],
  ])('is %s', (_what, output, expected) => {
    const { logger, lines } = logTo('auto', output);
    logger.info('hello');
    expect(lines[0]).toMatch(expected);
  });
});

test('new settings reach the loggers that were handed out before', () => {
  const { log, logger, lines } = logTo('journald', { level: 'warn' });
  const child = logger.child({ exporter: 'http' });
  const grandchild = child.child({ batch: 1 });
  child.info('not yet');
  log.apply({ level: 'debug', format: 'text' });
  grandchild.debug('now');
  log.apply({ level: 'error', format: 'journald' });
  child.warn('no longer');
  child.error('still');
  expect(lines).toEqual([
    '2026-01-02T03:04:05.678Z DEBUG now exporter=http batch=1\n',
    '<3>still exporter=http\n',
  ]);
});

describe('secrets', () => {
  test('are replaced by their key, at any depth, in records, children and errors', () => {
    const { logger, lines } = logTo('journald');
    logger.info(
      { request: { headers: { Authorization: 'Bearer abc', 'X-Api-Key': 'k' } }, token: 't' },
      'sent',
    );
    logger.child({ password: 'p' }).info('child');
    logger.warn({ err: Object.assign(new RtpsondeError('ERR_USAGE', 'no'), { token: 't' }) }, 'failed');
    expect(lines).toEqual([
      '<6>sent request={"headers":{"Authorization":"[redacted]","X-Api-Key":"[redacted]"}} token=[redacted]\n',
      '<6>child password=[redacted]\n',
      '<4>failed err=no code=ERR_USAGE\n',
    ]);
  });

  test('are taken out of URLs and running text', () => {
    const { logger, lines } = logTo('journald');
    logger.info({ url: 'https://user:pa55@host/x' }, 'header was Bearer abcdefgh.ijk=');
    expect(lines).toEqual(['<6>header was Bearer [redacted] url=https://[redacted]@host/x\n']);
  });

  test('never show, wherever in a record the key stands', () => {
    const key = fc.constantFrom(
      'token',
      'Token',
      'authorization',
      'password',
      'api_key',
      'private-key',
      'Set-Cookie',
    );
    const secret = 'S3cr3tV4lue';
    const hidden = key.map((name) => ({ [name]: secret }) as unknown);
    const wrap = fc.array(fc.oneof(fc.constant('list'), fc.string({ maxLength: 8 })), { maxLength: 12 });
    const formats = fc.constantFrom<LogFormat>('json', 'journald', 'text');
    fc.assert(
      fc.property(hidden, wrap, formats, (innermost, path, format) => {
        const record = path.reduce<unknown>(
          (inner, name) => (name === 'list' ? [inner] : { [name]: inner }),
          innermost,
        );
        const { logger, lines } = logTo(format);
        logger.info({ record, ...(innermost as object) }, 'message');
        expect(lines).toHaveLength(1);
        expect(lines[0]).not.toContain(secret);
      }),
    );
  });

  test('leave alone what only sounds like one', () => {
    const { logger, lines } = logTo('journald');
    logger.info({ tokens: 3, keyFrames: 2, monkey: 'x', token: null }, 'bearer of news');
    expect(lines).toEqual(['<6>bearer of news tokens=3 keyFrames=2 monkey=x token=null\n']);
  });
});

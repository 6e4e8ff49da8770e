// `rtpsonde check-config`, and the generated documents.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { registerCheckConfig } from '../../../src/cli/check-config.js';
import { generatedDocuments, staleDocuments, writeDocuments } from '../../../src/cli/generate-docs.js';
import { notRun } from '../../e2e/support/scratch.js';

const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-check-'));
afterAll(() => rmSync(folder, { recursive: true }));
const root = fileURLToPath(new URL('../../../', import.meta.url));

function run(text: string, ...options: string[]) {
  const file = join(folder, 'a.yaml');
  writeFileSync(file, text);
  return runFile(file, ...options);
}

function runFile(file: string, ...options: string[]) {
  const result = { out: '', error: '', exit: 0 };
  const program = new Command();
  registerCheckConfig(program, {
    out: (text) => {
      result.out += text.replaceAll(file, 'FILE');
    },
    error: (text) => {
      result.error += text.replaceAll(file, 'FILE');
    },
    exit: (code) => {
      result.exit = code;
    },
  });
  program.parse(['check-config', file, ...options], { from: 'user' });
  return result;
}

const valid = `
probe: {name: probe-1}
capture: {interface: eth1, udpOnly: true}
measure: {windowSeconds: 5, payloadTypes: {96: opus/48000}}
export:
  - {type: file, path: /var/log/out.ndjson}
  - {type: stdout, include: [stream]}
  - {type: http, url: 'http://collector.example/x', token: {env: RTPSONDE_NOT_SET}}
metrics: {intervalSeconds: 0}
`;

test('a valid file is told what it would do, with warnings', () => {
  expect(run(valid, '--no-secrets')).toEqual({
    out: `FILE: valid
  probe    probe-1
  capture  interface eth1, ring of 256 MiB, 128 bytes of each packet, promiscuous, UDP only
  measure  windows of 5 s, up to 200000 streams, ended after 60 s of silence
           payload types 96 opus/48000
  quality  G.107, echo probe, jitter buffer 40 ms, packet loss concealment on
  export   file: file /var/log/out.ndjson, 10 files of 100 MiB (window, stream, capture)
  export   stdout: standard output (stream)
  export   http: POST http://collector.example/x, gzip, token from environment variable RTPSONDE_NOT_SET (window, stream, capture)
  spool    none: what waits for a collector is in memory
  log      info, auto; no metrics
`,
    error:
      'FILE:8:23: export[2].url: warning: summaries and the secret cross the network unencrypted; use https\n',
    exit: 0,
  });
});

test('files and whole packets are told too', () => {
  const { out } = run('capture: {files: [/a.pcap, /b.pcap], follow: true}\nexport: [{type: stdout}]\n');
  expect(out).toContain('  capture  /a.pcap, /b.pcap, followed as they grow\n');
});

test('AF_XDP is told with its wishes', () => {
  const { out } = run('capture: {interface: eth1, method: xdp}\nexport: [{type: stdout}]\n');
  expect(out).toContain('interface eth1, AF_XDP (auto, auto), ring of 256 MiB, whole packets, promiscuous\n');
});

test('a capture filter is compiled: its fault has a place and the words of libpcap', (context) => {
  const config = (filter: string) =>
    run(`capture:\n  interface: eth1\n  filter: ${filter}\nexport: [{type: stdout}]\n`);
  const { out, error, exit } = config('udp portrange 16384-32767');
  if (error.includes('libpcap, which is not installed')) notRun(context, 'libpcap is not installed');
  expect({ error, exit }).toEqual({ error: '', exit: 0 });
  expect(out).toContain(', promiscuous, filter udp portrange 16384-32767\n');
  const wrong = config('udp prot 5004');
  expect(wrong).toMatchObject({ out: '', exit: 78 });
  expect(wrong.error).toMatch(/^FILE:3:11: capture\.filter: .*syntax error/);
});

test('secrets are looked up unless told otherwise', () => {
  expect(run(valid)).toEqual({
    out: '',
    error: 'FILE:8:60: export[2].token: the environment variable RTPSONDE_NOT_SET is not set\n',
    exit: 78,
  });
});

test('a wrong file gives all its faults on standard error, and 78', () => {
  expect(run('capture: {interfce: eth1}\nexport: [{type: stdout}]\nlog: {level: loud}\n')).toEqual({
    out: '',
    error: `FILE:1:10: capture: needs \`interface\`, \`interfaces\` or \`files\`
FILE:1:11: capture.interfce: unknown key, did you mean interface?
FILE:3:14: log.level: expected one of trace, debug, info, warn, error, fatal, silent, got "loud"
`,
    exit: 78,
  });
});

test('a missing file is one line, and 66', () => {
  expect(runFile(join(folder, 'nope.yaml'))).toEqual({
    out: '',
    error: 'rtpsonde: FILE: no such file (ERR_CONFIG_NOT_FOUND)\n',
    exit: 66,
  });
});

describe('generated documents', () => {
  test('in the repository are those of the code', () => {
    const own = generatedDocuments.filter(({ path }) =>
      /^(config\/|docs\/(configuration|errors))/.test(path),
    );
    expect(own.map(({ path }) => path)).toEqual([
      'config/rtpsonde.schema.json',
      'docs/configuration.md',
      'docs/errors.md',
    ]);
    for (const { path, text } of own) expect(readFileSync(join(root, path), 'utf8'), path).toBe(text());
  });

  test('are found stale until they are written', () => {
    const documents = [
      { path: 'docs/a.md', text: () => 'a\n' },
      { path: 'b.md', text: () => 'b\n' },
    ];
    writeFileSync(join(folder, 'b.md'), 'b\n');
    expect(staleDocuments(folder, documents)).toEqual(['docs/a.md']);
    writeDocuments(folder, documents);
    expect(staleDocuments(folder, documents)).toEqual([]);
    writeFileSync(join(folder, 'b.md'), 'edited\n');
    expect(staleDocuments(folder, documents)).toEqual(['b.md']);
  });
});

// The endpoint of Prometheus over a change of the configuration: the port goes from the old exporter to the new one.

import { PassThrough } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { parseConfig } from '../../../src/config/load.js';
import { createExporters, updateExporters } from '../../../src/export/create.js';
import { systemClock } from '../../../src/ops/clock.js';
import { freePort } from '../../collectors/support/server.js';
import { dependencies } from './support.js';

/** No path: what waits is in memory. */
const spool = { maxMiB: 64, maxAgeHours: 1, keepHours: 0, memoryMiB: 1 };

it('a change of options keeps the port', async () => {
  const port = await freePort();
  const deps = {
    ...dependencies(),
    clock: systemClock,
    version: '1.2.3',
    spool,
    stdout: new PassThrough(),
    onStdoutClosed: () => {},
  };
  const optionsOf = (more: string) =>
    parseConfig(
      `capture: {interface: eth1}\nexport: [{type: prometheus, listen: '127.0.0.1:${port}'${more}}]\n`,
      '/nowhere/rtpsonde.yaml',
      { environment: { TOKEN: 'abc' } },
    ).config.export;
  const status = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).status;
  const exporters = createExporters(optionsOf(''), deps);
  onTestFinished(() => exporters.close(0));
  expect(await exporters.reopen()).toEqual([]);
  expect(await status()).toBe(200);
  const ended = updateExporters(exporters, optionsOf(', token: {env: TOKEN}'), deps, 1000);
  expect(await exporters.reopen()).toEqual([]);
  expect(await status()).toBe(401);
  await ended;
});

it('two exporters on one address are refused', () => {
  const config = `capture: {interface: eth1}
export: [{type: prometheus}, {type: prometheus, name: b}]
`;
  const { config: parsed } = parseConfig(config, '/nowhere/rtpsonde.yaml');
  const deps = {
    ...dependencies(),
    version: '1',
    spool,
    stdout: new PassThrough(),
    onStdoutClosed: () => {},
  };
  expect(() => createExporters(parsed.export, deps)).toThrow('two exporters have the address 127.0.0.1:9464');
});

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/load.js';
import { collectors, exporterWords } from '../../../src/export/collectors.js';

const document = readFileSync(fileURLToPath(new URL('../../../docs/collectors.md', import.meta.url)), 'utf8');
const fragments = [...document.matchAll(/```yaml\n(export:\n[\s\S]*?)```/g)].map((match) => match[1] ?? '');

describe('docs/collectors.md', () => {
  it('has a fragment to copy for every kind of collector', () => {
    const types = fragments.map((text) => /type: (\S+)/.exec(text)?.[1]);
    expect(types).toEqual(Object.keys(collectors));
  });

  it.each(fragments)('holds a fragment that is a valid configuration: %s', (text) => {
    const { config, warnings } = parseConfig(`capture: {interface: eth1}\n${text}`, '/etc/rtpsonde', {
      lookUpSecrets: false,
    });
    expect(warnings).toEqual([]);
    for (const exporter of config.export) expect(exporterWords(exporter)).toMatch(/\w/);
  });
});

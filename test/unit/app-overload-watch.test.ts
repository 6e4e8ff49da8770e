// What the daemon says of its own overload.
import { expect, test } from 'vitest';
import { OverloadWatch } from '../../src/app-overload-watch.js';
import { nameCounters } from '../../src/native/block.js';
import { counters } from '../../src/native/counters.gen.js';

const none = nameCounters(new Float64Array(counters.length));

function watch() {
  const said: string[] = [];
  const logger = {
    info: (_: object, text: string) => said.push(`info: ${text}`),
    warn: (_: object, text: string) => said.push(`warn: ${text}`),
  };
  return { watch: new OverloadWatch(logger as never), said };
}

test('shedding is told when it begins, changes and ends, once each', () => {
  const { watch: probe, said } = watch();
  expect(probe.look(none)).toBe('');
  expect(probe.look({ ...none, shedLevel: 2 })).toBe('cannot keep up, 1 in 4 new streams is measured; ');
  probe.look({ ...none, shedLevel: 2, shed: 10 });
  expect(probe.look({ ...none, shedLevel: 5, shed: 100, streamsShed: 7 })).toBe(
    'cannot keep up, 1 in 32 new streams is measured, 1 in 4 running ones is kept; ',
  );
  probe.look({ ...none, shedLevel: 1, shed: 200, streamsShed: 7 });
  expect(probe.look({ ...none, shed: 250, streamsShed: 7 })).toBe('');
  probe.look({ ...none, shed: 250, streamsShed: 7 });
  expect(said).toEqual([
    'warn: the probe cannot keep up: 1 in 4 new streams is measured',
    'warn: the probe cannot keep up: 1 in 32 new streams is measured, 1 in 4 running ones is kept',
    'info: there is room again: 1 in 2 new streams is measured',
    'info: all streams are measured again; 250 packets were shed, 7 running streams let go',
  ]);
});

test('what was shed between two looks is told as well, with its own numbers', () => {
  const { watch: probe, said } = watch();
  probe.look({ ...none, shed: 5, streamsShed: 1 });
  probe.look({ ...none, shed: 12, streamsShed: 1 });
  expect(said).toEqual([
    'info: all streams are measured again; 5 packets were shed, 1 running streams let go',
    'info: all streams are measured again; 7 packets were shed, 0 running streams let go',
  ]);
});

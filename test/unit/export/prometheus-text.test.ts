// The text forms, by the letter of their specifications.
import { describe, expect, it } from 'vitest';
import { boundText, type Family, formFor, renderText } from '../../../src/export/prometheus/text.js';

const counter: Family = {
  name: 'x_packets',
  kind: 'counter',
  help: 'Of "them": a\\b\nall',
  unit: '',
  pieces: [[{ labels: { path: 'a\\b"c"\nd' }, value: 3 }], [{ labels: {}, value: 1e21 }]],
};
const histogram: Family = {
  name: 'x_jitter_seconds',
  kind: 'histogram',
  help: 'Jitter',
  unit: 'seconds',
  pieces: [
    [
      {
        suffix: '_bucket',
        labels: { le: '+Inf' },
        value: 2,
        exemplar: { labels: { stream_id: 'ab' }, value: 0.5, atMs: 1_700_000_000_250 },
      },
      { suffix: '_sum', labels: {}, value: 0.75 },
      { suffix: '_count', labels: {}, value: 2 },
    ],
  ],
};

describe('the text', () => {
  it('0.0.4: counters by their full name, escapes, no exemplars', async () => {
    expect(String(await renderText([counter, histogram], 'prometheus'))).toBe(
      [
        '# HELP x_packets_total Of "them": a\\\\b\\nall',
        '# TYPE x_packets_total counter',
        'x_packets_total{path="a\\\\b\\"c\\"\\nd"} 3',
        'x_packets_total 1e+21',
        '# HELP x_jitter_seconds Jitter',
        '# TYPE x_jitter_seconds histogram',
        'x_jitter_seconds_bucket{le="+Inf"} 2',
        'x_jitter_seconds_sum 0.75',
        'x_jitter_seconds_count 2',
        '',
      ].join('\n'),
    );
  });

  it('OpenMetrics: families without _total, unit, exemplar, end', async () => {
    expect(String(await renderText([counter, histogram], 'openmetrics'))).toBe(
      [
        '# HELP x_packets Of \\"them\\": a\\\\b\\nall',
        '# TYPE x_packets counter',
        'x_packets_total{path="a\\\\b\\"c\\"\\nd"} 3',
        'x_packets_total 1e+21',
        '# HELP x_jitter_seconds Jitter',
        '# TYPE x_jitter_seconds histogram',
        '# UNIT x_jitter_seconds seconds',
        'x_jitter_seconds_bucket{le="+Inf"} 2 # {stream_id="ab"} 0.5 1700000000.250',
        'x_jitter_seconds_sum 0.75',
        'x_jitter_seconds_count 2',
        '# EOF',
        '',
      ].join('\n'),
    );
  });

  it('has bounds in the one form that both take', () => {
    expect([0, 1, 0.001, 4.34, Number.NaN].slice(0, 4).map(boundText)).toEqual([
      '0.0',
      '1.0',
      '0.001',
      '4.34',
    ]);
  });

  it.each([
    [undefined, 'prometheus'],
    ['*/*', 'prometheus'],
    ['text/plain', 'prometheus'],
    ['application/openmetrics-text', 'openmetrics'],
    // Of Prometheus 2.42 and 2.53.
    [
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      'openmetrics',
    ],
    ['text/plain;version=0.0.4;q=0.9, application/openmetrics-text;version=1.0.0;q=0.4', 'prometheus'],
    ['application/openmetrics-text;version=0.0.1', 'prometheus'],
    [`${'x,'.repeat(2000)};q=;;=`, 'prometheus'],
  ])('Accept: %s', (accept, form) => {
    expect(formFor(accept)).toBe(form);
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DeliveryError, type Remedy, type SummaryLine } from '../../../src/export/exporter.js';
import { Lane } from '../../../src/export/lane.js';
import { dependencies, laneOptions, line, ScriptedExporter } from './support.js';

type Outcome = 'taken' | 'taken but answer lost' | 'unknown error' | Remedy;

const steps = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('offer' as const),
      kinds: fc.array(fc.constantFrom('window' as const, 'stream' as const, 'capture' as const), {
        maxLength: 40,
      }),
    }),
    fc.record({ do: fc.constant('advance' as const), ms: fc.integer({ min: 0, max: 3000 }) }),
    fc.record({ do: fc.constant('flush' as const) }),
  ),
  { maxLength: 12 },
);
const outcomes = fc.array(
  fc.constantFrom<Outcome>(
    'taken',
    'taken but answer lost',
    'unknown error',
    'retry',
    'retry-slowly',
    'split',
    'drop',
  ),
  { maxLength: 12 },
);

it('accounts for every record at every moment, and counts as delivered only what the collector took', async () => {
  await fc.assert(
    fc.asyncProperty(
      steps,
      outcomes,
      fc.integer({ min: 0, max: 5000 }),
      async (script, results, deadlineMs) => {
        const deps = dependencies(0.5);
        const taken: SummaryLine[] = [];
        const exporter = new ScriptedExporter();
        const lane = new Lane(
          exporter,
          { ...laneOptions, include: ['window', 'stream'], queue: { maxRecords: 50, maxBytes: 3000 } },
          deps,
        );
        let offered = 0;
        const check = () => {
          const s = lane.stats();
          const places =
            s.filtered +
            s.queued +
            s.inFlight +
            s.delivered +
            s.droppedQueueFull +
            s.droppedRejected +
            s.droppedAtClose;
          expect({ offered: s.offered, places }).toEqual({ offered, places: offered });
          expect(Math.min(s.queued, s.inFlight)).toBeGreaterThanOrEqual(0);
          expect(s.queued + s.inFlight).toBeLessThanOrEqual(50);
        };
        const remaining = [...results];
        exporter.deliver = async (batch) => {
          check();
          await Promise.resolve();
          check();
          const outcome = remaining.shift() ?? 'taken';
          if (outcome.startsWith('taken')) taken.push(...batch);
          if (outcome === 'taken') return;
          if (outcome === 'taken but answer lost' || outcome === 'unknown error') throw new Error(outcome);
          throw new DeliveryError('ERR_EXPORT_UNAVAILABLE', outcome, { remedy: outcome });
        };
        for (const step of script) {
          if (step.do === 'offer') {
            const batch = step.kinds.map((kind, i) => line(offered + i, kind));
            offered += batch.length;
            lane.offer(batch);
          } else if (step.do === 'advance') await deps.clock.advance(step.ms);
          else void lane.flush(1000);
          check();
        }
        const closed = lane.close(deadlineMs);
        check();
        await deps.clock.advance(deadlineMs + 1000);
        await closed;
        check();

        const end = lane.stats();
        expect({ queued: end.queued, inFlight: end.inFlight, timers: deps.clock.pending }).toEqual({
          queued: 0,
          inFlight: 0,
          timers: 0,
        });
        const different = [...new Set(taken.map(({ id }) => Number(id)))];
        expect(different.length).toBeGreaterThanOrEqual(end.delivered);
        // In order, but for repetitions.
        expect(different).toEqual([...different].sort((a, b) => a - b));
      },
    ),
    { numRuns: 150 },
  );
});

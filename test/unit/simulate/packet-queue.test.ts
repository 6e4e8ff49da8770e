import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventHeap } from '../../../src/simulate/event-heap.js';
import { PacketQueue } from '../../../src/simulate/packet-queue.js';
import { StreamCalendar } from '../../../src/simulate/stream-calendar.js';

const sliceNs = 1000;

describe('PacketQueue', () => {
  it('gives all packets back in order of arrival, also from beyond its calendar', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3_000_000 }), { minLength: 1, maxLength: 300 }),
        (arrivals) => {
          const queue = new PacketQueue(sliceNs);
          for (const arrivalNs of arrivals) queue.file(queue.allocate(), arrivalNs);
          const taken: number[] = [];
          while (queue.waiting > 0) {
            const count = queue.take();
            for (const slot of queue.order.subarray(0, count)) taken.push(queue.arrivalNs[slot]!);
            queue.release(count);
          }
          expect(taken).toEqual([...arrivals].sort((a, b) => a - b));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('keeps packets whole while it grows and uses its slots again', () => {
    const queue = new PacketQueue(sliceNs);
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 10_000; i += 1) {
        const slot = queue.allocate();
        queue.stream[slot] = i;
        queue.sequence[slot] = i + round;
        queue.file(slot, round * sliceNs + (i % sliceNs));
      }
      const count = queue.take();
      expect(count).toBe(10_000);
      for (const slot of queue.order.subarray(0, count)) {
        expect(queue.sequence[slot]! - queue.stream[slot]!).toBe(round);
      }
      queue.release(count);
    }
    expect(queue.arrivalNs.length).toBe(16_384);
  });

  it('gives packets of the same time in the order they were filed', () => {
    const queue = new PacketQueue(sliceNs);
    for (let i = 0; i < 20; i += 1) {
      const slot = queue.allocate();
      queue.index[slot] = i;
      queue.file(slot, 500);
    }
    const count = queue.take();
    expect([...queue.order.subarray(0, count)].map((slot) => queue.index[slot])).toEqual([
      ...Array(20).keys(),
    ]);
  });
});

describe('StreamCalendar', () => {
  it('visits every stream in the slice of its next packet, those far ahead on the way too', () => {
    const calendar = new StreamCalendar(3, sliceNs);
    const due = [500, 2500, 5_000_000];
    due.forEach((ns, stream) => {
      calendar.add(stream, ns);
    });
    const visits: [number, number][] = [];
    for (let slice = 0; slice <= 5000; slice += 1) {
      calendar.take((stream) => {
        if (due[stream]! < (slice + 1) * sliceNs) visits.push([slice, stream]);
        else calendar.add(stream, due[stream]!);
      });
    }
    expect(visits).toEqual([
      [0, 0],
      [2, 1],
      [5000, 2],
    ]);
  });
});

describe('EventHeap', () => {
  it('runs events in order of time, those of one time in the order they came', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 200 }), (times) => {
        const heap = new EventHeap();
        const ran: [number, number][] = [];
        times.forEach((time, i) => {
          heap.add(time, () => ran.push([time, i]));
        });
        heap.runUntil(100);
        const wanted = times.map((time, i): [number, number] => [time, i]);
        expect(ran).toEqual(wanted.sort((a, b) => a[0] - b[0] || a[1] - b[1]));
      }),
      { numRuns: 50 },
    );
  });

  it('runs what an event adds for the same time too, and leaves what is later', () => {
    const heap = new EventHeap();
    const ran: string[] = [];
    heap.add(10, () => {
      ran.push('first');
      heap.add(10, () => ran.push('added'));
      heap.add(11, () => ran.push('later'));
    });
    heap.runUntil(10);
    expect({ ran, nextNs: heap.nextNs }).toEqual({ ran: ['first', 'added'], nextNs: 11 });
  });
});

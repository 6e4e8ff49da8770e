// The traffic of scripts/soak.mjs, in a process of its own: waves of streams, each of which begins when
// the one before has sent the first packet of its last stream. So as many streams begin each second as end.
// Argument: JSON { newStreams, everySeconds, sendSeconds, receiving, sending }. Runs until its channel closes.
import { benchAddon } from '../../dist/native/load.js';

const { newStreams, everySeconds, sendSeconds, receiving, sending } = JSON.parse(process.argv[2]);
const { BenchGenerator } = benchAddon();
const LOOK_MS = 1000;

/** Waves that send: generator and when it is to end, ms. */
const waves = [];
let begun = 0;
let sent = 0;

function begin() {
  const generator = new BenchGenerator({
    ...{ sender: 'sendmmsg', receiving, sending },
    streams: newStreams * everySeconds,
    firstStream: begun * newStreams * everySeconds,
    // Each stream sends once in `everySeconds`, so a wave of them needs just that to begin.
    packetsPerSecond: newStreams,
    cpu: -1,
  });
  generator.start();
  waves.push({ generator, endMs: performance.now() + 1000 * sendSeconds });
  begun++;
}

function look() {
  for (const { generator } of waves) {
    const { error } = generator.stats();
    if (error !== null) throw new Error(error);
  }
  while (waves.length > 0 && waves[0].endMs <= performance.now()) {
    const { generator } = waves.shift();
    generator.stop();
    sent += generator.stats().sent;
  }
  const running = waves.reduce((sum, { generator }) => sum + generator.stats().sent, 0);
  process.send?.({ sent: sent + running, begun: begun * newStreams * everySeconds });
}

begin();
setInterval(begin, 1000 * everySeconds);
setInterval(look, LOOK_MS);
process.on('disconnect', () => process.exit());

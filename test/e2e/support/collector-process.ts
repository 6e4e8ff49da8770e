// The collector as a process of its own, for a network namespace: tells by IPC
// where it listens and, when asked, what it has.
import { Collector } from '../collector.js';

const token = process.argv[2];
const collector = await Collector.start(token === undefined ? {} : { token });
process.on('message', () => process.send?.({ lines: collector.lines }));
process.on('disconnect', () => process.exit());
process.send?.({ url: collector.url });

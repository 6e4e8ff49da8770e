// The collector of scripts/soak.mjs, in a process of its own: takes every summary, keeps none, and tells
// how many came. Tells first where it listens.
import { createServer } from 'node:http';

const NEWLINE = 10;
const TELL_MS = 1000;
let lines = 0;
let bytes = 0;

const server = createServer((request, response) => {
  request.on('data', (chunk) => {
    bytes += chunk.length;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) lines++;
  });
  request.on('end', () => response.end());
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
setInterval(() => process.send?.({ lines, bytes }), TELL_MS);
process.on('disconnect', () => process.exit());

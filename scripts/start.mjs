// `npm start`: sets up, then shows the main job on packets that it makes itself:
// the daemon measures a simulated capture, a table updates on the terminal.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { exitWith, root } from './lib/process.mjs';
import { PROGRAM } from './lib/state.mjs';
import { setup } from './setup.mjs';

/** Runs the program in our place: its exit code is ours, signals go to it. */
function become(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
    const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      // A Ctrl-C at the terminal reaches the program by itself; twice would mean "at once".
      process.on(signal, () => (signal === 'SIGINT' && onTerminal) || child.kill(signal));
    }
    child.on('error', reject);
    child.on('close', (status, signal) => resolve(status ?? 128 + constants.signals[signal]));
  });
}

await exitWith(() => {
  setup();
  return become([join(root, PROGRAM), 'demo', ...process.argv.slice(2)]);
});

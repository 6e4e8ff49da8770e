// Standard output of commands: waits for a slow reader, and ends quietly when
// the reader is gone.
import { once } from 'node:events';
import { outputError } from '../ops/errors.js';

export class Output {
  #fault: unknown;

  constructor(private readonly stream: NodeJS.WriteStream = process.stdout) {
    stream.on('error', (error) => {
      this.#fault = error;
      // Whoever waits for room must wake up.
      stream.emit('drain');
    });
  }

  /** @throws RtpsondeError ERR_OUTPUT_PIPE, ERR_OUTPUT_FULL, ERR_OUTPUT */
  async write(text: string | Buffer): Promise<void> {
    this.#check();
    if (!this.stream.write(text)) await once(this.stream, 'drain');
    this.#check();
  }

  /** Resolves when everything has been handed to the system. */
  async flush(): Promise<void> {
    await new Promise<void>((resolve) => this.stream.write('', () => resolve()));
    this.#check();
  }

  #check(): void {
    if (this.#fault !== undefined) throw outputError('standard output', this.#fault);
  }
}

// A folder for each test file, configurations in it, and captures with known truth.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';
import { stringify } from 'yaml';
import { type SimulateRequest, simulate } from '../../../src/simulate/index.js';
import type { Summary } from '../../../src/summary/schema.js';

export class Scratch {
  readonly folder = mkdtempSync(join(tmpdir(), 'rtpsonde-e2e-'));
  #files = 0;

  path(name: string): string {
    return join(this.folder, name);
  }

  /** A name that no other file has. */
  fresh(suffix: string): string {
    this.#files++;
    return this.path(`${this.#files}${suffix}`);
  }

  write(name: string, content: string | Buffer): string {
    const path = this.path(name);
    writeFileSync(path, content);
    return path;
  }

  /** Writes a configuration; gives its path. */
  config(config: object, path = this.fresh('.yaml')): string {
    writeFileSync(path, stringify(config));
    return path;
  }

  capture(request: SimulateRequest): string {
    const path = this.fresh('.pcap');
    simulate(request, path);
    return path;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The lines of an NDJSON file or text as objects; a line that is not complete is left out. */
export function summariesOf(text: string): Summary[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Summary);
}

export function readSummaries(path: string): Summary[] {
  return existsSync(path) ? summariesOf(readFileSync(path, 'utf8')) : [];
}

const shared = fileURLToPath(new URL('../../../../shared/captures/', import.meta.url));

/** Path of a real capture; skips the test, and says so, where they are not at hand. */
export function realCapture(name: string, context: TestContext): string {
  const path = join(shared, name);
  if (!existsSync(path)) context.skip('the folder of real captures (../shared/captures) is not there');
  return path;
}

/** Skips the test with a reason; in CI, where everything is to be had, that is a failure. */
export function notRun(context: TestContext, why: string): never {
  if (['true', '1'].includes(process.env.CI ?? '')) throw new Error(`cannot run here: ${why}`);
  return context.skip(why);
}

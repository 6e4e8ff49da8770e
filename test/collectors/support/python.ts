// Python as an independent reader of files.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../e2e/support/program.js';

/**
 * A Python that has the package: the machine's, or one of our own beside the
 * build, made when the package index is at hand. Null when there is none.
 */
export function pythonWith(name: string): string | null {
  const folder = join(root, 'build', `python-${name}`);
  const own = join(folder, 'bin/python');
  const has = (python: string) => {
    try {
      execFileSync(python, ['-c', `import ${name}`], { stdio: 'pipe' });
      return true;
    } catch {
      return false;
    }
  };
  if (has('python3')) return 'python3';
  if (existsSync(own) && has(own)) return own;
  try {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'pipe' });
    execFileSync(own, ['-m', 'pip', '-q', 'install', name], { stdio: 'pipe', timeout: 240_000 });
    return own;
  } catch {
    console.log(`NOT RUN: no Python with ${name}`);
    return null;
  }
}

/** What a script prints, as JSON. */
export function runPython(python: string, script: string, ...args: string[]): unknown {
  return JSON.parse(
    execFileSync(python, ['-c', script, ...args], { encoding: 'utf8', maxBuffer: 1 << 30 }),
  ) as unknown;
}

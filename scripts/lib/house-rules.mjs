// Rules of the house that no linter knows: which C++ room may include which, that
// the core is free of Node, that measured time never comes from the wall clock,
// and that nothing of the machine it was written on stays in the files.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, root, StepError } from './process.mjs';
import { filesBelow } from './state.mjs';

const RANK = { base: 0, capture: 1, decode: 1, rtp: 1, stream: 2, window: 3, engine: 4, bench: 5 };
/** The interface through which packets reach the decoder; all else of capture stays there. */
const SHARED_HEADERS = ['core/capture/packet_source.h'];

/** Lines of the files for which `find` gives a reason, as `file:line: reason`. */
function faults(paths, find) {
  return paths.flatMap((path) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .flatMap((line, i) => {
        const reason = find(line, path);
        return reason ? [`${path}:${i + 1}: ${reason}`] : [];
      }),
  );
}

/** base <- {capture, decode, rtp} <- stream <- window <- engine <- bench <- addon, and no Node in the core. */
export function includeFaults() {
  const sources = filesBelow('native/core').filter((path) => /\.(h|cpp)$/.test(path));
  return faults(sources, (line, path) => {
    if (/#include\s*[<"](napi|node_api|js_native_api|node|uv|v8)\b/.test(line))
      return 'the core has never heard of Node';
    const header = /#include\s*"([^"]+)"/.exec(line)?.[1];
    if (header === undefined) return null;
    const [, , room] = path.split('/');
    const [top, other] = header.split('/');
    if (top !== 'core') return `includes are written from native/, not "${header}"`;
    if (room === other || SHARED_HEADERS.includes(header)) return null;
    return RANK[other] < RANK[room] ? null : `${room} does not include ${other}`;
  });
}

/** Windows and quality live on packet time. */
export function clockFaults() {
  const sources = [...filesBelow('src/windows'), ...filesBelow('src/quality')].filter((path) =>
    path.endsWith('.ts'),
  );
  return faults(sources, (line) =>
    /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(/.test(line)
      ? 'the wall clock has no place here'
      : null,
  );
}

/** Absolute paths of a working place, or addresses of a package registry, in files that belong to the repository. */
export function machineFaults() {
  // Written so that this very file does not match.
  const everywhere = '(^|[^A-Za-z0-9_./-])/([w]ork|[r]oot)/|registry\\.[n]pmjs\\.org';
  const inProduct = '(^|[^A-Za-z0-9_./-])/[t]mp/';
  const grep = (pattern, ...paths) => {
    const { status, stdout, stderr } = capture('git', [
      'grep',
      '--no-index',
      '--exclude-standard',
      '-nIE',
      pattern,
      '--',
      ...paths,
    ]);
    if (status > 1 || status < 0) throw new StepError(`git grep failed: ${stderr}`);
    return stdout.split('\n').filter(Boolean);
  };
  return [...grep(everywhere, '.'), ...grep(inProduct, 'src', 'native/core', 'native/addon')];
}

// From a YAML file to a complete configuration, or to the list of everything
// that is wrong with it.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { ConfigError } from './config-error.js';
import { interfacesOf } from './interfaces.js';
import { explain, formatPath } from './issues.js';
import { configJsonSchema, type JsonSchema } from './json-schema.js';
import { type Config, configSchema, type ExporterConfig, type ParsedConfig } from './schema.js';
import { Secret, type SecretLookup } from './secret.js';
import { secretsIn } from './secret-paths.js';
import { remarksOn } from './warnings.js';
import { type Problem, YamlText } from './yaml-document.js';

export type { Problem } from './yaml-document.js';

export interface LoadedConfig {
  config: Config;
  /** Allowed, but worth a word; in the order of the file. */
  warnings: Problem[];
}

export interface LoadOptions {
  /** Default: `process.env`. */
  environment?: NodeJS.ProcessEnv;
  /** False leaves secrets alone, for checking a file away from where it will run. Default: true. */
  lookUpSecrets?: boolean;
  /** Compiles `capture.filter`. Without it a wrong expression is found when the capture starts. */
  checkFilter?: FilterCheck;
}

/**
 * Whether a capture filter can be used, on an interface or on files. Throws an error with a `code`:
 * ERR_CAPTURE_FILTER when it cannot be used, any other when that cannot be told, as libpcap is not installed.
 */
export type FilterCheck = (expression: string, onInterface: boolean) => void;

/**
 * Reads and checks a configuration file.
 * @throws ConfigError with ERR_CONFIG_NOT_FOUND or ERR_CONFIG_INVALID
 */
export function loadConfig(file: string, options: LoadOptions = {}): LoadedConfig {
  return parseConfig(readText(file), file, options);
}

/**
 * As `loadConfig`, for a text at hand. Relative paths in it start at the folder of `file`.
 * @throws ConfigError with ERR_CONFIG_INVALID
 */
export function parseConfig(text: string, file: string, options: LoadOptions = {}): LoadedConfig {
  const yaml = new YamlText(text);
  const problems = yaml.syntaxProblems();
  if (!yaml.isReadable) throw ConfigError.invalid(file, problems);

  const parsed = validate(yaml, problems);
  if (parsed === null) throw ConfigError.invalid(file, inOrder(problems));

  const folder = dirname(resolve(file));
  const config = complete(parsed, folder);
  if (options.lookUpSecrets !== false)
    problems.push(...lookUpSecrets(config, yaml, folder, options.environment));
  const filter = filterFault(config, options.checkFilter);
  if (filter?.certain === true) problems.push(problemAt(yaml, FILTER_PATH, 'value', filter.message));
  if (problems.length > 0) throw ConfigError.invalid(file, inOrder(problems));

  const warnings = remarksOn(config).map(({ path, message }) => problemAt(yaml, path, 'value', message));
  if (filter !== null) warnings.push(problemAt(yaml, FILTER_PATH, 'value', filter.message));
  return { config, warnings: inOrder(warnings) };
}

// Far more than any configuration needs, and a stop for what never ends.
const MAX_BYTES = 4 * 1024 * 1024;

function readText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readBounded(file);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new ConfigError(
      'ERR_CONFIG_NOT_FOUND',
      `${file}: ${readFaults[reason] ?? `cannot be read (${reason})`}`,
    );
  }
  const whole = { line: 1, column: 1, path: '' };
  if (bytes.length > MAX_BYTES)
    throw ConfigError.invalid(file, [{ ...whole, message: 'larger than 4 MiB, so hardly a configuration' }]);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw ConfigError.invalid(file, [{ ...whole, message: 'is not UTF-8 text' }]);
  }
}

const readFaults: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EISDIR: 'is a directory',
  ENOTDIR: 'a part of the path is not a directory',
};

/** The file, or one byte more than `MAX_BYTES` of it: a pipe or device has no size to ask for. */
function readBounded(file: string): Buffer {
  const fd = openSync(file, 'r');
  try {
    const chunks: Buffer[] = [];
    let left = MAX_BYTES + 1;
    while (left > 0) {
      const chunk = Buffer.alloc(Math.min(left, 65_536));
      const bytes = readSync(fd, chunk);
      if (bytes === 0) break;
      chunks.push(chunk.subarray(0, bytes));
      left -= bytes;
    }
    return Buffer.concat(chunks);
  } finally {
    closeSync(fd);
  }
}

/** Checks against the schema; adds what is wrong to `problems` and gives null then. */
function validate(yaml: YamlText, problems: Problem[]): ParsedConfig | null {
  const refuse = (message: string) => {
    problems.push({ ...yaml.locate([], 'value'), path: '', message });
    return null;
  };
  let input: unknown;
  try {
    input = yaml.value();
  } catch (error) {
    return refuse(error instanceof Error ? error.message : 'cannot be read');
  }
  if (input === null || input === undefined)
    return refuse('the file is empty; it needs at least `capture` and `export`');
  if (typeof input !== 'object' || Array.isArray(input)) return refuse('expected a mapping of sections');

  const result = configSchema.safeParse(withoutEmptyMappings(input, configJsonSchema()));
  if (result.success) return result.data;
  for (const issue of result.error.issues)
    for (const { path, at, message } of explain(issue, input))
      problems.push(problemAt(yaml, path, at, message));
  return null;
}

// A mapping whose keys are all commented out reads as null; it means the defaults.
function withoutEmptyMappings(value: unknown, schema: JsonSchema | undefined): unknown {
  const properties = schema?.properties;
  if (properties === undefined || typeof value !== 'object' || value === null || Array.isArray(value))
    return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, child]) => child !== null || properties[key]?.type !== 'object')
      .map(([key, child]) => [key, withoutEmptyMappings(child, properties[key])]),
  );
}

/** Fills in what the schema cannot know: host name, absolute paths, names of exporters. */
function complete(parsed: ParsedConfig, folder: string): Config {
  const absolute = (path: string) => resolve(folder, path);
  const { files, followPattern } = parsed.capture;
  return {
    ...parsed,
    probe: { name: parsed.probe.name ?? hostname() },
    capture: {
      ...parsed.capture,
      ...(files === undefined ? {} : { files: files.map(absolute) }),
      ...(followPattern === undefined ? {} : { followPattern: absolute(followPattern) }),
    },
    ...(parsed.spool.path === undefined
      ? {}
      : { spool: { ...parsed.spool, path: absolute(parsed.spool.path) } }),
    export: withNames(parsed.export).map((exporter) => withAbsolutePaths(exporter, absolute)),
  };
}

function withNames(exporters: ParsedConfig['export']): ExporterConfig[] {
  const taken = new Set(exporters.map(({ name }) => name));
  return exporters.map((exporter): ExporterConfig => {
    let name = exporter.name ?? exporter.type;
    for (let n = 2; exporter.name === undefined && taken.has(name); n++) name = `${exporter.type}-${n}`;
    taken.add(name);
    return { ...exporter, name };
  });
}

/** Paths are relative to the folder of the configuration; keys of paths end with `File`. */
function withAbsolutePaths(exporter: ExporterConfig, absolute: (path: string) => string): ExporterConfig {
  const complete = withAbsoluteFiles(exporter, absolute);
  return complete.type === 'file' ? { ...complete, path: absolute(complete.path) } : complete;
}

function withAbsoluteFiles<T extends object>(options: T, absolute: (path: string) => string): T {
  const entries = Object.entries(options).map(([key, value]: [string, unknown]) => {
    if (typeof value === 'string' && key.endsWith('File')) return [key, absolute(value)];
    const isSection = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isSection || value instanceof Secret) return [key, value];
    return [key, withAbsoluteFiles(value, absolute)];
  });
  return Object.fromEntries(entries) as T;
}

function lookUpSecrets(
  config: Config,
  yaml: YamlText,
  folder: string,
  environment: NodeJS.ProcessEnv = process.env,
): Problem[] {
  const lookup: SecretLookup = {
    environment,
    readFile: (path) => readFileSync(path, 'utf8'),
    resolvePath: (path) => resolve(folder, path),
  };
  return secretsIn(config.export, ['export']).flatMap(({ path, secret }) => {
    const problem = secret.resolve(lookup);
    return problem === null ? [] : [problemAt(yaml, path, 'value', problem)];
  });
}

const FILTER_PATH = ['capture', 'filter'];

/** What is wrong with the capture filter; not certain when nothing here can compile it. */
function filterFault(
  { capture }: Config,
  checkFilter: FilterCheck | undefined,
): { message: string; certain: boolean } | null {
  if (capture.filter === undefined || checkFilter === undefined) return null;
  try {
    // By AF_XDP packets are filtered as those of files are.
    checkFilter(capture.filter, interfacesOf(capture).length > 0 && capture.method === 'packet');
    return null;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const certain = error instanceof Error && 'code' in error && error.code === 'ERR_CAPTURE_FILTER';
    return { message: certain ? message : `cannot be checked: ${message}`, certain };
  }
}

function problemAt(
  yaml: YamlText,
  path: readonly PropertyKey[],
  at: 'key' | 'value',
  message: string,
): Problem {
  return { ...yaml.locate(path, at), path: formatPath(path), message };
}

function inOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}

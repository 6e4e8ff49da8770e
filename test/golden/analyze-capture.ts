// A capture file through the engine and the summaries, in this process: what
// `rtpsonde analyze --json` does, without its output.
import { parsePayloadTypes } from '../../src/cli/analyze-options.js';
import { defaults } from '../../src/config/defaults.gen.js';
import { toEngineOptions } from '../../src/config/engine-options.js';
import { KIND_STREAM } from '../../src/native/block.js';
import { createEngine } from '../../src/native/load.js';
import { staticPayloadTypeOptions, summaryContext } from '../../src/summary/context.js';
import { SummaryPipeline } from '../../src/summary/pipeline.js';
import type { Summary } from '../../src/summary/schema.js';
import { BlockPump } from '../../src/windows/block-pump.js';

export interface AnalyzeCaptureOptions {
  /** Meaning of dynamic payload types, for example `{ 111: 'opus/48000' }`; default: none. */
  payloadTypes?: Readonly<Record<number, string>>;
  /** Width of a window; default: that of the program. */
  windowSeconds?: number;
  /** With the windows of each stream, which are left out by default. */
  windows?: boolean;
  /** Threads that measure; default: one. */
  workers?: number;
  /** Good packets that end a burst; default: that of the program. */
  gmin?: number;
  /** Levels of G.711; off by default. */
  speechLevel?: boolean;
  /** Id of the header extension of RFC 5450; none by default. */
  transmissionOffsetExtension?: number;
  /** Capture filter; none by default. */
  filter?: string;
}

/**
 * All summaries of a capture file, in the order in which they leave the probe.
 * @throws RtpsondeError when the engine fails; a file that is damaged is no failure
 */
export async function analyzeCapture(path: string, options: AnalyzeCaptureOptions = {}): Promise<Summary[]> {
  const { measure, capture } = defaults;
  const types = Object.entries(options.payloadTypes ?? {}).map(([number, text]) => `${number}=${text}`);
  const config = {
    ...defaults,
    measure: {
      ...measure,
      windowSeconds: options.windowSeconds ?? measure.windowSeconds,
      burstGap: { ...measure.burstGap, gmin: options.gmin ?? measure.burstGap.gmin },
      speechLevel: options.speechLevel ?? measure.speechLevel,
      transmissionOffsetExtension: options.transmissionOffsetExtension ?? measure.transmissionOffsetExtension,
      payloadTypes: await parsePayloadTypes(types),
    },
    capture: { ...capture, files: [] },
    probe: { name: 'golden' },
  };
  const engine = createEngine({
    ...toEngineOptions(config, staticPayloadTypeOptions),
    workers: options.workers ?? 1,
    source: {
      kind: 'files',
      paths: [path],
      follow: false,
      followPattern: '',
      replaySpeed: 0,
      filter: options.filter ?? '',
    },
  });
  const all: Summary[] = [];
  engine.start();
  try {
    const pipeline = new SummaryPipeline(summaryContext(config, null), {
      sink: (lines) => void all.push(...lines.map((line) => line.parse())),
      wants: ({ kind }) => options.windows === true || kind === KIND_STREAM,
    });
    await new BlockPump(engine, (block) => pipeline.consume(block)).run();
  } finally {
    engine.stop();
  }
  return all;
}

// The simulation of captures with known truth, for demonstrations, tests and
// benchmarks.
export { codecNames, findCodec, telephoneEventPayloadType } from './codecs.js';
export type { SpecialFacts, TunnelFacts } from './delivery.js';
export { encapsulationHelp } from './encapsulation/layer.js';
export { linkKinds } from './encapsulation/link.js';
export type { DirectionOptions, SpanDrops } from './leg-options.js';
export type { DelayStep, GroupOptions, JitterShape, MediaOptions, SimulateOptions } from './options.js';
export { defaultOptions } from './options.js';
export { type Profile, presets, profiles } from './presets.js';
export type { SimulateRequest } from './resolve.js';
export { resolveOptions } from './resolve.js';
export { type FeedbackKind, feedbackKinds } from './rtcp-options.js';
export { type OnProgress, simulate } from './simulate.js';
export { type StreamFacts, type Totals, type Truth, truthPath } from './truth.js';
export { allXrTypes } from './xr-blocks.js';

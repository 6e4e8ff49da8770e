// Every finding by its id, in the order of the document and of the report.
import type { FindingInfo } from './finding.js';
import { card } from './topics/card.js';
import { clock } from './topics/clock.js';
import { deployment } from './topics/deployment.js';
import { link } from './topics/link.js';
import { loss } from './topics/loss.js';
import { offloads } from './topics/offloads.js';
import { processor } from './topics/processor.js';
import { rights } from './topics/rights.js';
import { traffic } from './topics/traffic.js';

/** Findings by topic; the names are headings of docs/doctor.md. */
export const topics = {
  Rights: rights,
  'The interface': link,
  'What arrives': traffic,
  'What is lost': loss,
  Offloads: offloads,
  'The card': card,
  'CPU and memory': processor,
  'The clock': clock,
  'Configuration and service': deployment,
} as const satisfies Record<string, Record<string, FindingInfo>>;

/** All of them. Ids are stable: scripts may rely on them. */
export const catalogue = {
  ...rights,
  ...link,
  ...traffic,
  ...loss,
  ...offloads,
  ...card,
  ...processor,
  ...clock,
  ...deployment,
} as const satisfies Record<string, FindingInfo>;

export type FindingId = keyof typeof catalogue;

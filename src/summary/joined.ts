// What stands beside a record when it becomes a summary: its RTCP report, and what
// other streams say of it.
import type { ReportView } from '../native/record.gen.js';
import type { DirectionFacts } from '../windows/direction-facts.js';

export interface Joined {
  /** What RTCP said of the stream; null when nothing. */
  report: ReportView | null;
  direction: DirectionFacts;
}

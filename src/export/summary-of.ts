// A summary line as an object again, for exporters that do not send it as it is.
import type { Summary } from '../summary/schema.js';
import type { SummaryLine } from './exporter.js';

export const summaryOf = (line: SummaryLine): Summary => JSON.parse(line.json) as Summary;

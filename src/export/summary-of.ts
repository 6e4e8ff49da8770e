// A summary line as an object, for collectors that need its fields.
import type { Summary } from '../summary/schema.js';
import type { SummaryLine } from './exporter.js';

export const summaryOf = (line: SummaryLine): Summary => JSON.parse(line.json) as Summary;

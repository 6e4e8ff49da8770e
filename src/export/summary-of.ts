// A line as the object that it tells; dear, for collectors that need single fields.
import type { Summary } from '../summary/schema.js';
import type { SummaryLine } from './exporter.js';

export const summaryOf = (line: SummaryLine): Summary => JSON.parse(line.json) as Summary;

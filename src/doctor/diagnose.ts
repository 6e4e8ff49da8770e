// Runs every check of the catalogue over the facts.
import { catalogue } from './catalogue.js';
import type { Facts } from './facts.js';
import type { Finding, FindingInfo, Verdict } from './finding.js';

/** Worst first. */
const LEVELS = ['error', 'warning', 'note', 'unknown', 'ok'] as const satisfies readonly Finding['level'][];

/** Exit codes of the command: by its worst finding. */
export const EXIT_CODES = { ok: 0, warning: 1, error: 2 } as const;

/** Every check that applies with its result, worst first, then in the order of the catalogue. */
export function diagnose(
  facts: Facts,
  entries: Readonly<Record<string, FindingInfo>> = catalogue,
): Finding[] {
  const findings = Object.entries(entries).flatMap(([id, info]) => {
    const verdicts = info.check(facts) ?? [];
    return ('state' in verdicts ? [verdicts] : verdicts).map((verdict) =>
      toFinding(id, info, verdict, facts),
    );
  });
  return findings.sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
}

/** The findings of further interfaces that say something which none before them said. */
export function notToldBefore(findings: readonly Finding[], before: readonly Finding[]): Finding[] {
  const textOf = ({ id, level, observed, mend }: Finding) => JSON.stringify([id, level, observed, mend]);
  const told = new Set(before.map(textOf));
  return findings.filter((finding) => !told.has(textOf(finding)));
}

/** 2 with an error, 1 with a warning, else 0: notes and what is not known change nothing. */
export function exitCodeOf(findings: readonly Finding[]): number {
  const has = (level: Finding['level']) => findings.some((finding) => finding.level === level);
  if (has('error')) return EXIT_CODES.error;
  return has('warning') ? EXIT_CODES.warning : EXIT_CODES.ok;
}

function toFinding(id: string, info: FindingInfo, verdict: Verdict, facts: Facts): Finding {
  const { title, meaning, mend, severity } = info;
  const values: Verdict['values'] = { interface: facts.named?.name ?? '', ...verdict.values };
  return {
    id,
    level: verdict.state === 'found' ? severity : verdict.state,
    title,
    observed: verdict.observed,
    meaning,
    mend: mend.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)),
  };
}

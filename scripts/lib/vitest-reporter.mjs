// A vitest reporter that leaves what scripts/test.mjs counts and lists in the
// JSON file named by RTPSONDE_TEST_REPORT; unlike vitest's own JSON it has the
// reason that a test gave when it skipped itself.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

export default class CountingReporter {
  /** @param modules one TestModule per file; @param errors what nobody caught */
  onTestRunEnd(modules, errors) {
    const report = { passed: 0, failed: errors.length, skipped: [] };
    for (const module of modules) {
      const file = relative(process.cwd(), module.moduleId);
      let failedHere = 0;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') report.passed++;
        else if (result.state === 'skipped')
          report.skipped.push({ name: `${file} > ${test.fullName}`, why: result.note ?? '' });
        else failedHere++;
      }
      // A file that could not be loaded, or whose hooks failed, has no failed test to show for it.
      if (failedHere === 0 && module.state() === 'failed') failedHere = 1;
      report.failed += failedHere;
    }
    writeFileSync(process.env.RTPSONDE_TEST_REPORT, JSON.stringify(report));
  }
}

// All commands in one program.
import { Command } from 'commander';
import { version } from '../version.js';
import { registerAnalyze } from './analyze.js';
import { registerCheckConfig } from './check-config.js';
import { registerDemo } from './demo.js';
import { registerMos } from './mos.js';
import { registerRun } from './run.js';
import { registerSimulate } from './simulate.js';

export function createProgram(): Command {
  const program = new Command('rtpsonde')
    .description('RTP quality probe for a SPAN or mirror port')
    .version(version)
    .showHelpAfterError('(rtpsonde --help tells more)');
  registerRun(program);
  registerCheckConfig(program);
  registerAnalyze(program);
  registerMos(program);
  registerSimulate(program);
  registerDemo(program);
  return program;
}

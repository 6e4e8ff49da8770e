import { describe, expect, it } from 'vitest';
import { LiveView, ratingLines, type Screen } from '../../../src/cli/live-view.js';
import { captureOf, window } from './summaries.js';

class FakeScreen implements Screen {
  text = '';
  constructor(
    readonly isTTY: boolean,
    readonly columns = 80,
    readonly rows = 24,
  ) {}
  write(text: string): void {
    this.text += text;
  }
}

const capture = (packets: number) => captureOf({ counters: { packets, rtp: packets - 3, rtcp: 1, tcp: 2 } });
const opus = { payloadType: 111, clockRate: 48000, timestampStep: 960 };
const twoWindows = (view: LiveView) => {
  view.add([window(), window({ streamId: 2n, lost: 9 })]);
  view.add([capture(100)]);
  view.add([window(opus), capture(50)]);
};

/** What a terminal shows after the text; it knows what the view uses: up, clear line, clear below, colours. */
function shown(text: string): string[] {
  const lines: string[] = [''];
  let row = 0;
  let column = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ANSI sequences begin with ESC
  for (const part of text.split(/(\u001b\[\d*[A-Za-z]|\n)/)) {
    const before = (lines[row] ?? '').slice(0, column);
    const [, count, command] = /\[(\d*)([A-Z])$/.exec(part) ?? [];
    if (part === '\n') {
      row++;
      column = 0;
      lines[row] ??= '';
    } else if (command === 'A') row -= Number(count);
    else if (command === 'K') lines[row] = before;
    else if (command === 'J') lines.splice(row, lines.length, before);
    else if (!part.startsWith('\u001b')) {
      lines[row] = before + part + (lines[row] ?? '').slice(column + part.length);
      column += part.length;
    }
  }
  return lines;
}

describe('the live view', () => {
  it('redraws in place on a terminal, in lines that never wrap', () => {
    const screen = new FakeScreen(true);
    const view = new LiveView(screen);
    twoWindows(view);
    view.close();
    const lines = shown(screen.text);
    expect(lines).toEqual([
      'Window 2, 00:00:10 to 00:00:20 UTC: 1 stream',
      'FB  1 excellent',
      '',
      ' MOS  scale  loss %  side  jitter ms  codec  source          destination',
      '4.40  FB       0.00  -          0.25  opus   192.0.2.1:4000  198.51.100.2:5000',
      '',
      '150 packets so far: 144 RTP, 2 RTCP, 4 other, 0 dropped',
      '',
    ]);
  });

  it('fits as many of the worst as the terminal has lines for', () => {
    const screen = new FakeScreen(true, 80, 18);
    const view = new LiveView(screen);
    view.add([...Array(30).keys()].map((i) => window({ streamId: BigInt(i), lost: i })));
    view.add([capture(1500)]);
    const lines = shown(screen.text);
    expect(lines.length).toBeLessThanOrEqual(18);
    expect(lines.filter((line) => line.includes('198.51.100.2')).length).toBe(7);
  });

  it('writes a line a window and the last table where there is no terminal', () => {
    const screen = new FakeScreen(false);
    const view = new LiveView(screen);
    twoWindows(view);
    view.close();
    view.close();
    expect(screen.text.split('\n')).toEqual([
      'Window 1, 00:00:10 to 00:00:20 UTC: 2 streams; NB  1 excellent, 1 bad',
      'Window 2, 00:00:10 to 00:00:20 UTC: 1 stream; FB  1 excellent',
      '',
      expect.stringContaining('MOS  scale  rating'),
      expect.stringContaining('opus'),
      '',
      '150 packets so far: 144 RTP, 2 RTCP, 4 other, 0 dropped',
      '',
    ]);
  });

  it('says nothing of a window without streams', () => {
    const screen = new FakeScreen(false);
    const view = new LiveView(screen);
    view.add([capture(10)]);
    view.close();
    expect(screen.text).toBe('');
  });
});

it('ratings are counted on each scale by itself', () => {
  const rows = [window(), window(), window({ lost: 9 }), window(opus), window({ payloadType: 9 })];
  expect(ratingLines([...rows, window({ payloadType: 120, mediaKind: 0 })])).toEqual([
    'NB  2 excellent, 1 bad',
    'WB  1 excellent',
    'FB  1 excellent',
    '--  1 not rated (codec unknown, or no audio)',
  ]);
});

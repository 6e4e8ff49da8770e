import { expect, it } from 'vitest';
import { NumberRows, RowCursor } from '../../../src/windows/number-rows.js';

class Cursor extends RowCursor {
  get float(): number {
    return this.floats[this.floatsAt + 1]!;
  }
  set float(value: number) {
    this.floats[this.floatsAt + 1] = value;
  }
  get word(): number {
    return this.words[this.wordsAt + 2]!;
  }
  set word(value: number) {
    this.words[this.wordsAt + 2] = value;
  }
}

it('rows of several pieces keep their numbers apart', () => {
  const rows = new NumberRows(2, 3);
  const cursor = new Cursor(rows);
  const numbers = Array.from({ length: 5000 }, () => rows.add());
  expect(new Set(numbers).size).toBe(5000);
  expect(numbers).not.toContain(0);
  for (const row of numbers) {
    cursor.moveTo(row);
    cursor.float = row / 2;
    cursor.word = row;
  }
  for (const row of numbers) {
    cursor.moveTo(row);
    expect([cursor.row, cursor.float, cursor.word]).toEqual([row, row / 2, row]);
  }
  expect([rows.used, rows.end]).toEqual([5000, 5001]);
});

it('a row that was given back comes again, full of zeros', () => {
  const rows = new NumberRows(2, 3);
  const cursor = new Cursor(rows);
  const numbers = [rows.add(), rows.add(), rows.add()];
  for (const row of numbers) {
    cursor.moveTo(row);
    cursor.float = 1;
    cursor.word = 1;
  }
  for (const row of numbers) rows.remove(row);
  expect(rows.used).toBe(0);
  const again = [rows.add(), rows.add(), rows.add()];
  expect(again.toSorted()).toEqual(numbers);
  for (const row of again) {
    cursor.moveTo(row);
    expect([cursor.float, cursor.word]).toEqual([0, 0]);
  }
  expect(rows.end).toBe(4);
});

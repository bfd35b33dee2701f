import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { SeenLog } from '../../mocks/control/seen-log.js';

const AT = '2026-01-02T03:04:05.678Z';
let directory: string;
let file: string;
const open = () => new SeenLog(file, () => new Date(AT));
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'seen-'));
  file = join(directory, 'seen.ndjson');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('the witness', () => {
  it('has a line on disk as soon as append returns', () => {
    const log = open();
    expect(log.append([{ action: 'ÇĞİ', kimlikNo: '1', answered: true }])).toEqual([1]);
    expect(readFileSync(file, 'utf8')).toBe(
      `{"n":1,"at":"${AT}","action":"ÇĞİ","kimlikNo":"1","answered":true}\n`,
    );
    log.close();
  });

  it('gives pages of 1,000, complete and in order, whatever the bytes of a character', () => {
    const log = open();
    for (let index = 0; index < 2_500; index += 1) log.append([{ action: `İ${index}`, answered: true }]);
    const actions: string[] = [];
    let after = 0;
    for (;;) {
      const page = log.page(after);
      if (page.requests.length === 0) break;
      expect(page.requests.length).toBeLessThanOrEqual(1_000);
      actions.push(...page.requests.map((item) => item.action));
      after = page.next;
    }
    expect(actions).toEqual(Array.from({ length: 2_500 }, (_none, index) => `İ${index}`));
    log.close();
  });

  it('corrects items without renumbering them, also after it was opened again', () => {
    const log = open();
    const numbers = log.append([
      { action: 'a', answered: false },
      { action: 'b', answered: false },
    ]);
    log.append([{ action: 'c', answered: true }]);
    log.settle(numbers, true);
    log.append([{ action: 'd', answered: false }]);
    const page = log.page(0);
    expect(page.requests.map((item) => [item.n, item.action, item.answered])).toEqual([
      [1, 'a', true],
      [2, 'b', true],
      [3, 'c', true],
      [4, 'd', false],
    ]);
    log.close();
    const again = open();
    expect(again.page(0)).toEqual(page);
    expect(again.append([{ action: 'e', answered: true }])).toEqual([5]);
    again.close();
  });

  it('cuts off a line that a crash tore and goes on behind the last whole one', () => {
    const log = open();
    log.append([{ action: 'a', answered: true }]);
    log.close();
    appendFileSync(file, '{"n":2,"at":"2026');
    const again = open();
    expect(again.page(0).requests.map((item) => item.action)).toEqual(['a']);
    expect(again.append([{ action: 'b', answered: true }])).toEqual([2]);
    expect(again.page(1).requests.map((item) => item.action)).toEqual(['b']);
    again.close();
  });
});

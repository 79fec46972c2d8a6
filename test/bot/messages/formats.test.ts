import { describe, expect, test } from '@jest/globals';
import { catalogue } from '../../../src/bot/messages/catalogue.js';
import { name, say } from '../../../src/bot/messages/line.js';
import { plainLine } from '../../../src/bot/messages/render.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('as the language writes it', () => {
  test.each([
    [0, '0 sec', '0 秒'],
    [59.6 * SECOND, '1 min', '1 分钟'],
    [3 * MINUTE + 5 * SECOND, '3 min 5 sec', '3 分钟 5 秒'],
    [HOUR + 5 * SECOND, '1 hr 5 sec', '1 小时 5 秒'],
    [1_234 * HOUR + 2 * MINUTE + SECOND, '1,234 hr 2 min', '1,234 小时 2 分钟'],
  ])('%d ms', (ms, en, zh) => {
    expect([catalogue('en').formats.duration(ms), catalogue('zh').formats.duration(ms)]).toEqual([en, zh]);
  });

  test('lists', () => {
    const items = ['a', 'b', 'c'].map((item) => say`${name(item)}`);
    const list = (language: 'en' | 'zh', count: number) =>
      plainLine(catalogue(language).formats.list(items.slice(0, count)), language);
    expect([1, 2, 3].map((count) => list('en', count))).toEqual(['a', 'a and b', 'a, b, and c']);
    expect([1, 2, 3].map((count) => list('zh', count))).toEqual(['a', 'a、b', 'a、b、c']);
  });

  test('counts', () => {
    expect(catalogue('en').formats.instances(12_345)).toBe('12,345 instances');
    expect(catalogue('zh').formats.instances(12_345)).toBe('12,345 台实例');
  });
});

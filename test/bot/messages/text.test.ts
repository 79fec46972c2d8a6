import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { say, userGroup } from '../../../src/bot/messages/line.js';
import { render } from '../../../src/bot/messages/render.js';
import { clean, clip, escaped, neutralise } from '../../../src/bot/messages/text.js';

describe('clip', () => {
  test.each([
    ['short', 10, 'short'],
    ['exactly 10', 10, 'exactly 10'],
    ['one longer!', 10, 'one longe…'],
    ['生产服务器', 3, '生产…'],
    ['👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 12, '👩‍👩‍👧‍👦…'],
    ['👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 11, '…'],
    ['e\u0301e\u0301', 3, 'e\u0301…'],
  ])('%j to %d', (text, max, expected) => expect(clip(text, max)).toBe(expected));

  test('it is never longer than allowed, and never cuts a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (text, max) => {
        const clipped = clip(text, max);
        expect(clipped.length).toBeLessThanOrEqual(max);
        expect(clipped).not.toMatch(/\p{Surrogate}/u);
        expect(text.startsWith(clipped.replace(/…$/u, ''))).toBe(true);
      }),
    );
  });
});

describe('clean', () => {
  test.each([
    ['  a \n\t b ', 'a b'],
    ['a\u0000b\u001b', 'ab'],
    ['\u202Egpj.exe', 'gpj.exe'],
    ['\uD800', '\uFFFD'],
    ['שרת', '\u2068שרת\u2069'],
    ['👩‍👧', '👩‍👧'],
  ])('%j', (text, expected) => expect(clean(text)).toBe(expected));

  test('a name that runs right to left stays closed off when it is cut', () => {
    expect(clip(clean('שרת הייצור הראשי'), 8)).toMatch(/^\u2068.{5}…\u2069$/u);
  });
});

describe('in a message’s text', () => {
  test.each([
    ['web-1', 'web-1'],
    ['生产 服务器', '生产 服务器'],
    ['a_b', '`a_b`'],
    ['*bold*', '`*bold*`'],
    ['`code`', "`'code'`"],
    [':bomb:', '`:bomb:`'],
    ['@channel', '`@channel`'],
    ['<!channel>', '`&lt;!channel&gt;`'],
    ['<!subteam^S0ONCALL>', '`&lt;!subteam^S0ONCALL&gt;`'],
    ['https://evil.example', '`https://evil.example`'],
  ])('%j', (text, expected) => expect(neutralise(text)).toBe(expected));

  test('Slack’s own three signs are escaped once', () =>
    expect(escaped('a & <b> &lt;')).toBe('a &amp; &lt;b&gt; &amp;lt;'));
});

describe('a user group', () => {
  test('is called by its id, in blocks and in text', () => {
    const { text, blocks } = render({ paragraphs: [[say`for ${userGroup('S0ONCALL')}`]] }, 'en');
    expect(text).toBe('for <!subteam^S0ONCALL>');
    expect(JSON.stringify(blocks)).toContain('{"type":"usergroup","usergroup_id":"S0ONCALL"}');
  });

  test('is not called by what is no id', () => {
    const { text, blocks } = render({ paragraphs: [[say`for ${userGroup('S0|x> <!channel')}`]] }, 'en');
    expect(text).not.toMatch(/<!(subteam|channel)/);
    expect(JSON.stringify(blocks)).not.toContain('usergroup');
  });
});

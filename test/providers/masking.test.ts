import { describe, expect, test } from '@jest/globals';
import { VendorFailure } from '../../src/providers/failures.js';
import { guard } from '../../src/providers/guard.js';
import { makeMask } from '../../src/providers/masking.js';
import { createReferenceProvider } from './reference/provider.js';

const SECRET = 'caña/+ry=%~ key';

describe('a secret is masked', () => {
  const bytes = Buffer.from(SECRET);
  test.each([
    ['as it is', SECRET],
    ['in an address', encodeURIComponent(SECRET)],
    ['in an address, in small letters', encodeURIComponent(SECRET).replace(/%../g, (byte) => byte.toLowerCase())],
    ['in a form', encodeURIComponent(SECRET).replaceAll('%20', '+')],
    ['encoded twice', encodeURIComponent(encodeURIComponent(SECRET))],
    ['in hex', bytes.toString('hex')],
    ['in base64', bytes.toString('base64').replace(/=+$/, '')],
    ['in base64 for addresses', bytes.toString('base64url')],
  ])('%s', (_how, form) => {
    const masked = makeMask([SECRET])(`before:${form}:after`);
    expect(masked).toMatch(/^before:.{0,1}\*\*\*.{0,2}:after$/);
  });

  test.each(['a:', 'ab:', 'abc:'])('in base64 behind %s', (before) => {
    const whole = Buffer.from(`${before}${SECRET}:after`).toString('base64');
    const masked = makeMask([SECRET])(whole);
    expect(masked).toContain('***');
    const left = masked.split('***').map((part) => Buffer.from(part, 'base64').toString());
    expect(left.join()).not.toMatch(/ry=|key/);
  });

  test('inside JSON', () => {
    const secret = 'quo"te\\d-secret';
    expect(makeMask([secret])(JSON.stringify({ secret }))).toBe('{"secret":"***"}');
  });

  test('over a line break, and where a line break was put into it', () => {
    expect(makeMask(['first\nsecond'])('x first\nsecond y')).toBe('x *** y');
    expect(makeMask(['first second'])('x first\r\nsecond y')).toBe('x *** y');
  });

  test('the longer one of two first', () => {
    expect(makeMask(['secret', 'secret-and-more'])('secret-and-more secret')).toBe('*** ***');
  });

  test('before the text is cut', () => {
    const masked = makeMask(['secret-secret'])(`${'x'.repeat(294)}secret-secret`);
    expect(masked).toBe(`${'x'.repeat(294)}***`);
    expect(makeMask(['first second'])(`${'x'.repeat(294)}first\nsecond`)).toBe(`${'x'.repeat(294)}***`);
  });
});

describe('a message', () => {
  test('is one line of at most 300 characters', () => {
    expect(makeMask([])('\ta\r\n\u0000b\u2028c\u001b[31m ')).toBe('a b c [31m');
    expect(makeMask([])('x'.repeat(1000))).toHaveLength(300);
  });

  test('is left alone by empty and very short secrets', () => {
    expect(makeMask(['', 'a', 'abc'])('an abc of errors')).toBe('an abc of errors');
  });
});

test('the guard masks whatever words of the vendor it hands on', async () => {
  const words = { code: `Code.${SECRET}`, message: `it was ${SECRET}`, requestId: `req-${SECRET}` };
  const operation = { id: 'task-1', state: 'failed', code: words.code, message: words.message } as const;
  const instance = { id: 'vm-0001', name: '', state: 'stopped', vendorState: '', os: 'linux', keyPairs: [] } as const;
  const sound = createReferenceProvider({ url: 'http://127.0.0.1:1', secret: SECRET });
  const provider = guard(
    {
      ...sound,
      readInstances: async () => [{ ...instance, operation }],
      listInstances: async () => ({ items: [{ ...instance, operation }] }),
      listKeyPairs: () => Promise.reject(new VendorFailure(words)),
      detach: async ({ instanceIds }) => ({
        requestId: words.requestId,
        replies: instanceIds.map((instanceId) => ({ instanceId, ok: false, ...words })),
      }),
      attach: async () => ({ requestId: words.requestId, replies: [{ instanceId: 'vm-0001', ok: true }] }),
      power: () => Promise.reject(new TypeError(words.message)),
    },
    { account: 'prod', timeoutMs: 1000, secrets: [SECRET], now: () => 0, onCall: (call) => answers.push(call) },
  );
  const answers: unknown[] = [];
  const keyPair = { name: 'key-one', id: 'kp-000001' };
  const write = { instanceIds: ['vm-0001'], token: 'token', keyPair };
  const call = { region: 'north-1' };
  answers.push(await provider.readInstances({ instanceIds: ['vm-0001'] }, call));
  answers.push(await provider.listInstances({ keyPair }, call), await provider.listKeyPairs(call));
  for (const written of [await provider.detach(write, call), await provider.attach(write, call)]) {
    answers.push({ ...written, instances: [...written.instances] });
  }
  answers.push([...(await provider.power({ ...write, action: 'stop' }, call)).instances]);
  const text = JSON.stringify(answers);
  expect(text).not.toContain(SECRET);
  expect(text.match(/\*\*\*/g)?.length).toBeGreaterThanOrEqual(12);
});

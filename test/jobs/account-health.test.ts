import { describe, expect, it } from '@jest/globals';
import { type CallEnd, healthOf, type Sign, type Signs, signOf } from '../../src/jobs/account-health.js';
import { ERROR_KINDS } from '../../src/providers/failures.js';

const call = (more: Partial<CallEnd> = {}): CallEnd => ({
  account: 'prod-hz',
  operation: 'readInstances',
  ms: 100,
  ok: true,
  ...more,
});

describe('a call is a sign', () => {
  it.each<[string, Partial<CallEnd>, Sign | undefined]>([
    ['of health, when answered', {}, 'well'],
    ['of slowness, when answered late', { ms: 5_000 }, 'slow'],
    ['of slowness, when we are to wait', { ok: false, kind: 'rate-limited' }, 'slow'],
    ['of silence, when not answered', { ok: false, kind: 'timeout' }, 'silent'],
    ['of credentials that fail', { ok: false, kind: 'auth' }, 'credentials'],
    ['of a right that is missing', { ok: false, kind: 'forbidden' }, 'rights'],
    ['of health, when what was asked for is not there', { ok: false, kind: 'not-found' }, 'well'],
    ['of nothing, when we gave it up', { ok: false, kind: 'aborted' }, undefined],
    ['of nothing, when it closes', { operation: 'close' }, undefined],
  ])('%s', (_, more, sign) => expect(signOf(call(more))).toBe(sign));

  it('or of nothing, whatever went wrong', () => {
    for (const kind of ERROR_KINDS) expect(() => signOf(call({ ok: false, kind }))).not.toThrow();
    expect(signOf(call({ ok: false }))).toBeUndefined();
  });
});

describe('an account is', () => {
  const MINUTE = 60_000;
  const NOW = 100 * MINUTE;
  const ago = (signs: Partial<Record<Sign, number>>): Signs =>
    Object.fromEntries(Object.entries(signs).map(([sign, minutes]) => [sign, { at: NOW - minutes * MINUTE }]));

  it.each<[string, Partial<Record<Sign, number>>, Sign | 'unknown']>([
    ['not known without a call', {}, 'unknown'],
    ['well after an answer, however long ago', { well: 99 }, 'well'],
    ['without credentials until the next answer', { credentials: 50, well: 60 }, 'credentials'],
    ['well once an answer came after', { credentials: 2, well: 1 }, 'well'],
    ['slow once a late answer came after', { credentials: 2, slow: 1 }, 'slow'],
    ['silent until the next answer', { silent: 1, well: 2 }, 'silent'],
    ['well once it speaks again', { silent: 2, well: 1 }, 'well'],
    ['slow for some minutes, also when later calls were quick', { slow: 9, well: 1 }, 'slow'],
    ['well some minutes later', { slow: 11, well: 1 }, 'well'],
    ['without a right for some minutes', { rights: 9, well: 1 }, 'rights'],
    ['without a right while nothing else was answered', { rights: 60, well: 61 }, 'rights'],
    ['what is worst', { slow: 2, rights: 1, silent: 1, credentials: 1 }, 'credentials'],
  ])('%s', (_, signs, kind) => expect(healthOf(ago(signs), NOW).kind).toBe(kind));

  it('told with when, and the cloud’s code', () => {
    expect(healthOf({ credentials: { at: 7, code: 'InvalidAccessKeyId' } }, NOW)).toEqual({
      kind: 'credentials',
      at: 7,
      code: 'InvalidAccessKeyId',
    });
  });
});

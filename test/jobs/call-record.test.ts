import { describe, expect, test } from '@jest/globals';
import { unreadBy } from '../../src/jobs/call-record.js';
import type { Fault, Hint } from '../../src/providers/failures.js';

const faultOf = (hint: Hint): Fault => ({ kind: 'unavailable', code: 'X', message: 'words', hint, repeat: 'later' });

describe('readings that failed for too long', () => {
  test.each<[Hint, number, Hint]>([
    ['no-answer', 0, 'not-reached'],
    ['not-reached', 0, 'not-reached'],
    ['no-answer', 1, 'unread'],
    ['not-reached', 2, 'unread'],
    ['grant-permission', 0, 'grant-permission'],
    ['cloud-trouble', 3, 'cloud-trouble'],
  ])('with %s, after %d calls, are told as %s', (hint, epoch, told) => {
    expect(unreadBy(faultOf(hint), { epoch })).toEqual({ kind: 'failed', code: 'X', message: 'words', hint: told });
  });
});

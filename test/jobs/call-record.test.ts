import { describe, expect, test } from '@jest/globals';
import { recordOf, unreadBy } from '../../src/jobs/call-record.js';
import type { ActionStep, CallFault } from '../../src/jobs/events.js';
import { UNPARTED } from '../../src/jobs/halving.js';
import type { LastCall } from '../../src/jobs/request.js';
import type { InstanceAnswer } from '../../src/providers/answers.js';
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
    const failed = { kind: 'failed', code: 'X', message: 'words', hint: told };
    expect(unreadBy({ action: 'detach', batch: { step: 'stop', epoch } }, faultOf(hint))).toEqual(failed);
  });

  test.each([
    ['detach', 'detached', 0],
    ['attach', 'attached', 1],
  ] as const)('take nothing from a verified %s', (action, kind, epoch) => {
    const restartFailed = { code: 'X', message: 'words' };
    expect(unreadBy({ action, batch: { step: 'restart', epoch } }, faultOf('no-answer'))).toEqual({
      kind,
      effective: 'after-restart',
      restartFailed,
    });
  });
});

describe('whom the refusal of a call for two is about', () => {
  const last = (change: Partial<LastCall>): LastCall => ({
    begunAt: 0,
    at: 0,
    putOffs: 1,
    answers: 1,
    mayBeDone: false,
    ...change,
  });
  const busyBefore = last({
    fault: { kind: 'later', code: 'X', message: '', hint: 'instance-busy', instances: ['a', 'b'] },
  });
  const said = (kind: 'refused' | 'later' | 'unknown', fault: Partial<Fault>) =>
    ({ kind, fault: { ...faultOf('check-instance'), repeat: 'never', ...fault } }) as const;

  type Row = [
    string,
    CallFault['about'],
    ActionStep,
    Exclude<InstanceAnswer, { kind: 'accepted' }>,
    LastCall | undefined,
  ];
  test.each<Row>([
    ['an instance', 'some', 'detach', said('refused', { kind: 'unsupported' }), undefined],
    ['a busy one', 'some', 'stop', said('later', { kind: 'conflict', repeat: 'settled' }), undefined],
    [
      'those that were busy before',
      'some-or-all',
      'stop',
      said('later', { kind: 'conflict', repeat: 'settled' }),
      busyBefore,
    ],
    ['a permission', 'some-or-all', 'detach', said('refused', { kind: 'forbidden' }), undefined],
    ['what nobody has listed', 'some-or-all', 'detach', said('unknown', { kind: 'invalid' }), undefined],
    ['a restart that may be done', 'call', 'restart', said('unknown', { kind: 'invalid' }), undefined],
    ['a throttle', 'call', 'start', said('later', { kind: 'rate-limited', repeat: 'later' }), undefined],
    ['no answer', 'call', 'detach', said('unknown', { kind: 'timeout', repeat: 'later' }), undefined],
    ['credentials', 'call', 'detach', said('refused', { kind: 'auth', hint: 'check-credentials' }), undefined],
    ['an error of the cloud', 'call', 'start', said('unknown', { repeat: 'later' }), last({ putOffs: 2 })],
    [
      'the same error for the fourth time',
      'some-or-all',
      'start',
      said('unknown', { repeat: 'later' }),
      last({ putOffs: 3 }),
    ],
  ])('%s: %s', (_what, about, step, answer, before) => {
    const calls = new Map(before && [['a', before] as const, ['b', before] as const]);
    const instances = new Map([['a', answer] as const, ['b', answer] as const]);
    const { faults, refused } = recordOf(
      { action: 'detach', batch: { step, calls, halving: UNPARTED } },
      { isWhole: true, instances },
    );
    expect([faults.map((fault) => fault.about), refused]).toEqual([[about], {}]);
    const own = recordOf(
      { action: 'detach', batch: { step, calls, halving: UNPARTED } },
      { isWhole: false, instances },
    );
    expect(own.faults.flatMap((fault) => fault.about ?? [])).toEqual([]);
  });

  test('a key pair: each of them', () => {
    const answer = said('refused', { kind: 'not-found', hint: 'check-key-pair' });
    const { faults, refused } = recordOf(
      { action: 'detach', batch: { step: 'detach', calls: new Map(), halving: UNPARTED } },
      {
        isWhole: true,
        instances: new Map([
          ['a', answer],
          ['b', answer],
        ]),
      },
    );
    expect([faults, Object.keys(refused)]).toEqual([[], ['a', 'b']]);
  });
});

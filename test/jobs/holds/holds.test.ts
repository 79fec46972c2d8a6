import { describe, expect, it } from '@jest/globals';
import type { RequestEvent } from '../../../src/jobs/events.js';
import { letsIn, offIn, openPauses, pause, resume, strand, strandedIn } from '../../../src/jobs/holds/holds.js';
import type { Request } from '../../../src/jobs/request.js';
import { ERROR_KINDS } from '../../../src/providers/failures.js';
import { ACCOUNT, aGroup, anInstance, fold, START, STOPPED_ONLY, stages, take } from '../samples.js';

const IDS = ['i-1', 'i-2'];
const group = aGroup(
  IDS.map((id) => anInstance(id)),
  { restart: true, traits: STOPPED_ONLY },
);
const { running } = stages(group, true);
const fault = { code: 'Expired', message: 'expired', hint: 'renew-credentials' } as const;
const after = (request: Request, events: readonly RequestEvent[], at: number) => fold(request, events, START + at);
const pausing = (askedAt: number, byCall = false) =>
  ({ type: 'pause', account: ACCOUNT, fault, askedAt: START + askedAt, byCall }) as const;
const resuming = (askedAt: number, byCall = false) =>
  ({ type: 'resume', account: ACCOUNT, askedAt: START + askedAt, byCall }) as const;

const paused = after(running, pause(running, pausing(10)), 20);
const pausedByCall = after(running, pause(running, pausing(10, true)), 20);
const resumed = after(paused, resume(paused, resuming(30)), 40);

describe('an account is paused', () => {
  it.each([
    ['once', running, 10, 1],
    ['and not twice', paused, 30, 0],
    ['not by an answer to an earlier question than what showed that it was over', resumed, 39, 0],
    ['again by a later one', resumed, 40, 1],
    ['not where nothing runs', stages(group).planning, 10, 0],
  ])('%s', (_what, request, askedAt, events) => {
    expect(pause(request, pausing(askedAt))).toHaveLength(events);
  });

  it.each([
    ['by a reading that began later', paused, resuming(20), 1],
    ['not by one that began before', paused, resuming(19), 0],
    ['not by a reading where a call was refused', pausedByCall, resuming(30), 0],
    ['by a call where a call was refused', pausedByCall, resuming(30, true), 1],
    ['not where it is over', resumed, resuming(50), 0],
    ['not where it never was', running, resuming(50), 0],
    ['not another one', paused, { ...resuming(30), account: 'other' }, 0],
  ])('and goes on %s', (_what, request, command, events) => {
    expect(resume(request, command)).toHaveLength(events);
  });

  it('and its waiting is held against no batch', () => {
    expect([...openPauses(paused).keys()]).toEqual([ACCOUNT]);
    expect([...openPauses(resumed).keys()]).toEqual([]);
    expect([...resumed.batches.values()].map(({ since }) => since)).toEqual([START + 40]);
  });
});

describe('a cancel', () => {
  const begun = take(running, { type: 'begin', batch: 'b1', epoch: 0, instances: IDS }, START + 3);
  const called = (kind: 'later' | 'unknown', instances: string[]) => {
    const call = { refused: {}, faults: [{ kind, ...fault, instances }] };
    return take(begun, { type: 'record-call', batch: 'b1', epoch: 1, call }, START + 4);
  };
  const cancel = (request: Request) => take(request, { type: 'cancel', by: 'U0BOB' }, START + 5);

  it('takes back what the cloud refused whole', () => {
    expect(cancel(called('later', IDS)).state).toBe('cancelled');
    expect(cancel(paused)).toMatchObject({ state: 'cancelled' });
  });

  it.each([
    ['may have been done', called('unknown', IDS)],
    ['was taken for some', called('later', ['i-1'])],
    ['is on its way', begun],
    [
      'was called twice',
      take(called('later', IDS), { type: 'begin', batch: 'b1', epoch: 1, instances: IDS }, START + 5),
    ],
  ])('waits for what %s', (_what, request) => {
    expect(cancel(request).state).toBe('running');
  });
});

describe('an answer that is given to whoever was let in', () => {
  it('is one about what was asked for', () => {
    const said = ERROR_KINDS.filter((kind) => letsIn({ kind, hint: 'check-instance' }));
    expect(said).toEqual(['forbidden', 'not-found', 'invalid', 'unsupported', 'conflict', 'quota']);
    expect(letsIn({ kind: 'invalid', hint: 'check-credentials' })).toBe(false);
  });
});

describe('what is off', () => {
  const begun = take(running, { type: 'begin', batch: 'b1', epoch: 0, instances: IDS }, START + 3);
  const done = { kind: 'done', changed: true } as const;
  const report = (request: Request, batch: string, id: string) =>
    take(
      request,
      { type: 'report', batch, epoch: request.batches.get(batch)?.epoch ?? 0, results: { [id]: done } },
      START + 4,
    );
  const oneOff = report(begun, 'b1', 'i-1');
  const idsOf = (request: Request) => offIn(request, [ACCOUNT]).map(({ id }) => id);

  it('is what was stopped, and what may be on its way to it', () => {
    expect(idsOf(running)).toEqual([]);
    expect(idsOf(begun)).toEqual(IDS);
    expect(idsOf(oneOff)).toEqual(IDS);
    expect(offIn(oneOff, ['other'])).toEqual([]);
    expect(pause(oneOff, pausing(10))).toMatchObject([{ off: 2 }]);
  });

  it('is told of once, and for as long as it has not been started', () => {
    const halted = take(report(oneOff, 'b1', 'i-2'), { type: 'cancel', by: 'U0BOB' }, START + 5);
    const [start] = [...halted.batches.values()].filter(({ step }) => step === 'start');
    if (start === undefined) throw new Error('nothing is started');
    const trouble = { code: 'NoStock', message: 'none left', hint: 'sold-out' } as const;
    const command = (instances: string[]) =>
      ({ type: 'strand', batch: start.id, troubles: [{ ...trouble, instances }] }) as const;
    const one = after(halted, strand(halted, command(['i-1'])), 6);
    expect(strand(one, command(IDS))).toMatchObject([{ ...trouble, instances: ['i-2'] }]);
    expect(strand(one, command(['i-1', 'i-9']))).toEqual([]);
    expect(strand(one, { ...command(['i-2']), batch: 'b1' })).toEqual([]);
    expect(strandedIn(one).map(({ id }) => id)).toEqual(['i-1']);
    expect(strandedIn(report(one, start.id, 'i-1'))).toEqual([]);
  });
});

import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { makeGate } from '../../playground/gate.js';
import type { InstanceReply } from '../../src/providers/contract.js';
import { A, B, C, failing, KEY_PAIR, REGION, shown, stage, TOKEN, vendor } from './guarded-stub.js';
import { traits } from './reference/provider.js';

const replying = (...replies: InstanceReply[]) => stage({ detach: async () => ({ requestId: 'req-1', replies }) });

afterEach(() => {
  jest.useRealTimers();
});

describe('a reply to a write', () => {
  test('is read for each instance through the same table', async () => {
    const { detach } = replying(
      { instanceId: B, ok: false, code: 'Later', message: 'busy' },
      { instanceId: A, ok: true, operation: 'task-1' },
      { instanceId: C, ok: false, code: 'Else', message: 'what?' },
    );
    const { requestId, isWhole, instances } = await detach([A, B, C]);
    expect([requestId, isWhole]).toEqual(['req-1', false]);
    expect(instances.get(A)).toEqual({ kind: 'accepted', operation: 'task-1' });
    expect(instances.get(B)).toMatchObject({
      kind: 'later',
      fault: { code: 'Later', message: 'busy', requestId: 'req-1' },
    });
    expect(instances.get(C)).toMatchObject({ kind: 'unknown', fault: { code: 'Else' } });
  });

  test('that leaves an instance out, or names one that was not asked for', async () => {
    const { instances } = await replying({ instanceId: B, ok: true }, { instanceId: C, ok: true }).detach([A, B]);
    expect([...instances.keys()]).toEqual([A, B]);
    expect(instances.get(A)).toMatchObject({ kind: 'unknown', fault: { code: 'NoReply' } });
    expect(instances.get(B)).toEqual({ kind: 'accepted' });
  });

  test('that says two things of one instance leaves it unknown', async () => {
    const said: InstanceReply = { instanceId: A, ok: false, code: 'Never', message: '' };
    expect((await replying({ instanceId: A, ok: true }, said).detach()).instances.get(A)).toMatchObject({
      kind: 'unknown',
    });
  });

  test('without the shape of a reply leaves all unknown', async () => {
    const { detach } = stage({ detach: async () => JSON.parse('{}') });
    expect((await detach()).instances.get(A)).toMatchObject({ kind: 'unknown', fault: { kind: 'bug' } });
  });
});

describe('time and abort', () => {
  test('an adapter that ignores its signal is answered for in time, and its late failure is dropped', async () => {
    jest.useFakeTimers();
    const late = makeGate<never>();
    let seen: AbortSignal | undefined;
    const { detach, records } = stage({
      async detach(_input, { signal }) {
        seen = signal;
        await late.promise;
        throw vendor({ code: 'Never' });
      },
    });
    const detaching = detach();
    await jest.advanceTimersByTimeAsync(4999);
    expect(seen?.aborted).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect((await detaching).instances.get(A)).toMatchObject({ kind: 'unknown', fault: { kind: 'timeout' } });
    expect(seen?.aborted).toBe(true);
    late.open(undefined as never);
    await jest.advanceTimersByTimeAsync(0);
    expect(records).toHaveLength(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('no timer and no listener is left behind by an answer', async () => {
    jest.useFakeTimers();
    const { signal } = new AbortController();
    const removed = jest.spyOn(signal, 'removeEventListener');
    const { detach } = stage({ detach: async () => ({ replies: [] }) });
    await detach([A], signal);
    expect(jest.getTimerCount()).toBe(0);
    expect(removed).toHaveBeenCalledTimes(1);
  });

  test('the failure that the end of time itself provokes is told as a time-out', async () => {
    const { detach } = stage(
      {
        detach: (_input, { signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(vendor({ transport: 'aborted' })));
          }),
      },
      { timeoutMs: 5 },
    );
    expect((await detach()).instances.get(A)).toMatchObject({ fault: { kind: 'timeout' } });
  });

  test('an abort by the caller reaches the adapter and answers at once', async () => {
    const control = new AbortController();
    const begun = makeGate<AbortSignal>();
    const { detach } = stage({
      detach(_input, { signal }) {
        begun.open(signal);
        return new Promise(() => undefined);
      },
    });
    const detaching = detach([A], control.signal);
    const signal = await begun.promise;
    control.abort();
    expect((await detaching).instances.get(A)).toMatchObject({
      kind: 'unknown',
      fault: { kind: 'aborted', code: 'Aborted' },
    });
    expect(signal.aborted).toBe(true);
  });

  test('an abort before makes no call', async () => {
    const { detach, records } = stage({});
    const { instances } = await detach([A], AbortSignal.abort());
    expect(instances.get(A)).toMatchObject({ kind: 'later', fault: { code: 'NotSent' } });
    expect(records).toEqual([]);
  });

  test('closing closes once, answers also when it fails, and ends all calls', async () => {
    const close = jest.fn(() => Promise.reject(new Error('stuck')));
    const { guarded, detach, records } = stage({ close });
    await Promise.all([guarded.close(), guarded.close()]);
    expect(close).toHaveBeenCalledTimes(1);
    expect(records).toEqual([expect.objectContaining({ operation: 'close', ok: false, code: 'Bug' })]);
    expect((await detach()).instances.get(A)).toMatchObject({
      kind: 'refused',
      fault: { kind: 'aborted', code: 'Closed' },
    });
  });
});

describe('what leaves the house', () => {
  const write = { instanceIds: [A], token: TOKEN, keyPair: KEY_PAIR };
  test.each([
    ['an id twice', { ...write, instanceIds: [A, A] }],
    ['an id that is longer than the pattern', { ...write, instanceIds: [`${A}0`] }],
    ['one bad id among good ones', { ...write, instanceIds: [A, 'vm-1'] }],
    ['more than the limit', { ...write, instanceIds: [A, B, C, 'vm-0004'] }],
    ['an empty token', { ...write, token: '' }],
    ['a token of 65', { ...write, token: 'x'.repeat(65) }],
    ['a token that is not ASCII', { ...write, token: 'é' }],
    ['a key pair without the id that this cloud wants', { ...write, keyPair: { name: 'key-one' } }],
    ['a key pair with a line break', { ...write, keyPair: { name: 'a\nb', id: 'kp-000001' } }],
  ])('is not %s', async (_what, input) => {
    const { guarded, records } = stage({});
    const { instances } = await guarded.detach(input, REGION);
    expect([...instances.keys()]).toEqual([...new Set(input.instanceIds)]);
    for (const answer of instances.values())
      expect(answer).toMatchObject({ kind: 'refused', fault: { kind: 'invalid' } });
    expect(records).toEqual([]);
  });

  test('is not a call about nothing', async () => {
    const { guarded } = stage({});
    expect(await guarded.power({ action: 'stop', instanceIds: [], token: TOKEN }, REGION)).toEqual({
      isWhole: true,
      instances: new Map(),
    });
    expect(await guarded.readInstances({ instanceIds: [] }, REGION)).toMatchObject({
      ok: false,
      fault: { kind: 'invalid' },
    });
  });

  test.each([[''], ['a\u0000b'], ['x'.repeat(256)], ['\ud800']])('is not the name %j', async (nameOrId) => {
    const { guarded } = stage({});
    expect(await guarded.findKeyPair({ nameOrId }, REGION)).toMatchObject({ ok: false, fault: { kind: 'invalid' } });
  });
});

describe('reads', () => {
  test('are split by the limit, with the operations of each part, and only what was asked for is shown, once', async () => {
    const ids = ['vm-0001', 'vm-0002', 'vm-0003', 'vm-0004', 'vm-0005'];
    const inputs: unknown[] = [];
    const { guarded, records } = stage({
      async readInstances(input) {
        inputs.push(input);
        return [...input.instanceIds, ...input.instanceIds, 'vm-9999'].map((id, n) => shown(id, { name: `${n}` }));
      },
    });
    const operations = { 'vm-0005': 'task-5', 'vm-7777': 'task-7' };
    const answer = await guarded.readInstances({ instanceIds: ids, operations }, REGION);
    expect(inputs).toEqual([
      { instanceIds: ids.slice(0, 4) },
      { instanceIds: ids.slice(4), operations: { 'vm-0005': 'task-5' } },
    ]);
    expect(answer.ok && answer.value.map(({ id, name }) => [id, name])).toEqual([
      ['vm-0001', '0'],
      ['vm-0002', '1'],
      ['vm-0003', '2'],
      ['vm-0004', '3'],
      ['vm-0005', '0'],
    ]);
    expect(records.map(({ instances }) => instances)).toEqual([4, 1]);
  });

  test('fail as a whole when a part fails', async () => {
    const { guarded } = stage({
      readInstances: async ({ instanceIds }) => {
        if (instanceIds.includes('vm-0005')) throw vendor({ code: 'Later' });
        return instanceIds.map((id) => shown(id));
      },
    });
    const ids = ['vm-0001', 'vm-0002', 'vm-0003', 'vm-0004', 'vm-0005'];
    expect(await guarded.readInstances({ instanceIds: ids }, REGION)).toMatchObject({
      ok: false,
      fault: { code: 'Later' },
    });
  });

  test('of lists follow the cursor and show each instance once', async () => {
    const pages: Record<string, readonly [readonly string[], string?]> = { '': [[A, B], 'two'], two: [[B, C]] };
    const { guarded } = stage({
      async listInstances({ cursor = '' }) {
        const [ids = [], next] = pages[cursor] ?? [];
        return { items: ids.map((id) => shown(id)), ...(next !== undefined && { cursor: next }) };
      },
    });
    const answer = await guarded.listInstances({ keyPair: KEY_PAIR }, REGION);
    expect(answer.ok && answer.value.map(({ id }) => id)).toEqual([A, B, C]);
  });

  test('of lists that do not end are malformed', async () => {
    let page = 0;
    const counting = stage({ listKeyPairs: async () => ({ items: [], cursor: String(++page) }) });
    expect(await counting.guarded.listKeyPairs(REGION)).toMatchObject({ ok: false, fault: { kind: 'malformed' } });
    expect(page).toBe(1000);
    const circling = stage({ listKeyPairs: async () => ({ items: [], cursor: 'again' }) });
    expect(await circling.guarded.listKeyPairs(REGION)).toMatchObject({ ok: false, fault: { kind: 'malformed' } });
    expect(circling.records).toHaveLength(2);
  });

  test('of a list that never comes to rest are malformed', async () => {
    let page = 0;
    const { guarded } = stage({
      traits: { ...traits, listsMayShift: true },
      async listInstances({ cursor }) {
        page += 1;
        return { items: [shown(`vm-${page}`)], ...(cursor === undefined && { cursor: 'two' }) };
      },
    });
    const answer = await guarded.listInstances({ keyPair: KEY_PAIR }, REGION);
    expect(answer).toMatchObject({ ok: false, fault: { kind: 'malformed', repeat: 'later' } });
    expect(page).toBe(10);
  });

  test('that fail answer with the fault and are not repeated', async () => {
    const { guarded, records } = failing(vendor({ code: 'Later' }));
    const answer = await guarded.findKeyPair({ nameOrId: 'key-one' }, REGION);
    expect(answer).toMatchObject({ ok: false, fault: { kind: 'rate-limited', repeat: 'later' } });
    expect(records).toHaveLength(1);
  });
});

describe('records', () => {
  test('tell account, operation, region, size, time, and the fault’s kind and code', async () => {
    const { guarded, records } = stage({ power: () => Promise.reject(vendor({ code: 'Later' })) });
    await guarded.power({ action: 'restart', instanceIds: [A, B], token: TOKEN }, REGION);
    expect(records).toEqual([
      {
        account: 'prod',
        operation: 'restart',
        region: 'north-1',
        instances: 2,
        ms: 7,
        ok: false,
        kind: 'rate-limited',
        code: 'Later',
      },
    ]);
  });

  test('change nothing when the observer throws', async () => {
    const onCall = () => {
      throw new Error('the observer broke');
    };
    const { guarded } = stage({ findKeyPair: async () => KEY_PAIR }, { onCall });
    expect(await guarded.findKeyPair({ nameOrId: 'key-one' }, REGION)).toEqual({ ok: true, value: KEY_PAIR });
  });
});

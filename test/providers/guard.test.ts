import { describe, expect, jest, test } from '@jest/globals';
import { makeGate } from '../../playground/gate.js';
import type { CallRecord } from '../../src/providers/calls.js';
import {
  type ErrorTable,
  type Instance,
  type InstanceReply,
  type Provider,
  VendorFailure,
  type VendorFailureFacts,
} from '../../src/providers/contract.js';
import { guard } from '../../src/providers/guard.js';
import { traits } from './reference/provider.js';

const REGION = { region: 'north-1' };
const KEY_PAIR = { name: 'key-one', id: 'kp-000001' };
const [A, B, C] = ['vm-0001', 'vm-0002', 'vm-0003'] as const;
const TOKEN = 'request-batch-detach';

const ERRORS = Object.freeze({
  Never: { kind: 'invalid', mayBeDone: 'no', repeat: 'never', hint: 'check-instance' },
  Later: { kind: 'rate-limited', mayBeDone: 'no', repeat: 'later', hint: 'rate-limited' },
  Settled: { kind: 'conflict', mayBeDone: 'no', repeat: 'settled', hint: 'instance-busy' },
  Maybe: { kind: 'unavailable', mayBeDone: 'yes', repeat: 'later', hint: 'cloud-trouble' },
  MaybeNever: { kind: 'unsupported', mayBeDone: 'yes', repeat: 'never', hint: 'unsupported-instance' },
  'Group.*': { kind: 'quota', mayBeDone: 'no', repeat: 'never', hint: 'quota' },
  'Group.Part.*': { kind: 'auth', mayBeDone: 'no', repeat: 'never', hint: 'check-clock' },
  'Group.Part.Own': { kind: 'conflict', mayBeDone: 'no', repeat: 'never', hint: 'stop-first' },
} satisfies ErrorTable);

const shown = (id: string, more: Partial<Instance> = {}): Instance => ({
  id,
  name: `machine ${id}`,
  state: 'running',
  vendorState: 'RUNNING',
  os: 'linux',
  keyPairs: [KEY_PAIR],
  ...more,
});

function notAsked(): never {
  throw new Error('not asked for in this test');
}

/** A guard around an adapter of which a test gives only what it is about. */
function stage(adapter: Partial<Provider>, options: Partial<Parameters<typeof guard>[1]> = {}) {
  const records: CallRecord[] = [];
  let clock = 0;
  const provider: Provider = {
    traits,
    errors: ERRORS,
    readInstances: notAsked,
    listInstances: notAsked,
    listKeyPairs: notAsked,
    findKeyPair: notAsked,
    detach: notAsked,
    attach: notAsked,
    power: notAsked,
    close: async () => undefined,
    ...adapter,
  };
  const guarded = guard(provider, {
    account: 'prod',
    timeoutMs: 5000,
    secrets: [],
    onCall: (call) => records.push(call),
    now: () => (clock += 7),
    ...options,
  });
  const detach = async (ids: readonly string[] = [A], signal?: AbortSignal) => {
    const call = { ...REGION, ...(signal && { signal }) };
    return guarded.detach({ instanceIds: ids, token: TOKEN, keyPair: KEY_PAIR }, call);
  };
  return { guarded, records, detach };
}

const failing = (error: unknown) =>
  stage({ detach: () => Promise.reject(error), findKeyPair: () => Promise.reject(error) });
const vendor = (facts: Partial<VendorFailureFacts>) => new VendorFailure({ message: 'words', ...facts });
const replying = (...replies: InstanceReply[]) => stage({ detach: async () => ({ requestId: 'req-1', replies }) });

describe('a failure of a write', () => {
  test.each([
    ['a row that says never', { code: 'Never' }, 'refused', 'invalid'],
    ['a row that says later', { code: 'Later' }, 'later', 'rate-limited'],
    ['a row that says once settled', { code: 'Settled' }, 'later', 'conflict'],
    ['a row that does not rule it out', { code: 'Maybe' }, 'unknown', 'unavailable'],
    ['a row that does not rule it out, though repeating is no use', { code: 'MaybeNever' }, 'unknown', 'unsupported'],
    ['a group', { code: 'Group' }, 'refused', 'quota'],
    ['a code of a group', { code: 'Group.Else.Deep' }, 'refused', 'quota'],
    ['a code of the longer group', { code: 'Group.Part.Else' }, 'refused', 'auth'],
    ['its own row before that of the group', { code: 'Group.Part.Own' }, 'refused', 'conflict'],
    ['a code that only begins like a group', { code: 'Grouping' }, 'unknown', 'bug'],
    ['a code that every object has', { code: 'constructor' }, 'unknown', 'bug'],
    ['a row, whatever the status', { code: 'Later', httpStatus: 500 }, 'later', 'rate-limited'],
    ['an unlisted code with 400', { code: 'Else', httpStatus: 400 }, 'unknown', 'invalid'],
    ['401', { httpStatus: 401 }, 'unknown', 'auth'],
    ['403', { httpStatus: 403 }, 'unknown', 'forbidden'],
    ['404', { httpStatus: 404 }, 'unknown', 'not-found'],
    ['409', { httpStatus: 409 }, 'unknown', 'conflict'],
    ['418', { httpStatus: 418 }, 'unknown', 'invalid'],
    ['429', { httpStatus: 429 }, 'unknown', 'rate-limited'],
    ['500', { httpStatus: 500 }, 'unknown', 'unavailable'],
    ['504', { httpStatus: 504 }, 'unknown', 'unavailable'],
    ['a time-out', { transport: 'timeout' }, 'unknown', 'timeout'],
    ['a broken connection', { transport: 'network' }, 'unknown', 'unavailable'],
    ['a connection that was refused', { transport: 'refused' }, 'later', 'unavailable'],
    ['an answer that cannot be read', { transport: 'malformed', httpStatus: 200 }, 'unknown', 'malformed'],
    ['an abort', { transport: 'aborted' }, 'unknown', 'aborted'],
    ['no credentials', { transport: 'no-credentials' }, 'refused', 'auth'],
    ['a time-out beside a listed code', { transport: 'timeout', code: 'Never' }, 'unknown', 'timeout'],
  ] as const)('%s', async (_what, facts, answer, kind) => {
    const { instances } = await failing(vendor(facts)).detach([A, B]);
    expect([...instances]).toEqual(
      [A, B].map((id) => [id, { kind: answer, fault: expect.objectContaining({ kind }) }]),
    );
  });

  test('that is no vendor failure is a bug, told by its type and place only', async () => {
    const { instances } = await failing(new TypeError('https://cloud/?Signature=abc')).detach();
    const message = expect.stringMatching(/^TypeError at guard\.test\.ts:\d+$/);
    expect(instances.get(A)).toEqual({
      kind: 'unknown',
      fault: { kind: 'bug', code: 'Bug', message, hint: 'report-bug', repeat: 'never' },
    });
  });

  test.each([['a word'], [undefined], [null], [{ code: 'Never' }]])(
    'that is %p, no error at all, is a bug',
    async (thrown) => {
      const { instances } = await failing(thrown).detach();
      expect(instances.get(A)).toMatchObject({ kind: 'unknown', fault: { kind: 'bug' } });
    },
  );

  test('keeps the code, the request id and how long to wait', async () => {
    const facts = { code: 'Later', requestId: 'req-7', retryAfterMs: 1500, message: 'slow down' };
    const { instances } = await failing(vendor(facts)).detach();
    expect(instances.get(A)).toMatchObject({ fault: facts });
  });

  test('thrown at once instead of rejected is read as well', async () => {
    const { detach } = stage({
      detach() {
        throw vendor({ code: 'Never' });
      },
    });
    expect((await detach()).instances.get(A)).toMatchObject({ kind: 'refused' });
  });
});

describe('a reply to a write', () => {
  test('is read for each instance through the same table', async () => {
    const { detach } = replying(
      { instanceId: B, ok: false, code: 'Later', message: 'busy' },
      { instanceId: A, ok: true, operation: 'task-1' },
      { instanceId: C, ok: false, code: 'Else', message: 'what?' },
    );
    const { requestId, instances } = await detach([A, B, C]);
    expect(requestId).toBe('req-1');
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
    jest.useRealTimers();
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

  test('that fail answer with the fault and are not repeated', async () => {
    const { guarded, records } = failing(vendor({ code: 'Later' }));
    const answer = await guarded.findKeyPair({ nameOrId: 'key-one' }, REGION);
    expect(answer).toMatchObject({ ok: false, fault: { kind: 'rate-limited', repeat: 'later' } });
    expect(records).toHaveLength(1);
  });
});

describe('records', () => {
  test('tell account, operation, region, size, time and code', async () => {
    const { guarded, records } = stage({ power: () => Promise.reject(vendor({ code: 'Later' })) });
    await guarded.power({ action: 'restart', instanceIds: [A, B], token: TOKEN }, REGION);
    expect(records).toEqual([
      { account: 'prod', operation: 'restart', region: 'north-1', instances: 2, ms: 7, ok: false, code: 'Later' },
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

import { describe, expect, it } from '@jest/globals';
import { createApproveListener } from '../../../src/bot/listeners/approve.js';
import { createCancelListener } from '../../../src/bot/listeners/cancel.js';
import { createCommandListener } from '../../../src/bot/listeners/command.js';
import { createDenyListener } from '../../../src/bot/listeners/deny.js';
import { createDenialFormListener, encodeForm } from '../../../src/bot/listeners/deny-form.js';
import { createLookingListener, type ReactionArguments } from '../../../src/bot/listeners/looking.js';
import { refusalReply } from '../../../src/bot/messages/replies.js';
import type { Command, Refusal } from '../../../src/jobs/decide.js';
import type { Language } from '../../../src/jobs/events.js';
import { CHANNEL, member } from '../../jobs/house.js';
import { ACCOUNT, createCommand } from '../../jobs/samples.js';
import { ASKER, answerOf, type Desk, LEAD, openDesk, TEAM } from './desk.js';

/** Every gesture at every state of a request: it does what it says, or that person alone is told who decided, and when. */

const ID = createCommand().facts.id;
const LATE = 'U0LEAD2';
const SECOND = 'U0LEAD1';
const TS = '1700000000.000100';
const NO_DIGEST = '0'.repeat(64);

const digestOf = async ({ store }: Desk) => (await store.load(ID)).plan?.digest ?? NO_DIGEST;

async function run(desk: Desk, ...commands: ((digest: string) => Command)[]): Promise<void> {
  for (const command of commands) {
    desk.pass(2_000);
    const digest = await digestOf(desk);
    const done = await desk.store.transact(ID, () => command(digest));
    if (!done.ok) throw new Error(done.refusal.code);
  }
}

const create = (): Command => ({ ...createCommand(), facts: { ...createCommand().facts, channel: CHANNEL } });
const approve =
  (by: string) =>
  (digest: string): Command => ({ type: 'approve', by, accounts: [ACCOUNT], digest });
const cancel = (): Command => ({ type: 'cancel', by: ASKER });
const done = (): Command => ({
  type: 'report',
  batch: 'b1',
  epoch: 0,
  results: { 'i-1': { kind: 'done', changed: true } },
});
const begin = (): Command => ({ type: 'begin', batch: 'b1', epoch: 0, instances: ['i-1'] });

type State = {
  come(desk: Desk): Promise<void>;
  refusal: Omit<Extract<Refusal, { code: 'wrong-state' }>, 'code' | 'at'>;
};
const waiting = async (desk: Desk) => void (await desk.waiting());
const STATES: Readonly<Record<string, State>> = {
  planning: { come: (desk) => run(desk, create), refusal: { state: 'planning' } },
  running: {
    come: (desk) => waiting(desk).then(() => run(desk, approve(LEAD), approve(SECOND))),
    refusal: { state: 'running', by: SECOND },
  },
  halted: {
    come: (desk) => waiting(desk).then(() => run(desk, approve(LEAD), approve(SECOND), begin, cancel)),
    refusal: { state: 'running', halted: true, by: ASKER },
  },
  finished: {
    come: (desk) => waiting(desk).then(() => run(desk, approve(LEAD), approve(SECOND), done)),
    refusal: { state: 'finished', by: SECOND },
  },
  rejected: {
    come: (desk) =>
      run(desk, create, () => ({
        type: 'leave-out',
        selection: 0,
        why: { code: 'account-not-usable', account: ACCOUNT },
        terms: { quorums: [], expiresAfterMs: 1, maxInstances: 1 },
      })),
    refusal: { state: 'rejected' },
  },
  denied: {
    come: (desk) =>
      waiting(desk).then(() =>
        run(desk, (digest) => ({ type: 'deny', by: LEAD, accounts: [ACCOUNT], digest, reason: 'no' })),
      ),
    refusal: { state: 'denied', by: LEAD },
  },
  expired: {
    come: async (desk) => {
      await desk.waiting();
      desk.pass(60_000);
      await run(desk, () => ({ type: 'expire' }));
    },
    refusal: { state: 'expired' },
  },
  'cancelled before it ran': {
    come: (desk) => waiting(desk).then(() => run(desk, cancel)),
    refusal: { state: 'cancelled', by: ASKER },
  },
};

const press = async (desk: Desk, create: typeof createApproveListener, by = LATE) =>
  create(desk.dependencies)(desk.click(by, `${ID}.${await digestOf(desk)}`));
const typeCancel = (desk: Desk) => createCommandListener(desk.dependencies)(desk.type(ASKER, `cancel ${ID}`));
const GESTURES: Readonly<Record<string, (desk: Desk) => Promise<void>>> = {
  'the Approve button': (desk) => press(desk, createApproveListener),
  'the Deny button': (desk) => press(desk, createDenyListener),
  'the form behind Deny': async (desk) => {
    const form = encodeForm({ value: `${ID}.${await digestOf(desk)}`, channel: CHANNEL, language: 'en' });
    await createDenialFormListener(desk.dependencies)(desk.send(LATE, { private_metadata: form }, 'no'));
  },
  'the Cancel button': (desk) => press(desk, createCancelListener, ASKER),
  'the cancel command': typeCancel,
};
/** Where a cancel is no late one. */
const CANCELS = ['planning', 'running'];

function openFor(language: Language): Desk {
  const desk = openDesk();
  for (const id of [LATE, ASKER]) desk.people.set(id, { person: member(id), language });
  return desk;
}

const rows = Object.keys(GESTURES).flatMap((gesture) => Object.keys(STATES).map((state) => [gesture, state] as const));

describe.each(rows)('%s, %s', (gesture, name) => {
  const state = STATES[name];
  const act = GESTURES[gesture];
  const isDone = gesture.toLowerCase().includes('cancel') && CANCELS.includes(name);

  it.each(['en', 'zh'] as const)(
    isDone ? 'is done: %s' : 'is answered alone, and changes nothing: %s',
    async (language) => {
      if (state === undefined || act === undefined) throw new Error('there is none');
      const desk = openFor(language);
      await state.come(desk);
      desk.pass(1_000);
      const before = await desk.store.load(ID);
      await act(desk);
      const after = await desk.store.load(ID);
      expect(desk.forms).toEqual([]);
      if (isDone) return expect(after.endedBy).toBe(ASKER);
      expect(after).toEqual(before);
      const at = state.refusal.by === undefined ? before.changedAt : (before.decidedAt ?? 0);
      const refusal: Refusal = { code: 'wrong-state', ...state.refusal, at };
      expect(answerOf(desk)).toMatchObject(refusalReply(refusal, language));
      if (name === 'planning') return;
      expect(answerOf(desk).text).toContain(`<!date^${Math.floor(at / 1_000)}^`);
      if (state.refusal.by !== undefined) expect(answerOf(desk).text).toContain(`<@${state.refusal.by}>`);
    },
  );
});

describe.each(Object.entries(STATES))('eyes, %s', (_name, { come }) => {
  it('change nothing, and trouble nobody', async () => {
    const desk = openFor('en');
    await come(desk);
    const before = await desk.store.load(ID);
    desk.seen.set(TS, { request: ID, reactions: [{ name: 'eyes', users: [LATE] }] });
    const event = {
      user: LATE,
      reaction: 'eyes',
      item_user: 'U0BOT',
      item: { type: 'message', channel: CHANNEL, ts: TS },
    };
    await createLookingListener(desk.dependencies)({ event, body: { team_id: TEAM } } as ReactionArguments);
    expect(await desk.store.load(ID)).toEqual(before);
    expect(desk.answers).toEqual([]);
  });
});

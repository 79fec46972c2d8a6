import { describe, expect, it } from '@jest/globals';
import { createApproveListener } from '../../../src/bot/listeners/approve.js';
import { createCancelListener } from '../../../src/bot/listeners/cancel.js';
import { createCommandListener } from '../../../src/bot/listeners/command.js';
import { createDenialFormListener, encodeForm } from '../../../src/bot/listeners/deny-form.js';
import { createUnknownButtonListener } from '../../../src/bot/listeners/unknown.js';
import { troubleReply, uncheckedReply } from '../../../src/bot/messages/replies.js';
import { CHANNEL } from '../../jobs/house.js';
import { answerOf, buttonValueOf, type Desk, LEAD, openDesk } from './desk.js';

/** What holds for every gesture, whatever it asks for. */

type Gesture = (desk: Desk, more?: { teamId?: string }) => Promise<void>;

const button =
  (create: typeof createApproveListener): Gesture =>
  async (desk, more) => {
    const request = await desk.store.load('K7M2QX');
    const value = request.version > 0 ? buttonValueOf(request) : undefined;
    return create(desk.dependencies)(desk.click(LEAD, value, more));
  };
const GESTURES: Readonly<Record<string, Gesture>> = {
  approve: button(createApproveListener),
  'deny with a reason': async (desk, more) => {
    const value = buttonValueOf(await desk.store.load('K7M2QX'));
    const view = { private_metadata: encodeForm({ value, channel: CHANNEL, language: 'en' }) };
    return createDenialFormListener(desk.dependencies)(desk.send(LEAD, view, 'wrong key', more));
  },
  cancel: button(createCancelListener),
  'a button of no known name': button(createUnknownButtonListener),
  'the command': (desk, { teamId } = {}) =>
    createCommandListener(desk.dependencies)(
      desk.type(LEAD, 'status', teamId === undefined ? {} : { team_id: teamId }),
    ),
};

describe.each(Object.entries(GESTURES))('%s', (_name, gesture) => {
  it('is acked before anything is waited for', async () => {
    const desk = openDesk();
    await desk.waiting();
    const gate = desk.park();
    const answered = gesture(desk);
    while (!desk.steps.includes('look')) await new Promise((resolve) => setImmediate(resolve));
    expect(desk.steps).toEqual(['ack', 'look']);
    gate.open();
    await answered;
    expect([...new Set(desk.steps)]).toEqual(['ack', 'look', 'answer']);
  });

  it('is answered to that person alone, and leaves the message as it is', async () => {
    const desk = openDesk();
    await desk.waiting();
    await gesture(desk);
    expect(answerOf(desk)).toMatchObject({ response_type: 'ephemeral', replace_original: false });
  });

  it.each([
    ['Slack does not say who it is', {}, (desk: Desk) => desk.loseSlack()],
    ['it comes from another workspace', { teamId: 'T0OTHER' }, () => {}],
  ])('counts for nothing where %s', async (_what, more, change) => {
    const desk = openDesk();
    const before = await desk.waiting();
    change(desk);
    await gesture(desk, more);
    expect(answerOf(desk)).toMatchObject(uncheckedReply('en'));
    expect(await desk.store.load(before.id)).toEqual(before);
  });

  it('speaks the language of who made it', async () => {
    const replies = new Set<string | undefined>();
    for (const language of ['en', 'zh'] as const) {
      const desk = openDesk();
      await desk.waiting();
      const known = desk.people.get(LEAD);
      if (known) desk.people.set(LEAD, { ...known, language });
      await gesture(desk);
      replies.add(answerOf(desk).text);
    }
    expect(replies.size).toBe(2);
  });

  it('fails for nobody when the answer does not arrive', async () => {
    const desk = openDesk();
    await desk.waiting();
    const lost = new Error('the URL is used up');
    desk.loseAnswers(lost);
    await gesture(desk);
    expect(desk.lines).toEqual([{ level: 'warn', fields: { error: lost }, message: expect.any(String) }]);
  });
});

describe('an error of our own', () => {
  const NEED_REQUESTS = ['approve', 'deny with a reason', 'cancel', 'the command'];

  it.each(NEED_REQUESTS)('under %s is answered with an id, and logged with it and its cause', async (name) => {
    const desk = openDesk();
    await desk.waiting();
    const cause = new Error('canary of the inside');
    const broken = () => Promise.reject(cause);
    const requests = { ...desk.dependencies.requests, approve: broken, deny: broken, cancel: broken };
    const reader = { ...desk.dependencies.reader, listOpen: broken };
    await GESTURES[name]?.({ ...desk, dependencies: { ...desk.dependencies, requests, reader } });
    const [line] = desk.lines;
    const errorId = String(line?.fields.errorId);
    expect(desk.lines).toEqual([
      { level: 'error', fields: { error: cause, errorId, user: LEAD }, message: 'a gesture failed' },
    ]);
    expect(answerOf(desk)).toMatchObject(troubleReply(errorId, 'en'));
    expect(answerOf(desk).text).toContain(errorId);
    expect(JSON.stringify(desk.answers)).not.toContain('canary');
  });

  it('has another id each time', async () => {
    const ids = new Set<unknown>();
    for (let turn = 0; turn < 5; turn += 1) {
      const desk = openDesk();
      const reader = { ...desk.dependencies.reader, listOpen: () => Promise.reject(new Error('broken')) };
      await GESTURES['the command']?.({ ...desk, dependencies: { ...desk.dependencies, reader } });
      ids.add(desk.lines[0]?.fields.errorId);
    }
    expect(ids.size).toBe(5);
  });
});

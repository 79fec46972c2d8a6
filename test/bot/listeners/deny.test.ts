import { describe, expect, it } from '@jest/globals';
import { createDenyListener } from '../../../src/bot/listeners/deny.js';
import { createDenialFormListener } from '../../../src/bot/listeners/deny-form.js';
import { DENIAL_FIELD, denialFault, outdatedView } from '../../../src/bot/messages/denial.js';
import { DENIAL_LENGTH } from '../../../src/bot/messages/limits.js';
import { deniedReply, notOpenedReply, outdatedReply, refusalReply } from '../../../src/bot/messages/replies.js';
import type { Language } from '../../../src/jobs/events.js';
import { member } from '../../jobs/house.js';
import { ASKER, answerOf, buttonValueOf, type Desk, LEAD, openDesk } from './desk.js';

const press = (desk: Desk, by: string, value: string | undefined) =>
  createDenyListener(desk.dependencies)(desk.click(by, value));
const send = async (desk: Desk, by: string, reason: string) => {
  const [form] = desk.forms;
  if (form === undefined) throw new Error('no form was opened');
  await createDenialFormListener(desk.dependencies)(desk.send(by, form.view, reason));
};

/** The form, opened by a lead. */
async function opened(language?: Language) {
  const desk = openDesk();
  const request = await desk.waiting();
  const known = desk.people.get(LEAD);
  if (known) desk.people.set(LEAD, { ...known, language });
  await press(desk, LEAD, buttonValueOf(request));
  return { desk, request };
}

describe('the button', () => {
  it.each(['en', 'zh'] as const)('opens a form in the reader’s language, and decides nothing: %s', async (language) => {
    const { desk, request } = await opened(language);
    expect(desk.steps).toEqual(['ack', 'look', 'open']);
    expect(desk.forms[0]?.view.submit?.text).toBe(language === 'en' ? 'Deny' : '拒绝');
    expect(desk.forms[0]?.view.title.text).toContain(request.id);
    expect(await desk.store.load(request.id)).toEqual(request);
    expect(desk.answers).toEqual([]);
  });

  it.each([
    ['own-request', ASKER],
    ['not-an-approver', 'U0OTHER'],
  ] as const)('opens none for who may not deny, and says so: %s', async (code, by) => {
    const desk = openDesk();
    await press(desk, by, buttonValueOf(await desk.waiting()));
    expect(answerOf(desk)).toMatchObject(refusalReply({ code }, 'en'));
    expect(desk.forms).toEqual([]);
  });

  it('opens none for a value that is none of ours', async () => {
    const desk = openDesk();
    await press(desk, LEAD, 'K7M2QX');
    expect(answerOf(desk)).toMatchObject(outdatedReply('en'));
    expect(desk.forms).toEqual([]);
  });

  it('opens the form before the trigger is used up when Slack is slow to say who it is, once', async () => {
    const desk = openDesk();
    const request = await desk.waiting();
    const gate = desk.park();
    const pressed = press(desk, LEAD, buttonValueOf(request));
    while (!desk.steps.includes('look')) await new Promise((resolve) => setImmediate(resolve));
    desk.ringTimers();
    expect(desk.steps).toEqual(['ack', 'look', 'open']);
    gate.open();
    await pressed;
    desk.ringTimers();
    expect(desk.forms).toHaveLength(1);
    expect(desk.answers).toEqual([]);
  });

  it('says so when the form does not open', async () => {
    const desk = openDesk();
    desk.loseForms(new Error('expired_trigger_id'));
    await press(desk, LEAD, buttonValueOf(await desk.waiting()));
    expect(answerOf(desk)).toMatchObject(notOpenedReply('en'));
  });
});

describe('the form', () => {
  it('denies, with the reason as it was meant', async () => {
    const { desk, request } = await opened();
    await send(desk, LEAD, '  the key is still in use\n');
    const after = await desk.store.load(request.id);
    expect(after).toMatchObject({ state: 'denied', endedBy: LEAD, denial: 'the key is still in use' });
    expect(answerOf(desk)).toMatchObject(deniedReply(after, 'en'));
    expect(desk.acks).toEqual([undefined]);
  });

  it.each([
    ['own-request', ASKER],
    ['not-an-approver', 'U0OTHER'],
  ] as const)('judges who sends it, whoever opened it: %s', async (code, by) => {
    const { desk, request } = await opened();
    await send(desk, by, 'no');
    expect(answerOf(desk)).toMatchObject(refusalReply({ code }, 'en'));
    expect(await desk.store.load(request.id)).toEqual(request);
  });

  it('says who decided, and when, where somebody was faster', async () => {
    const { desk, request } = await opened();
    await desk.dependencies.requests.cancel(request.id, member(ASKER));
    const { changedAt: at } = await desk.store.load(request.id);
    await send(desk, LEAD, 'no');
    const refusal = { code: 'wrong-state', state: 'cancelled', by: ASKER, at } as const;
    expect(answerOf(desk)).toMatchObject(refusalReply(refusal, 'en'));
  });

  it.each([
    ['nothing but spaces', ' \n '],
    ['too much', 'x'.repeat(DENIAL_LENGTH + 1)],
    ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----'],
  ])('says at the field what is wrong with %s, in the language that it was opened in', async (_what, reason) => {
    for (const language of ['en', 'zh'] as const) {
      const { desk, request } = await opened(language);
      await send(desk, LEAD, reason);
      const fault = denialFault(reason.trim(), language);
      expect(fault).toEqual(expect.any(String));
      expect(desk.acks).toEqual([{ response_action: 'errors', errors: { [DENIAL_FIELD]: fault } }]);
      expect(await desk.store.load(request.id)).toEqual(request);
      expect(desk.answers).toEqual([]);
    }
  });

  it('takes a reason that just fits', () => {
    expect(denialFault('👀'.repeat(DENIAL_LENGTH), 'en')).toBeUndefined();
  });

  it.each(['', '{', '{"value":"x","language":"en"}'])('that carries %j is told as outdated', async (metadata) => {
    const desk = openDesk();
    await createDenialFormListener(desk.dependencies)(desk.send(LEAD, { private_metadata: metadata }, 'no'));
    expect(desk.acks).toEqual([{ response_action: 'update', view: outdatedView('en') }]);
  });
});

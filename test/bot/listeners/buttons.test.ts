import { describe, expect, it } from '@jest/globals';
import { createApproveListener } from '../../../src/bot/listeners/approve.js';
import { createCancelListener } from '../../../src/bot/listeners/cancel.js';
import { createDenyListener } from '../../../src/bot/listeners/deny.js';
import { createUnknownButtonListener } from '../../../src/bot/listeners/unknown.js';
import {
  approvedReply,
  cancelReply,
  outdatedReply,
  placeReply,
  refusalReply,
} from '../../../src/bot/messages/replies.js';
import { CHANNEL } from '../../jobs/house.js';
import { ASKER, answerOf, buttonValueOf, LEAD, openDesk } from './desk.js';

describe('approve', () => {
  it('counts, and tells what is still missing', async () => {
    const desk = openDesk();
    const request = await desk.waiting();
    await createApproveListener(desk.dependencies)(desk.click(LEAD, buttonValueOf(request)));
    const after = await desk.store.load(request.id);
    expect(after.approvals.map(({ by }) => by)).toEqual([LEAD]);
    expect(answerOf(desk)).toMatchObject(approvedReply({ request: after }, 'en'));
  });

  it('starts at the last one that is missing', async () => {
    const desk = openDesk();
    const request = await desk.waiting();
    for (const by of [LEAD, 'U0LEAD1']) {
      await createApproveListener(desk.dependencies)(desk.click(by, buttonValueOf(request)));
    }
    expect((await desk.store.load(request.id)).state).toBe('running');
  });

  it.each([
    ['own-request', ASKER],
    ['not-an-approver', 'U0OTHER'],
  ] as const)('is refused as %s', async (code, by) => {
    const desk = openDesk();
    const request = await desk.waiting();
    await createApproveListener(desk.dependencies)(desk.click(by, buttonValueOf(request)));
    expect(answerOf(desk)).toMatchObject(refusalReply({ code }, 'en'));
    expect(await desk.store.load(request.id)).toEqual(request);
  });

  it('is refused for a plan that is not the one that was seen', async () => {
    const desk = openDesk();
    const request = await desk.waiting();
    await createApproveListener(desk.dependencies)(desk.click(LEAD, `${request.id}.${'0'.repeat(64)}`));
    expect(answerOf(desk)).toMatchObject(refusalReply({ code: 'plan-changed' }, 'en'));
  });

  it.each(['not-in-channel', 'archived', 'shared'] as const)(
    'is refused where the channel is %s by now',
    async (kind) => {
      const desk = openDesk();
      const request = await desk.waiting();
      desk.places.set(CHANNEL, { kind });
      await createApproveListener(desk.dependencies)(desk.click(LEAD, buttonValueOf(request)));
      expect(answerOf(desk)).toMatchObject(placeReply(kind, 'en'));
      expect(await desk.store.load(request.id)).toEqual(request);
    },
  );

  it('goes by who somebody is now', async () => {
    const desk = openDesk();
    const request = await desk.waiting();
    const known = desk.people.get(LEAD);
    if (known) desk.people.set(LEAD, { ...known, person: { ...known.person, kind: 'deactivated' } });
    await createApproveListener(desk.dependencies)(desk.click(LEAD, buttonValueOf(request)));
    expect(answerOf(desk)).toMatchObject(refusalReply({ code: 'not-an-approver' }, 'en'));
  });
});

describe('cancel', () => {
  it('cancels for the requester, and for nobody who has no part in it', async () => {
    const desk = openDesk();
    const request = await desk.waiting();
    await createCancelListener(desk.dependencies)(desk.click('U0OTHER', buttonValueOf(request)));
    expect(answerOf(desk)).toMatchObject(refusalReply({ code: 'not-yours' }, 'en'));
    desk.answers.length = 0;
    await createCancelListener(desk.dependencies)(desk.click(ASKER, buttonValueOf(request)));
    const after = await desk.store.load(request.id);
    expect(after).toMatchObject({ state: 'cancelled', endedBy: ASKER });
    expect(answerOf(desk)).toMatchObject(cancelReply(after, 'en'));
  });
});

describe('a button’s value', () => {
  it.each([
    ['none', undefined],
    ['empty', ''],
    ['of another form', 'K7M2QX'],
    ['with a digest of another form', 'K7M2QX.xyz'],
    ['with more behind it', `K7M2QX.${'0'.repeat(64)}.x`],
    ['with an id that is no id', `../../x.${'0'.repeat(64)}`],
  ])('%s is told as outdated', async (_what, value) => {
    const desk = openDesk();
    await desk.waiting();
    for (const create of [createApproveListener, createDenyListener, createCancelListener]) {
      desk.answers.length = 0;
      await create(desk.dependencies)(desk.click(LEAD, value));
      expect(answerOf(desk)).toMatchObject(outdatedReply('en'));
    }
  });

  it('of a request that does not exist is told as such', async () => {
    const desk = openDesk();
    for (const create of [createApproveListener, createDenyListener, createCancelListener]) {
      desk.answers.length = 0;
      await create(desk.dependencies)(desk.click(LEAD, `ZZZZZZ.${'0'.repeat(64)}`));
      expect(answerOf(desk)).toMatchObject(refusalReply({ code: 'unknown-request' }, 'en'));
    }
  });

  it('does not matter for a button that is not known', async () => {
    const desk = openDesk();
    const request = await desk.waiting();
    await createUnknownButtonListener(desk.dependencies)(desk.click(LEAD, buttonValueOf(request)));
    expect(answerOf(desk)).toMatchObject(outdatedReply('en'));
    expect(await desk.store.load(request.id)).toEqual(request);
  });
});

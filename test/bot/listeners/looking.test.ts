import { describe, expect, it } from '@jest/globals';
import { createLookingListener, type ReactionArguments } from '../../../src/bot/listeners/looking.js';
import type { Request } from '../../../src/jobs/request.js';
import { CHANNEL, member } from '../../jobs/house.js';
import { ASKER, type Desk, LEAD, openDesk, TEAM } from './desk.js';

const TS = '1700000000.000100';

/** A request whose root message stands in the channel. */
async function shown(): Promise<{ desk: Desk; request: Request; kinds(): Promise<string[]> }> {
  const desk = openDesk();
  const request = await desk.waiting();
  desk.seen.set(TS, { request: request.id, reactions: [] });
  const kinds = async () =>
    (await desk.store.readEntries(request.id)).flatMap(({ events }) => events.map(({ type }) => type)).slice(3);
  return { desk, request, kinds };
}

/** The emoji as it stands there from now on, and the event that tells of it. */
const put = (desk: Desk, emoji: string, users: readonly string[]) => {
  const root = desk.seen.get(TS);
  if (root) desk.seen.set(TS, { ...root, reactions: [{ name: emoji, users }] });
};
const tell = (desk: Desk, user: string, more: Record<string, unknown> = {}, team = TEAM) => {
  const event = {
    type: 'reaction_added',
    user,
    reaction: 'eyes',
    item_user: 'U0BOT',
    item: { type: 'message', channel: CHANNEL, ts: TS },
    event_ts: TS,
    ...more,
  };
  return createLookingListener(desk.dependencies)({ event, body: { team_id: team } } as ReactionArguments);
};

describe('eyes under a request', () => {
  it('say who is looking, once, however often Slack tells of it', async () => {
    const { desk, request, kinds } = await shown();
    put(desk, 'eyes', [LEAD, 'U0LEAD1']);
    for (const user of [LEAD, LEAD, 'U0LEAD1', LEAD]) await tell(desk, user);
    expect(await kinds()).toEqual(['looking', 'looking']);
    expect((await desk.store.load(request.id)).looking).toEqual([LEAD, 'U0LEAD1']);
    expect(desk.answers).toEqual([]);
  });

  it('say it no more when they are gone, also where Slack tells that late, or tells the coming again', async () => {
    const { desk, request, kinds } = await shown();
    put(desk, 'eyes', [LEAD]);
    await tell(desk, LEAD);
    put(desk, 'eyes', []);
    await tell(desk, LEAD, { type: 'reaction_removed' });
    await tell(desk, LEAD);
    await tell(desk, LEAD, { type: 'reaction_removed' });
    expect(await kinds()).toEqual(['looking', 'looked-away']);
    put(desk, 'eyes', [LEAD]);
    await tell(desk, LEAD);
    expect((await desk.store.load(request.id)).looking).toEqual([LEAD]);
  });

  it.each([
    ['the requester', ASKER, {}],
    ['somebody who may not approve', 'U0OTHER', {}],
    ['an approver, with another emoji', LEAD, { reaction: 'thumbsup' }],
    ['an approver, under a message of somebody else', LEAD, { item_user: 'U0OTHER' }],
    ['an approver, under another message', LEAD, { item: { type: 'message', channel: CHANNEL, ts: '1.2' } }],
  ])('say nothing when they come from %s', async (_who, user, more) => {
    const { desk, kinds } = await shown();
    put(desk, 'eyes', [user]);
    await tell(desk, user, more);
    expect(await kinds()).toEqual([]);
    expect(desk.answers).toEqual([]);
  });

  it('say nothing where it is not known who it is', async () => {
    const { desk, kinds } = await shown();
    put(desk, 'eyes', [LEAD]);
    await tell(desk, LEAD, {}, 'T0OTHER');
    desk.loseSlack();
    await tell(desk, LEAD);
    expect(await kinds()).toEqual([]);
  });

  it('say nothing once it is decided', async () => {
    const { desk, request, kinds } = await shown();
    await desk.dependencies.requests.cancel(request.id, member(ASKER));
    put(desk, 'eyes', [LEAD]);
    await tell(desk, LEAD);
    expect(await kinds()).toEqual(['cancelled']);
  });

  it('do not trouble anybody when Slack does not show the message', async () => {
    const { desk, kinds } = await shown();
    const readRoot = () => Promise.reject(new Error('not_in_channel'));
    await tell({ ...desk, dependencies: { ...desk.dependencies, readRoot } }, LEAD);
    expect(desk.lines).toMatchObject([{ level: 'error', message: 'a gesture failed' }]);
    expect(await kinds()).toEqual([]);
  });
});

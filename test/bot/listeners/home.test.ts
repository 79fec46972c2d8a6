import { beforeEach, describe, expect, it } from '@jest/globals';
import { createApproveListener } from '../../../src/bot/listeners/approve.js';
import { createDenyListener } from '../../../src/bot/listeners/deny.js';
import { createDenialFormListener } from '../../../src/bot/listeners/deny-form.js';
import { answeringOnHome, createHomeListener } from '../../../src/bot/listeners/home.js';
import { type HomeTab, noticeView, strangerView } from '../../../src/bot/messages/home.js';
import { approvedReply, deniedReply, refusalReply, uncheckedReply } from '../../../src/bot/messages/replies.js';
import type { Request } from '../../../src/jobs/request.js';
import { member } from '../../jobs/house.js';
import { shownText } from '../messages/reading.js';
import { ASKER, buttonValueOf, type Desk, LEAD, openDesk, TEAM } from './desk.js';

let desk: Desk;
let request: Request;
beforeEach(async () => {
  desk = openDesk();
  request = await desk.waiting();
});

type Opened = Parameters<ReturnType<typeof createHomeListener>>[0];

const open = (user: string, more: { tab?: 'home' | 'messages'; teamId?: string; hash?: string } = {}) => {
  const { tab = 'home', teamId = TEAM, hash } = more;
  const event = { type: 'app_home_opened', user, channel: 'D0', tab, event_ts: '1', ...(hash && { view: { hash } }) };
  return createHomeListener(desk.dependencies)({ event, body: { team_id: teamId } } as unknown as Opened);
};
const shown = ({ blocks }: HomeTab) => shownText({ text: '', blocks });
const only = (): Desk['homes'][number] => {
  const [home, ...more] = desk.homes;
  if (home === undefined || more.length > 0) throw new Error(`${desk.homes.length} views`);
  return home;
};
const hasButtons = (view: HomeTab) => JSON.stringify(view).includes('"action_id":"approve"');

/** A click on a button of the Home tab. */
function click(user: string) {
  const { body: onMessage, ...more } = desk.click(user, buttonValueOf(request));
  const { channel: _channel, ...body } = onMessage;
  const onHome = { ...body, view: { type: 'home' } } as typeof onMessage;
  const respond = () => Promise.reject(new Error('Home has no response URL'));
  return { ...more, body: onHome, respond };
}

describe('opening Home', () => {
  it('shows an approver what waits for them, over no newer view', async () => {
    await open(LEAD, { hash: 'h1' });
    const { user, view, hash } = only();
    expect([user, hash, hasButtons(view)]).toEqual([LEAD, 'h1', true]);
    expect(shown(view)).toContain(request.id);
  });

  it('shows its requester that it is open, without buttons', async () => {
    await open(ASKER);
    expect(hasButtons(only().view)).toBe(false);
    expect(shown(only().view)).toContain(request.id);
  });

  it('shows others nothing of it', async () => {
    await open('U0OTHER');
    expect(shown(only().view)).not.toContain(request.id);
  });

  it.each(['guest', 'outsider', 'deactivated', 'bot'] as const)('shows a %s nothing at all', async (kind) => {
    desk.people.set('U0X', { person: member('U0X', { kind }), language: 'zh' });
    await open('U0X');
    expect(only().view).toEqual(strangerView('zh'));
  });

  it('is in the reader’s own language', async () => {
    desk.people.set(LEAD, { person: member(LEAD), language: 'zh' });
    await open(LEAD);
    expect(shown(only().view)).toContain('等你审批');
  });

  it('on another tab, shows nothing', async () => {
    await open(LEAD, { tab: 'messages' });
    expect(desk.homes).toEqual([]);
  });

  it.each([
    ['Slack does not say who it is', () => desk.loseSlack(), TEAM],
    ['they are of another workspace', () => {}, 'T0OTHER'],
  ])('says so and no more where %s', async (_, lose, teamId) => {
    lose();
    await open(LEAD, { teamId });
    expect(only().view).toEqual(noticeView(uncheckedReply('en')));
  });
});

describe('a click on Home', () => {
  const approve = (user: string) =>
    answeringOnHome(desk.dependencies, createApproveListener(desk.dependencies))(click(user));

  it('decides by the same rules, and its answer stands above the Home of now', async () => {
    await approve(LEAD);
    const after = await desk.store.load(request.id);
    expect(after.approvals.map(({ by }) => by)).toEqual([LEAD]);
    const { user, view } = only();
    expect(user).toBe(LEAD);
    expect(shown(view).startsWith(shownText(approvedReply({ request: after }, 'en')))).toBe(true);
    expect(hasButtons(view)).toBe(false);
    expect(desk.answers).toEqual([]);
  });

  it('by who may not is refused there', async () => {
    await approve('U0OTHER');
    expect((await desk.store.load(request.id)).approvals).toEqual([]);
    expect(shown(only().view).startsWith(shownText(refusalReply({ code: 'not-an-approver' }, 'en')))).toBe(true);
  });

  it('while Slack does not say who it is, changes nothing and says so', async () => {
    desk.loseSlack();
    await approve(LEAD);
    expect((await desk.store.load(request.id)).approvals).toEqual([]);
    expect(only().view).toEqual(noticeView(uncheckedReply('en')));
  });

  it('on Deny opens the form that asks why, and the answer to that stands on Home', async () => {
    await answeringOnHome(desk.dependencies, createDenyListener(desk.dependencies))(click(LEAD));
    const [form, ...more] = desk.forms;
    if (form === undefined || more.length > 0) throw new Error('not one form');
    expect(desk.homes).toEqual([]);
    const view = { private_metadata: form.view.private_metadata ?? '' };
    await createDenialFormListener(desk.dependencies)(desk.send(LEAD, view, 'Not now'));
    const after = await desk.store.load(request.id);
    expect(after.state).toBe('denied');
    expect(shown(only().view).startsWith(shownText(deniedReply(after, 'en')))).toBe(true);
    expect(desk.answers).toEqual([]);
  });

  it('on a message is answered where it was', async () => {
    await answeringOnHome(
      desk.dependencies,
      createApproveListener(desk.dependencies),
    )(desk.click(LEAD, buttonValueOf(request)));
    expect([desk.homes.length, desk.answers.length]).toEqual([0, 1]);
  });
});

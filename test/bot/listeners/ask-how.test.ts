import { describe, expect, it } from '@jest/globals';
import type { ViewSubmitAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { ListenerDependencies } from '../../../src/bot/listeners/gesture/dependencies.js';
import { createGoOnListener } from '../../../src/bot/listeners/go-on/button.js';
import { createGoOnFormListener } from '../../../src/bot/listeners/go-on/form.js';
import { createRequestAllFormListener, createRequestAllListener } from '../../../src/bot/listeners/request-all.js';
import { outdatedView } from '../../../src/bot/messages/denial.js';
import { goOnView } from '../../../src/bot/messages/form/go-on.js';
import { openingView, refusalLines, toldView, uncheckedView } from '../../../src/bot/messages/form/pages.js';
import { requestAllView } from '../../../src/bot/messages/form/request-all.js';
import { createRefusalReply, notOpenedReply, outdatedReply } from '../../../src/bot/messages/replies.js';
import type { Searched } from '../../../src/jobs/find.js';
import type { Requests } from '../../../src/jobs/requests.js';
import { CHANNEL } from '../../jobs/house.js';
import { ACCOUNT } from '../../jobs/samples.js';
import { ASKER, answerOf, buttonValueOf, type Desk, LEAD, openDesk, TEAM } from './desk.js';

/** Buttons that make a request, and their forms: what the whole road does not show. */

const WISH = { code: 'reason-wanted', account: ACCOUNT, pattern: '^INC', example: 'INC-1' } as const;
const PLACE = { account: ACCOUNT, region: 'cn-hangzhou' };
const FOUND: Searched = {
  kind: 'searched',
  query: 'deploy',
  asked: 1,
  found: [{ ...PLACE, name: 'deploy', key: 'kp-1', instances: 2, running: 1 }],
  unanswered: [],
  blind: [],
  differ: false,
};

type More = Partial<Pick<ListenerDependencies, 'finder' | 'choices' | 'screens' | 'requests'>>;

/** With what was put in the place of views. */
function withScreens(desk: Desk, more: More = {}) {
  const shown: ModalView[] = [];
  const replace = async (_old: unknown, view: ModalView) => {
    shown.push(view);
    return true;
  };
  const dependencies: ListenerDependencies = {
    ...desk.dependencies,
    finder: { search: async () => FOUND },
    choices: { ...desk.dependencies.choices, reasonsWanted: () => [WISH] },
    ...more,
    screens: { ...desk.dependencies.screens, replace, replaceComing: replace, ...more.screens },
  };
  return { dependencies, shown };
}

/** What the form is acked with. */
async function submit(
  create: typeof createGoOnFormListener,
  dependencies: ListenerDependencies,
  { carries, reason, by = ASKER }: { carries: string; reason: string; by?: string },
): Promise<unknown[]> {
  const acks: unknown[] = [];
  const values = { reason: { form_reason: { type: 'plain_text_input', value: reason } } };
  await create(dependencies)({
    ack: (async (response: unknown) => void acks.push(response)) as never,
    body: { user: { id: by }, team: { id: TEAM } } as ViewSubmitAction,
    view: { id: 'V7', private_metadata: carries, blocks: [], state: { values } } as never,
  });
  return acks;
}

const ALL = JSON.stringify({ words: 'deploy', channel: CHANNEL, language: 'zh' });

describe('the button for all of it', () => {
  it('puts a view up before anything is asked, then the form with what is wanted', async () => {
    const desk = openDesk();
    const { dependencies, shown } = withScreens(desk);
    const known = desk.people.get(ASKER);
    if (known) desk.people.set(ASKER, { ...known, language: 'zh' });
    await createRequestAllListener(dependencies)(desk.click(ASKER, 'deploy'));
    expect(desk.steps).toEqual(['ack', 'open', 'look', 'look']);
    expect(desk.forms).toMatchObject([{ view: openingView('en') }]);
    expect(shown).toEqual([requestAllView(FOUND, [WISH], ALL, 'zh')]);
    expect(desk.answers).toEqual([]);
  });

  it('without a value is told as outdated, and one that comes too late is answered', async () => {
    const desk = openDesk();
    await createRequestAllListener(desk.dependencies)(desk.click(ASKER, undefined));
    expect(answerOf(desk)).toMatchObject(outdatedReply('en'));
    expect(desk.forms).toEqual([]);
    const late = openDesk();
    late.loseForms(new Error('expired_trigger_id'));
    await createRequestAllListener(late.dependencies)(late.click(ASKER, 'deploy'));
    expect(answerOf(late)).toMatchObject(notOpenedReply('en'));
  });
});

describe.each([
  ['all of it', createRequestAllFormListener, ALL],
  ['going on', createGoOnFormListener, JSON.stringify({ request: 'K7M2QX', why: 'retry', language: 'zh' })],
] as const)('the form for %s', (_what, create, carries) => {
  it('with a private key in it is refused before anybody is looked up', async () => {
    const desk = openDesk();
    const acks = await submit(create, desk.dependencies, { carries, reason: '-----BEGIN PRIVATE KEY-----' });
    expect(acks).toMatchObject([{ response_action: 'errors', errors: { reason: expect.stringContaining('私钥') } }]);
    expect(desk.steps).toEqual([]);
  });

  it.each(['', '{', '{"language":"en"}'])('that carries %j is told as outdated', async (other) => {
    const acks = await submit(create, openDesk().dependencies, { carries: other, reason: 'INC-1' });
    expect(acks).toEqual([{ response_action: 'update', view: outdatedView('en') }]);
  });

  it('does nothing where Slack does not say who it is', async () => {
    const desk = openDesk();
    desk.loseSlack();
    const acks = await submit(create, desk.dependencies, { carries, reason: 'INC-1' });
    expect(acks).toEqual([{ response_action: 'push', view: uncheckedView('en') }]);
  });

  it('in a channel that cannot be used is kept, under the reason why', async () => {
    const desk = openDesk();
    const request = await desk.waiting();
    desk.places.set(CHANNEL, { kind: 'archived' });
    const acks = await submit(create, desk.dependencies, {
      carries: carries.replace('K7M2QX', request.id),
      reason: 'INC-1',
    });
    expect(acks).toMatchObject([{ response_action: 'push' }]);
    expect(JSON.stringify(acks)).toContain('本频道已归档');
  });
});

describe('the form for all of it', () => {
  it('makes one request of what is found now, by whoever sends it, once', async () => {
    const desk = openDesk();
    const { dependencies } = withScreens(desk);
    const sent = { carries: ALL, reason: ' INC-1 \n lost', by: LEAD };
    const acks = [
      ...(await submit(createRequestAllFormListener, dependencies, sent)),
      ...(await submit(createRequestAllFormListener, dependencies, sent)),
    ];
    expect(acks).toMatchObject([{ response_action: 'update' }, { response_action: 'update' }]);
    const [id, again] = acks.map((ack) => /\b([0-9A-Z]{6})\b/.exec(JSON.stringify(ack))?.[1]);
    expect(again).toBe(id);
    expect(await desk.store.load(id ?? '')).toMatchObject({
      requester: LEAD,
      reason: 'INC-1 lost',
      restart: false,
      selections: [{ ...PLACE, key: 'kp-1', instances: 'all' }],
    });
  });

  it('says at the field that the reason will not do, and on top of the form what else stands against it', async () => {
    const refusing = (...refusals: object[]): Requests =>
      ({ create: async () => ({ ok: false, refusals }) }) as unknown as Requests;
    const { dependencies } = withScreens(openDesk(), { requests: refusing(WISH, { ...WISH, account: 'prod-two' }) });
    const sent = { carries: ALL, reason: 'x' };
    expect(await submit(createRequestAllFormListener, dependencies, sent)).toEqual([
      { response_action: 'errors', errors: { reason: `账号 ${ACCOUNT} 要求写明原因，例如：INC-1。` } },
    ]);
    const more = withScreens(openDesk(), { requests: refusing(WISH, { code: 'no-policy', account: ACCOUNT }) });
    expect(await submit(createRequestAllFormListener, more.dependencies, sent)).toMatchObject([
      { response_action: 'push' },
    ]);
  });
});

describe('a button to go on', () => {
  const press = async (desk: Desk, dependencies: ListenerDependencies) =>
    createGoOnListener(dependencies, 'retry')(desk.click(ASKER, buttonValueOf(await desk.waiting())));

  it('opens the form with what is wanted where nothing else stands against it', async () => {
    const desk = openDesk();
    const { requests } = desk.dependencies;
    const { dependencies, shown } = withScreens(desk, {
      requests: { ...requests, goOn: async () => ({ ok: false, refusals: [WISH] }) },
    });
    await press(desk, dependencies);
    const earlier = await desk.store.load('K7M2QX');
    const carries = JSON.stringify({ request: earlier.id, why: 'retry', language: 'en' });
    expect(desk.steps.slice(0, 2)).toEqual(['ack', 'open']);
    expect(shown).toEqual([goOnView(earlier, { why: 'retry', wanted: [WISH], carries }, 'en')]);
  });

  it('tells in it what else stands against it', async () => {
    const desk = openDesk();
    const { dependencies, shown } = withScreens(desk);
    await press(desk, dependencies);
    expect(shown).toEqual([toldView([refusalLines([{ code: 'not-ended' }], 'en')], 'en')]);
  });

  it('opens none where the reason will do, or where that cannot be read', async () => {
    const desk = openDesk();
    await press(desk, desk.dependencies);
    expect(answerOf(desk)).toMatchObject(createRefusalReply([{ code: 'not-ended' }], 'en'));
    const broken = openDesk();
    const get = () => Promise.reject(new Error('no Redis'));
    await press(broken, { ...broken.dependencies, requests: { ...broken.dependencies.requests, get } });
    expect(answerOf(broken).text).toMatch(/^The bot had a fault/);
    expect([...desk.forms, ...broken.forms]).toEqual([]);
  });
});

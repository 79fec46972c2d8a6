import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Queue } from 'bullmq';
import { KEY } from '../../playground/stage/clouds.js';
import { PEOPLE } from '../../playground/stage/stage.js';
import {
  click,
  ending,
  eventsOf,
  hasButton,
  kindsOf,
  openDenial,
  openPlay,
  type Play,
  plan,
  repliesOf,
  rootOf,
  sendDenial,
} from './play.js';

const BOB = PEOPLE.approver;
const CAROL = 'U0CAROL';
const DAN = PEOPLE.other;

let play: Play;

describe.each(['socket', 'http'] as const)('by %s', (transport) => {
  beforeAll(async () => {
    play = await openPlay({ transport, slack: { rateLimits: false } });
  });
  afterAll(() => play.stop());

  it('a denial asks why, and tells everybody', async () => {
    const { id, root } = await plan(play, `${play.clouds.alibaba.account} ${KEY} all`);
    const form = await openDenial(play, BOB, root);
    const late = await openDenial(play, CAROL, root);
    const errors = await play.slack.as(BOB).submitView(form, { reason: '-----BEGIN PRIVATE KEY-----' });
    expect(errors.errors?.reason).toMatch(/^That was a private key/);
    expect(await kindsOf(play, id)).toEqual(['requested', 'surveyed', 'planned']);

    expect(await sendDenial(play, form, 'The key is <!here> *still* in use')).toBe(
      `🚫 You denied request ${id}. Nothing was changed.`,
    );
    expect(play.slack.as(BOB).modal()).toBeUndefined();
    expect(await sendDenial(play, late, 'Too late')).toMatch(/^Too late: it was denied by <@U0BOB> /);
    const told = (await ending(play, id)).join('\n');
    for (const shown of [told, rootOf(play, id).text.replaceAll('`', '')]) {
      expect(shown).toContain('Why: The key is &lt;!here&gt; *still* in use');
    }
    expect((await eventsOf(play, id)).at(-1)).toEqual({
      type: 'denied',
      by: BOB,
      reason: 'The key is <!here> *still* in use',
    });
    expect(JSON.stringify(await eventsOf(play, id))).not.toContain('PRIVATE KEY');
    expect(await click(play, CAROL, root, 'deny')).toMatch(/^Too late: it was denied by <@U0BOB> /);
    expect(play.slack.as(CAROL).modal()).toBeUndefined();
  });

  it('eyes under a request tell the others who is looking, while it waits', async () => {
    const { id, root } = await plan(play, `${play.clouds.tencent.account} ${KEY} all`);
    const shows = (text: string) => play.slack.waitFor(() => rootOf(play, id).text.includes(text), text);
    await play.slack.as(DAN).react(root, 'eyes');
    await play.slack.as(BOB).react(root, 'thumbsup');
    await play.slack.as(BOB).react(root, 'eyes');
    await shows('👀 <@U0BOB> is looking at it.');
    await play.slack.redeliver({ retry: { attempt: 1, reason: 'http_timeout' } });
    await play.slack.as(CAROL).react(root, 'eyes');
    await shows('👀 <@U0BOB> and <@U0CAROL> are looking at it.');
    await play.slack.as(BOB).unreact(root, 'eyes');
    await shows('👀 <@U0CAROL> is looking at it.');
    expect((await kindsOf(play, id)).slice(3)).toEqual(['looking', 'looking', 'looked-away']);
    expect(repliesOf(play, id)).toEqual([]);
    expect(await click(play, CAROL, root, 'approve')).toMatch(/It is running now/);
    await ending(play, id);
    expect(rootOf(play, id).text).not.toContain('👀');
    expect(play.slack.ephemerals('C0INCIDENT', DAN)).toEqual([]);
  });
});

describe('nobody decides', () => {
  afterEach(() => play.stop());

  it('they are reminded, then the next ones are called and may approve, and the log says which plan', async () => {
    const clock = { now: Date.now() };
    play = await openPlay({
      tuning: { now: () => clock.now },
      slack: { rateLimits: false },
      config: (file) => ({
        ...file,
        policies: file.policies.map((policy) => ({
          ...policy,
          approvers: { users: [PEOPLE.requester, BOB, CAROL] },
          notify: { users: [PEOPLE.requester, BOB, CAROL], userGroups: ['S0ONCALL'] },
          approvals: 2,
          remindBefore: '20m',
          escalate: { after: '15m', approvers: { users: [DAN] } },
        })),
      }),
    });
    const { id, root } = await plan(play, `${play.clouds.alibaba.account} ${KEY} all`);
    const thread = (text: string) =>
      play.slack.waitFor(() => repliesOf(play, id).find((reply) => reply.text.includes(text)), text);
    expect(await click(play, BOB, root, 'approve')).toMatch(/still waits for 1 approval/);
    expect(await click(play, DAN, root, 'approve')).toMatch(/^你不是/);

    clock.now += 10 * 60_000;
    await loseJob(play, `remind_${id}`);
    expect((await thread('🔔')).text).toMatch(
      /^<@U0CAROL> <!subteam\^S0ONCALL> 🔔 This still waits for approval, and expires /m,
    );
    expect(await click(play, DAN, root, 'approve')).toMatch(/^你不是/);

    clock.now += 5 * 60_000;
    await loseJob(play, `escalate_${id}`);
    expect((await thread('⏫')).text).toMatch(
      /^<@U0DAN> ⏫ This still lacks approvals for prod-hz\. From now on you may/m,
    );
    await play.slack.waitFor(
      () => rootOf(play, id).text.includes('⏫ For prod-hz these may approve too: <@U0DAN>'),
      'the next approvers on the root',
    );
    expect(await click(play, DAN, root, 'approve')).toMatch(/现在开始执行/);
    const { digest } = (await eventsOf(play, id)).find((event) => event.type === 'planned') ?? { digest: '' };
    const texts = (await ending(play, id)).join('\n');
    expect(texts).toContain(`✅ <@U0DAN> approved plan ${digest.slice(0, 12)} (prod-hz: 2 of 2).`);
    expect(rootOf(play, id).text).toContain(`Plan ${digest.slice(0, 12)}.`);
    const kinds = await kindsOf(play, id);
    for (const kind of ['reminded', 'escalated']) expect(kinds.filter((one) => one === kind)).toHaveLength(1);
    expect(hasButton(rootOf(play, id), 'approve')).toBe(false);
  });
});

/** A job waits by the machine's clock, and is not to be waited for: one that is lost comes back with the sweep. */
async function loseJob({ redis, prefix }: Play, job: string): Promise<void> {
  const queue = new Queue('requests', { connection: redis, prefix: `{${prefix}}` });
  expect(await queue.remove(job)).toBe(1);
  await queue.close();
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KEY } from '../../playground/stage/clouds.js';
import { PEOPLE } from '../../playground/stage/stage.js';
import { click, ending, eventsOf, kindsOf, openDenial, openPlay, type Play, plan, rootOf, sendDenial } from './play.js';

const BOB = PEOPLE.approver;
const CAROL = 'U0CAROL';

let play: Play;

describe.each(['socket', 'http'] as const)('a denial, by %s', (transport) => {
  beforeAll(async () => {
    play = await openPlay({ transport, slack: { rateLimits: false } });
  });
  afterAll(() => play.stop());

  it('asks why, and tells everybody', async () => {
    const { id, root } = await plan(play, `${play.clouds.alibaba.account} ${KEY} all`);
    const form = await openDenial(play, BOB, root);
    const late = await openDenial(play, CAROL, root);
    const errors = await play.slack.as(BOB).submitView(form, { reason: '-----BEGIN PRIVATE KEY-----' });
    expect(errors.errors?.reason).toMatch(/^That was a private key/);
    expect(await kindsOf(play, id)).toEqual(['requested', 'surveyed', 'planned']);

    expect(await sendDenial(play, form, 'The key is <!here> *still* in use')).toBe(
      `You denied request ${id}. Nothing was changed.`,
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
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KEY } from '../../playground/stage/clouds.js';
import { PEOPLE } from '../../playground/stage/stage.js';
import { ask, click, eventsOf, openPlay, type Play, planned, requestsIn, rootOf, type } from './play.js';

/** What policies and accounts say besides who may: what a reason is like, and what to know before. */

const WARNING = 'Production. *Phone* <!here> first.';
const [ALICE, BOB] = [PEOPLE.requester, PEOPLE.approver];

let play: Play;
beforeAll(async () => {
  play = await openPlay({
    slack: { rateLimits: false },
    config: (file) => ({
      ...file,
      accounts: Object.fromEntries(
        Object.entries(file.accounts).map(([name, account]) => [
          name,
          name === 'prod-hz' ? { ...account, warning: WARNING } : account,
        ]),
      ),
      policies: file.policies.map((policy) => ({
        ...policy,
        reason: '^INC-\\d+',
        reasonExample: 'INC-4211 laptop stolen',
      })),
    }),
  });
});
afterAll(() => play.stop());

describe('a reason that must match', () => {
  it.each(['', ' --reason laptop stolen'])('is asked for where the command has "%s"', async (reason) => {
    const answer = await type(play, `game-gz ${KEY} all${reason}`);
    expect(answer).toBe(
      'Account game-gz wants a reason like this one: INC-4211 laptop stolen. Ask again with one: --reason &lt;words&gt;',
    );
    expect(await requestsIn(play)).toEqual([]);
  });
});

describe('a warning of an account', () => {
  it('is read by whoever asks and whoever approves, as it is written, and is in the log', async () => {
    const answer = await type(play, `prod-hz ${KEY} all --reason INC-1 lost`);
    const shown = 'prod-hz: Production. *Phone* &lt;!here&gt; first.';
    expect(answer).toContain(shown);
    const [, id = ''] = /[Rr]equest ([0-9A-Z]{6})\b/.exec(answer) ?? [];
    const root = await planned(play, id);
    expect(root.text.replaceAll('`', '')).toContain(shown);
    const blocks = JSON.stringify(root.blocks);
    expect(JSON.stringify(JSON.parse(blocks).at(-1))).toContain(`❗ prod-hz: ${WARNING}\\nKey ${KEY} comes off`);
    expect(blocks).not.toMatch(/"(broadcast|usergroup)"/);
    expect(await eventsOf(play, id)).toMatchObject([{ warnings: [{ account: 'prod-hz', text: WARNING }] }, {}, {}]);
    await click(play, BOB, root, 'approve');
    await play.slack.waitFor(() => !rootOf(play, id).text.includes('❗'), 'the warning to go once it is decided');
  });

  it('is not there for another', async () => {
    const id = await ask(play, `feed-bj ${KEY} all --reason INC-2`, { by: ALICE });
    expect((await planned(play, id)).text).not.toContain('❗');
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ModalView } from '@slack/types';
import { LogLevel, WebClient } from '@slack/web-api';
import type { LocalSlack } from '../../../playground/slack/local-slack.js';
import { startSlack } from '../../../playground/slack/slack.js';
import { openingView, readingView, sendingView } from '../../../src/bot/messages/form/pages.js';
import { noticeView } from '../../../src/bot/messages/home.js';
import { createScreens, type Screens } from '../../../src/bot/views/screens.js';

const TOKENS = { botToken: 'xoxb-test', appToken: 'xapp-test', signingSecret: 'secret' };

let slack: LocalSlack;
let screens: Screens;
let time: number;
/** What happens while the screens wait. */
let whileWaiting: () => Promise<unknown>;
let waits: number[];

beforeEach(async () => {
  time = 1_700_000_000_000;
  waits = [];
  whileWaiting = async () => {};
  slack = await startSlack({ ...TOKENS, now: () => time, ackLimitMs: 1 });
  const logger = {
    debug() {},
    info() {},
    warn() {},
    error() {},
    setLevel() {},
    getLevel: () => LogLevel.ERROR,
    setName() {},
  };
  const client = new WebClient(TOKENS.botToken, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 }, logger });
  screens = createScreens(client, async (ms) => {
    waits.push(ms);
    await whileWaiting();
  });
});
afterEach(() => slack.stop());

const alice = () => slack.as('U0ALICE');
/** Nothing listens, so the gesture fails; its trigger is given out all the same. */
async function trigger(): Promise<string> {
  await alice()
    .shortcut('open_form')
    .catch(() => {});
  return String(slack.deliveries.at(-1)?.envelope.payload.trigger_id);
}
const view = openingView('en');
const titleOn = () => alice().modal()?.blocks;

async function open(more: Partial<ModalView> = {}): Promise<string> {
  const opened = await screens.open(await trigger(), { ...view, ...more });
  if (opened.kind !== 'opened') throw new Error(opened.kind);
  return opened.id;
}

describe('a view', () => {
  it('opens once for a trigger, within its three seconds', async () => {
    const first = await trigger();
    expect(await screens.open(first, view)).toEqual({ kind: 'opened', id: alice().modal()?.id });
    expect(await screens.open(first, view)).toEqual({ kind: 'again' });
    const second = await trigger();
    time += 3_001;
    expect(await screens.open(second, view)).toEqual({ kind: 'late' });
  });

  it('gives way where it is still there as it was seen', async () => {
    const id = await open();
    const hash = alice().modal()?.hash ?? '';
    expect(await screens.replace({ id, hash }, readingView('en'))).toBe(true);
    const shown = titleOn();
    expect(await screens.replace({ id, hash }, sendingView('en'))).toBe(false);
    expect(titleOn()).toEqual(shown);
    expect(await screens.replace({ id }, sendingView('en'))).toBe(true);
    const top = alice().modal();
    if (top) await alice().closeView(top);
    expect(await screens.replace({ id }, view)).toBe(false);
  });

  it('that is on its way is waited for, and not for ever', async () => {
    whileWaiting = () => (waits.length === 2 ? open({ external_id: 'coming' }) : Promise.resolve());
    expect(await screens.replaceComing('coming', readingView('en'))).toBe(true);
    expect(waits).toEqual([100, 200]);
    expect(JSON.stringify(titleOn())).toContain('Reading the cloud');
    waits = [];
    expect(await screens.replaceComing('never', view)).toBe(false);
    expect(waits).toHaveLength(5);
  });

  it('that Slack refuses for another reason is a fault', async () => {
    slack.fail('views.open', { kind: 'error', error: 'invalid_arguments' });
    await expect(open()).rejects.toThrow('invalid_arguments');
    const id = await open();
    slack.fail('views.update', { kind: 'error', error: 'internal_error' });
    await expect(screens.replace({ id }, view)).rejects.toThrow('internal_error');
  });
});

const homeOf = (text: string) => noticeView({ text, blocks: [] });
const shownAtHome = () => JSON.stringify(slack.as('U0BOB').home()?.blocks);

describe('Home', () => {
  it('is put there, and in the place of the one that it was made from', async () => {
    await screens.showHome('U0BOB', homeOf('first'));
    expect(shownAtHome()).toContain('first');
    await screens.showHome('U0BOB', homeOf('second'), slack.as('U0BOB').home()?.hash);
    expect(shownAtHome()).toContain('second');
  });

  it('stays where it is newer than what was to be replaced', async () => {
    await screens.showHome('U0BOB', homeOf('first'));
    const old = slack.as('U0BOB').home()?.hash;
    await screens.showHome('U0BOB', homeOf('the answer'));
    await screens.showHome('U0BOB', homeOf('late'), old);
    expect(shownAtHome()).toContain('the answer');
  });

  it('that Slack does not take is told of', async () => {
    await expect(screens.showHome('U0NOBODY', homeOf('first'))).rejects.toThrow('invalid_arguments');
  });
});

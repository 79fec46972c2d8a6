import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogLevel, WebClient } from '@slack/web-api';
import type { LocalSlack } from '../../playground/slack/local-slack.js';
import { startSlack } from '../../playground/slack/slack.js';
import { noticeView } from '../../src/bot/messages/home.js';
import { createScreens, type Screens } from '../../src/bot/screens.js';

let slack: LocalSlack;
let screens: Screens;
beforeEach(async () => {
  slack = await startSlack({ botToken: 'xoxb-test', appToken: 'xapp-test', signingSecret: 'secret' });
  const logger = {
    debug() {},
    info() {},
    warn() {},
    error() {},
    setLevel() {},
    getLevel: () => LogLevel.ERROR,
    setName() {},
  };
  const client = new WebClient('xoxb-test', { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 }, logger });
  screens = createScreens(client, async () => {});
});
afterEach(() => slack.stop());

const view = (text: string) => noticeView({ text, blocks: [] });
const shown = () => JSON.stringify(slack.as('U0BOB').home()?.blocks);

describe('Home', () => {
  it('is put there, and in the place of the one that it was made from', async () => {
    await screens.showHome('U0BOB', view('first'));
    expect(shown()).toContain('first');
    await screens.showHome('U0BOB', view('second'), slack.as('U0BOB').home()?.hash);
    expect(shown()).toContain('second');
  });

  it('stays where it is newer than what was to be replaced', async () => {
    await screens.showHome('U0BOB', view('first'));
    const old = slack.as('U0BOB').home()?.hash;
    await screens.showHome('U0BOB', view('the answer'));
    await screens.showHome('U0BOB', view('late'), old);
    expect(shown()).toContain('the answer');
  });

  it('that Slack does not take is told of', async () => {
    await expect(screens.showHome('U0NOBODY', view('first'))).rejects.toThrow('invalid_arguments');
  });
});

import { describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { loadConfig } from '../../src/config.js';
import { ENV, faultsOf, file } from './sample.js';

describe('faults of the environment', () => {
  test.each<[string, Record<string, string | undefined>, RegExp]>([
    ['no bot token', { SLACK_BOT_TOKEN: undefined }, /^SLACK_BOT_TOKEN is not set; copy/],
    ['an empty bot token', { SLACK_BOT_TOKEN: '' }, /^SLACK_BOT_TOKEN is not set; copy/],
    ['a user token', { SLACK_BOT_TOKEN: 'xoxp-1' }, /^SLACK_BOT_TOKEN must start with xoxb-; copy/],
    ['a token with a line break', { SLACK_BOT_TOKEN: 'xoxb-1\n' }, /^SLACK_BOT_TOKEN has a space or a line break/],
    ['a wrong app token', { SLACK_APP_TOKEN: 'xoxb-1' }, /^SLACK_APP_TOKEN must start with xapp-; copy/],
    ['nothing to listen with', { SLACK_APP_TOKEN: '' }, /^Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set/],
    ['no Redis', { REDIS_URL: undefined }, /^REDIS_URL is not set; give/],
    ['a Redis without a scheme', { REDIS_URL: '127.0.0.1:6379' }, /^REDIS_URL must be an address that begins with/],
    ['a Redis password that cannot be read', { REDIS_URL: 'redis://:%zz@h' }, /^REDIS_URL has a % that/],
    ['a port that is a word', { PORT: 'http' }, /^PORT must be a whole number from 0 to 65535/],
    ['a port too large', { PORT: '65536' }, /^PORT must be/],
    ['half a port', { PORT: '80.5' }, /^PORT must be/],
    ['an unknown role', { DETACH_KEY_ROLE: 'both' }, /^DETACH_KEY_ROLE must be one of all, bot, worker/],
    ['an unknown level', { LOG_LEVEL: 'loud' }, /^LOG_LEVEL must be one of fatal, error/],
    [
      'an API with a query',
      { SLACK_API_URL: 'https://slack.com/api/?a=1' },
      /^SLACK_API_URL must be an http or https address/,
    ],
    ['an API that is no address', { SLACK_API_URL: 'slack.com' }, /^SLACK_API_URL must be an http or https address/],
  ])('%s', (_, change, sentence) => {
    expect(faultsOf(file(), { ...ENV, ...change })).toEqual([expect.stringMatching(sentence)]);
  });

  test.each([
    ['ENOENT', /^There is no config file/],
    ['EACCES', /cannot be read \(EACCES\)/],
  ])('a file that gives %s', (code, sentence) => {
    const readFile = () => {
      throw Object.assign(new Error('no'), { code });
    };
    expect(loadConfig({ env: ENV, readFile })).toEqual({ ok: false, faults: [expect.stringMatching(sentence)] });
  });

  test('the file is the one that the environment names', () => {
    const asked: string[] = [];
    const readFile = (path: string) => {
      asked.push(path);
      return stringify(file());
    };
    loadConfig({ env: ENV, readFile });
    loadConfig({ env: { ...ENV, DETACH_KEY_CONFIG: '/etc/dk.yml' }, readFile });
    expect(asked).toEqual(['./detach-key.yml', '/etc/dk.yml']);
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { LocalSlack } from '../../playground/slack/local-slack.js';
import { startSlack } from '../../playground/slack/slack.js';
import { ROOT } from '../architecture/source.js';
import { compileProgram, type Program } from './program.js';

const SLACK = {
  botToken: 'xoxb-canary-of-the-bot',
  appToken: 'xapp-canary-of-the-app',
  signingSecret: 'canary-secret',
};
const CONFIG = `accounts:
  prod-hz:
    provider: alibaba
    regions: [cn-hangzhou]
    credentials: { accessKeyId: id, accessKeySecret: canary-of-the-cloud }
policies:
  - accounts: ["*"]
    approvers: { users: [U0BOB] }
`;
const EXAMPLE_VARIABLES = [
  ...readFileSync(join(ROOT, 'detach-key.example.yml'), 'utf8').matchAll(/\$\{([A-Z_]{5,})\}/g),
];

let program: Program;
let folder: string;

beforeAll(() => {
  program = compileProgram();
});
afterAll(() => program.remove());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'detach-key-program-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('words', () => {
  test.each([
    [[]],
    [['gone']],
    [['toString']],
    [['config']],
    [['config', 'checks']],
    [['config', 'check', 'more']],
    [['demo', '--gone']],
  ])('%j are answered with the usage, and exit code 2', async (words) => {
    const { code, stdout, stderr } = await program.start(words).ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: detach-key|Usage: npm run demo/);
  });
});

describe('config check', () => {
  test('names every fault at once, and no value', async () => {
    writeFileSync(
      join(folder, 'detach-key.yml'),
      CONFIG.replace('alibaba', 'canary-provider').replace('U0BOB', 'canary-user'),
    );
    const env = { SLACK_BOT_TOKEN: 'canary-token', PORT: '99999' };
    const { code, stdout, stderr } = await program.start(['config', 'check'], { env, cwd: folder }).ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.filter((line) => !line.startsWith('fault: '))).toEqual([]);
    for (const name of ['SLACK_BOT_TOKEN', 'REDIS_URL', 'PORT', 'SLACK_APP_TOKEN', 'provider', 'users'])
      expect(stdout).toContain(name);
    expect(stdout).not.toContain('canary');
  });

  test('finds the example good', async () => {
    const env = {
      SLACK_BOT_TOKEN: SLACK.botToken,
      SLACK_APP_TOKEN: SLACK.appToken,
      REDIS_URL: 'redis://127.0.0.1:6379',
      DETACH_KEY_CONFIG: join(ROOT, 'detach-key.example.yml'),
      ...Object.fromEntries(EXAMPLE_VARIABLES.map(([, name]) => [name, 'x'])),
    };
    expect(await program.start(['config', 'check'], { env, cwd: folder }).ended).toEqual({
      code: 0,
      stdout: 'The config is good: 4 accounts.\n',
      stderr: '',
    });
  });
});

describe('start', () => {
  const setUp = (env: Record<string, string>) => {
    writeFileSync(join(folder, 'detach-key.yml'), CONFIG);
    const tokens = { SLACK_BOT_TOKEN: SLACK.botToken, SLACK_APP_TOKEN: SLACK.appToken };
    return program.start(['start'], { cwd: folder, env: { ...tokens, PORT: '0', ...env } });
  };

  test('says all that is missing, and ends', async () => {
    const { code, stdout, stderr } = await program.start(['start'], { cwd: folder }).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^detach-key cannot start:\n/);
    for (const name of ['SLACK_BOT_TOKEN', 'REDIS_URL', 'DETACH_KEY_CONFIG']) expect(stderr).toContain(name);
  });

  test('without a Redis it ends by itself, and tells no secret', async () => {
    const { code, stdout, stderr } = await setUp({ REDIS_URL: 'redis://:canary-password@127.0.0.1:1' }).ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toContain('could not start');
    expect(stdout).toContain('REDIS_URL');
    expect(stdout).not.toContain('canary');
  });

  describe('with Redis and Slack', () => {
    let slack: LocalSlack;
    beforeEach(async () => {
      slack = await startSlack(SLACK);
    });
    afterEach(() => slack.stop());
    /** A database of its own: the program's keys have no prefix that a test could choose. */
    const redisUrl = () => new URL('/9', process.env.REDIS_URL).href;
    const surroundings = () => ({ REDIS_URL: redisUrl(), SLACK_API_URL: slack.apiUrl });

    test('is ready, answers its health routes, and stops when it is told to', async () => {
      const running = setUp(surroundings());
      await running.until('"ready"');
      const line =
        running
          .said()
          .stdout.split('\n')
          .find((part) => part.includes('"ready"')) ?? '{}';
      const { port } = JSON.parse(line) as { port: number };
      const answers = await Promise.all(
        ['healthz', 'readyz', 'metrics'].map((path) => fetch(`http://127.0.0.1:${port}/${path}`)),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      running.child.kill('SIGTERM');
      const { code, stdout, stderr } = await running.ended;
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).not.toContain('canary');
    });

    test('with a token that Slack refuses it ends by itself', async () => {
      const { code, stdout } = await setUp({ ...surroundings(), SLACK_BOT_TOKEN: 'xoxb-canary-of-nobody' }).ended;
      expect(code).toBe(1);
      expect(stdout).toContain('could not start');
      expect(stdout).not.toContain('canary');
    });
  });
});

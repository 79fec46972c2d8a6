import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { stringify } from 'yaml';
import type { LocalSlack } from '../../playground/slack/local-slack.js';
import { startSlack } from '../../playground/slack/slack.js';
import { KEY, type StageCloud, settingsFor, startStageCloud } from '../../playground/stage/clouds.js';
import { CHANNEL, PEOPLE } from '../../playground/stage/stage.js';
import { compileProgram, type Program, type Running } from '../bin/program.js';
import { openWire } from '../jobs/wire.js';
import { answerTo, ending, naming, planned, rootsOf } from './play.js';

/** The service as a process of its own, timed as in production, with local parts around it. */
const TOKENS = { botToken: 'xoxb-canary-bot', appToken: 'xapp-canary-app', signingSecret: 'canary-signing-secret' };

let program: Program;
let folder: string;
let slack: LocalSlack;
let cloud: StageCloud;
let redis: Redis;
const running: Running[] = [];

/** A database of its own: the program's keys have no prefix that a test could choose. */
const redisUrl = () => new URL('/10', process.env.REDIS_URL).href;

beforeAll(() => {
  program = compileProgram();
  redis = new Redis(redisUrl());
});
afterAll(() => {
  program.remove();
  redis.disconnect();
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'detach-key-e2e-'));
  slack = await startSlack(TOKENS);
  cloud = await startStageCloud('tencent', { states: ['stopped', 'stopped'] });
  const policy = { accounts: ['*'], approvers: { users: [PEOPLE.approver] } };
  const file = { accounts: { [cloud.account]: settingsFor(cloud) }, policies: [policy] };
  writeFileSync(join(folder, 'detach-key.yml'), stringify(file));
});
afterEach(async () => {
  for (const { child } of running.splice(0)) child.kill('SIGKILL');
  await slack.stop();
  await cloud.cloud.stop();
  rmSync(folder, { recursive: true, force: true });
});

const GOOD = () => ({
  SLACK_BOT_TOKEN: TOKENS.botToken,
  SLACK_APP_TOKEN: TOKENS.appToken,
  SLACK_API_URL: slack.apiUrl,
  REDIS_URL: redisUrl(),
  PORT: '0',
});

function start(env: Record<string, string> = {}): Running {
  const started = program.start(['start'], { cwd: folder, env: { ...GOOD(), ...env } });
  running.push(started);
  return started;
}

type LogLine = {
  msg?: string;
  port?: number;
  level?: number;
  error?: { message?: string; cause?: { message?: string } };
};
const linesOf = (text: string): LogLine[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LogLine);

async function ready(started: Running): Promise<number> {
  await started.until('"msg":"ready"');
  return linesOf(started.said().stdout).find(({ msg }) => msg === 'ready')?.port ?? 0;
}

const get = async (port: number, path: string) => {
  const reply = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: reply.status, body: await reply.text() };
};

async function stop(started: Running): Promise<void> {
  started.child.kill('SIGTERM');
  const { code, stderr, stdout } = await started.ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).not.toContain('canary');
}

describe('what keeps it from starting is said, and nothing is started', () => {
  it.each([
    ['no bot token', { SLACK_BOT_TOKEN: '' }, ['SLACK_BOT_TOKEN is not set']],
    [
      'neither app token nor signing secret',
      { SLACK_APP_TOKEN: '' },
      ['Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET'],
    ],
    [
      'tokens that were mixed up',
      { SLACK_BOT_TOKEN: 'xapp-canary', SLACK_APP_TOKEN: 'xoxb-canary' },
      ['SLACK_BOT_TOKEN must', 'SLACK_APP_TOKEN must'],
    ],
    ['no config file', { DETACH_KEY_CONFIG: 'gone.yml' }, ['There is no config file']],
    [
      'everything at once',
      {
        SLACK_BOT_TOKEN: '',
        SLACK_APP_TOKEN: '',
        REDIS_URL: 'http://canary',
        PORT: 'x',
        LOG_LEVEL: 'loud',
        DETACH_KEY_CONFIG: 'gone.yml',
      },
      ['SLACK_BOT_TOKEN', 'Neither', 'REDIS_URL', 'PORT', 'LOG_LEVEL', 'There is no config file'],
    ],
  ])('%s', async (_what, env, faults) => {
    const { code, stdout, stderr } = await start(env).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const [head, ...lines] = stderr.trimEnd().split('\n');
    expect(head).toBe('detach-key cannot start:');
    expect(lines.length).toBe(faults.length);
    for (const fault of faults) expect(lines.filter((line) => line.startsWith(`  - ${fault}`)).length).toBe(1);
    expect(stderr).not.toContain('canary');
    expect(slack.calls).toEqual([]);
  });

  it('a config file with several faults: all of them, and none of its values', async () => {
    writeFileSync(
      join(folder, 'detach-key.yml'),
      stringify({
        accounts: {
          a: { provider: 'canary-cloud', regions: [] },
          all: { provider: 'tencent', regions: ['ap-guangzhou'], secret: 'canary' },
        },
        policies: [{ accounts: ['nobody'], approvers: { users: ['canary'] }, approvals: 0, expiresAfter: 'soon' }],
        extra: 'canary',
      }),
    );
    const { code, stderr } = await start().ended;
    expect(code).toBe(1);
    expect(stderr).not.toMatch(/canary(?!-cloud)/);
    for (const place of [
      'accounts.a.provider',
      'accounts.all',
      'policies[0].accounts[0]',
      'policies[0].approvers',
      'approvals',
      'expiresAfter',
      'extra',
    ])
      expect(stderr).toContain(place);
    expect(slack.calls).toEqual([]);
  });

  it.each([
    ['a Redis that is away', { REDIS_URL: 'redis://:canary@127.0.0.1:1' }, 'cannot connect to Redis: check REDIS_URL'],
    ['a bot token that Slack refuses', { SLACK_BOT_TOKEN: 'xoxb-canary-of-nobody' }, 'invalid_auth'],
    ['an app token that Slack refuses', { SLACK_APP_TOKEN: 'xapp-canary-of-nobody' }, 'invalid_auth'],
  ])('%s', async (_what, env, words) => {
    const { code, stdout, stderr } = await start(env).ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const last = linesOf(stdout).at(-1);
    expect(last?.msg).toBe('could not start');
    expect(last?.error?.message).toContain(words);
    expect(stdout).not.toContain('canary');
    expect(slack.sockets()).toBe(0);
  });
});

describe('a process that runs', () => {
  it.each([
    ['Socket Mode', {}],
    ['HTTP', { SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: TOKENS.signingSecret }],
    ['the worker alone', { DETACH_KEY_ROLE: 'worker', SLACK_APP_TOKEN: '' }],
    ['the bot alone', { DETACH_KEY_ROLE: 'bot' }],
  ])('answers what watches it, and stops cleanly: %s', async (_mode, env) => {
    const started = start(env);
    const port = await ready(started);
    expect(await get(port, '/healthz')).toEqual({ status: 200, body: 'ok\n' });
    expect(await get(port, '/readyz')).toEqual({ status: 200, body: 'ready\n' });
    expect(await get(port, '/metrics')).toEqual({ status: 200, body: expect.stringContaining('# TYPE detach_key_') });
    expect((await get(port, '/nowhere')).status).toBe(404);
    await stop(started);
    expect(slack.sockets()).toBe(0);
  });

  it('ends when it is told to while Redis does not answer, before its last deadline', async () => {
    const wire = await openWire();
    const started = start({ REDIS_URL: new URL('/10', wire.url).href });
    await ready(started);
    wire.freeze();
    started.child.kill('SIGTERM');
    const { code, stdout } = await started.ended;
    // With 0 only where no job was held.
    const last = linesOf(stdout).at(-1)?.msg;
    expect([last, code]).toEqual(code === 0 ? ['stopping', 0] : ['did not stop cleanly', 1]);
    expect(stdout).not.toContain('canary');
    await wire.close();
  }, 120_000);

  /** Asks, and gives the request's id. */
  async function askFor(): Promise<string> {
    const typed = slack.as(PEOPLE.requester).command(CHANNEL, '/detach-key', `${cloud.account} ${KEY} all`);
    return /[Rr]equest ([0-9A-Z]{6})/.exec(await answerTo({ slack }, typed))?.[1] ?? '';
  }

  async function kill(killed: Running): Promise<void> {
    killed.child.kill('SIGKILL');
    await killed.ended;
    await slack.waitFor(() => slack.sockets() === 0, 'the connections to be gone');
  }

  /** Somebody approves, and it goes to its end, told once. */
  async function goOn(id: string, limitMs: number): Promise<void> {
    const again = start();
    await ready(again);
    const answer = await answerTo({ slack }, slack.as(PEOPLE.approver).click(await planned({ slack }, id), 'approve'));
    expect(answer).toMatch(/It is running now/);
    const texts = await ending({ slack }, id, limitMs);
    expect(texts.join('\n')).toMatch(/✅ Detached · 2 instances/);
    expect(cloud.ids.map((one) => naming(texts, one))).toEqual([1, 1]);
    expect(rootsOf({ slack }, id).length).toBe(1);
    expect([...cloud.cloud.world.instances.values()].map(({ keyPairs }) => keyPairs)).toEqual([[], []]);
    await stop(again);
  }

  it('is killed between request and approval, and goes the road to its end when it is there again', async () => {
    const killed = start();
    await ready(killed);
    const id = await askFor();
    await planned({ slack }, id);
    // What comes next would find the lock of a dead process: see below.
    while ((await redis.exists(`dk:{${id}}:telling`)) === 1);
    await kill(killed);
    await goOn(id, 60_000);
    expect(await redis.zscore('dk:open', id)).toBeNull();
  }, 120_000);

  // The dead process's lock holds the thread up for five minutes, while the clouds are called.
  it('is killed while it tells: the thread goes on soon, and nothing comes twice', async () => {
    const killed = start();
    await ready(killed);
    const hold = slack.hold('chat.postMessage');
    const id = await askFor();
    await hold.arrived;
    await kill(killed);
    hold.release();
    await goOn(id, 45_000);
  }, 120_000);
});

import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../playground/clouds/cloud.js';
import { startOpsgenie } from '../../playground/on-call/opsgenie.js';
import { startPagerDuty } from '../../playground/on-call/pagerduty.js';
import type { SlackFault } from '../../playground/slack/faults.js';
import { makeUser } from '../../playground/slack/workspace.js';
import { KEY, KIND_IDS, type KindId, settingsFor } from '../../playground/stage/clouds.js';
import { CHANNEL, PEOPLE, type StageFile, slackSecrets } from '../../playground/stage/stage.js';
import { secretsOf } from '../../src/providers/registry.js';
import { answerTo, ask, click, ending, openPlay, type Play, plan, type } from './play.js';
import { everythingIn } from './redis-values.js';

const REDIS_PASSWORD = 'canary/redis?pass word';
const FORGED = 'canary-forged';

const FAULTS: readonly Fault[] = [
  { kind: 'throttle' },
  { kind: 'server-error', when: 'before' },
  { kind: 'server-error', when: 'after' },
  { kind: 'html' },
  { kind: 'reply-lost' },
  { kind: 'hang', when: 'before' },
  { kind: 'forbidden' },
  { kind: 'code', code: 'Surprise.NotListed', httpStatus: 400 },
];
const stopped = FAULTS.map(() => 'stopped' as const);
const seeds = {
  alibaba: { states: stopped },
  tencent: { states: stopped },
  volcengine: { states: stopped },
  huawei: { states: stopped },
};

/** Short enough that a cloud without an answer does not hold the test up. */
const IMPATIENT = {
  timing: {
    callMs: 400,
    settleMs: 100,
    slowMs: 4_000,
    restartGraceMs: 50,
    patienceMs: 1_500,
    pollMs: 50,
    pausedMs: 200,
    alarmMs: 4_000,
    giveUpMs: 4_000,
  },
  surveyPatienceMs: 200,
};

let play: Play | undefined;
afterEach(async () => {
  await play?.stop();
  play = undefined;
});

/** A user of their own on the same Redis, so that the password is one that Redis really asks for. */
async function withPassword(work: (url: string) => Promise<Play>): Promise<Play> {
  const url = new URL(process.env.REDIS_URL ?? '');
  url.username = `e2e-${process.pid}`;
  url.password = encodeURIComponent(REDIS_PASSWORD);
  const { Redis } = await import('ioredis');
  const admin = new Redis(process.env.REDIS_URL ?? '');
  await admin.call('ACL', 'SETUSER', url.username, 'on', `>${REDIS_PASSWORD}`, '~*', '&*', '+@all');
  const opened = await work(url.href);
  const stop = async () => {
    await opened.stop();
    await admin.call('ACL', 'DELUSER', url.username);
    admin.disconnect();
  };
  return { ...opened, stop };
}

/** Each account once more, with a secret that is not its own. */
const withForgeries = (file: StageFile): StageFile => {
  const forged = Object.entries(file.accounts).map(([name, account]) => {
    const names = Object.keys(account.credentials ?? {}).filter((field) => !/id$|^accessKeyId$/i.test(field));
    const wrong = Object.fromEntries(names.map((field) => [field, `${FORGED}-${field}-of-${name}`]));
    return [`bad-${name}`, { ...account, credentials: { ...account.credentials, ...wrong } }];
  });
  return { ...file, accounts: { ...file.accounts, ...Object.fromEntries(forged) } };
};

const spellings = (secret: string) => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
];

function filesIn({ slack }: Play): string[] {
  const messages = [...slack.workspace.channels.keys()].flatMap((id) => slack.messages(id));
  return messages.flatMap(({ files = [] }) => files.map(({ id }) => String(slack.file(id))));
}

/** Everywhere that something could have got to. */
async function expectNoSecret(where: Play, more: readonly string[] = []): Promise<void> {
  const clouds = KIND_IDS.flatMap((kind) => secretsOf(settingsFor(where.clouds[kind])));
  const canaries = [...clouds, ...slackSecrets, REDIS_PASSWORD, FORGED, ...more].flatMap(spellings);
  const places = {
    logged: where.logged.join(''),
    slack: inspect(where.slack.calls, { depth: null, maxArrayLength: null, maxStringLength: null }),
    files: filesIn(where).join('\n'),
    shown: JSON.stringify([...where.slack.workspace.channels.keys()].map((id) => where.slack.messages(id))),
    redis: (await everythingIn(where.redis, where.prefix)).join('\n'),
  };
  for (const [place, text] of Object.entries(places)) {
    expect([place, canaries.filter((canary) => text.includes(canary))]).toEqual([place, []]);
    expect([
      place,
      /\bBearer \S|x-acs-security-token|x-tc-token|x-security-token|TC3-HMAC|SDK-HMAC/i.exec(text)?.[0],
    ]).toEqual([place, undefined]);
  }
}

const endOf = (where: Play, id: string) => ending(where, id, 60_000);

async function failWhileWriting(where: Play, kind: KindId, fault: Fault, instanceId: string): Promise<void> {
  const { cloud, account } = where.clouds[kind];
  const { id, root } = await plan(where, `${account} ${KEY} ${instanceId}`);
  cloud.fail(/.*/, fault, 3);
  await click(where, PEOPLE.approver, root, 'approve');
  await endOf(where, id);
  cloud.clearFaults();
}

async function failWhileReading(where: Play, kind: KindId, fault: Fault): Promise<void> {
  const { cloud, account } = where.clouds[kind];
  cloud.fail(/.*/, fault, Number.POSITIVE_INFINITY);
  await endOf(where, await ask(where, `${account} ${KEY} all`));
  cloud.clearFaults();
}

describe('no secret is in a log line, a Slack call, a message or Redis', () => {
  it('when the clouds fail in every way, and with bad credentials', async () => {
    const opened = await withPassword((redisUrl) =>
      openPlay({
        redisUrl,
        transport: 'http',
        seeds,
        slack: { rateLimits: false },
        tuning: IMPATIENT,
        config: withForgeries,
      }),
    );
    play = opened;
    await Promise.all(
      KIND_IDS.map(async (kind) => {
        const { account, ids } = opened.clouds[kind];
        const forged = await endOf(opened, await ask(opened, `bad-${account} ${KEY} all`));
        expect(forged.join('\n')).toMatch(/could not be read|There is no key pair/);
        for (const [index, fault] of FAULTS.entries()) {
          await failWhileWriting(opened, kind, fault, ids[index] ?? '');
          await failWhileReading(opened, kind, fault);
        }
      }),
    );
    await expectNoSecret(opened);
    const kept = (await everythingIn(opened.redis, opened.prefix)).join('\n');
    expect(kept).toContain('Surprise.NotListed');
  }, 150_000);

  it.each(['socket', 'http'] as const)(
    'when Slack fails in every way, over %s',
    async (transport) => {
      const opened = await openPlay({ transport, slack: { rateLimits: false } });
      play = opened;
      const { slack, clouds } = opened;
      const faults: readonly SlackFault[] = [
        { kind: 'error', error: 'invalid_auth' },
        { kind: 'error', error: 'internal_error' },
        { kind: 'http', status: 500 },
        { kind: 'reply-lost' },
        { kind: 'ratelimited', retryAfterSeconds: 1 },
      ];
      for (const fault of faults) {
        slack.fail('users.info', fault);
        await type(opened, 'help');
        // The person is not told then, and the log says why.
        const lost = () => slack.calls.filter(({ method, reply }) => method === 'response_url' && reply?.ok === false);
        const before = lost().length;
        slack.fail('response_url', fault);
        await slack.as(PEOPLE.requester).command(CHANNEL, '/detach-key', 'help');
        await slack.waitFor(() => lost().length > before, 'the lost answer');
      }
      const refused: SlackFault = { kind: 'error', error: 'token_revoked' };
      slack.fail('chat.postMessage', refused, 2);
      const { id, root } = await plan(opened, `${clouds.alibaba.account} ${KEY} all`);
      slack.fail('chat.update', refused, 2);
      slack.fail('chat.postMessage', { kind: 'http', status: 502 });
      await click(opened, PEOPLE.approver, root, 'approve');
      if (transport === 'http') await expect(knock(opened.service.port)).resolves.toBe(401);
      else slack.fail('apps.connections.open', refused);
      slack.disconnect('cut', 1);
      await ending(opened, id, 20_000);
      await answerTo(opened, slack.as(PEOPLE.requester).command(CHANNEL, '/detach-key', 'status'));
      expect(opened.logged.length).toBeGreaterThan(0);
      await expectNoSecret(opened);
    },
    60_000,
  );
});

describe('what on-call services are asked with, and whom they name', () => {
  const KEYS = ['canary-pagerduty-token', 'canary-opsgenie-key'] as const;
  const EMAIL = 'canary.lead@example.com';

  it('is in no log line, message, file or value of Redis, also where they fail and say it back', async () => {
    const schedules = { P1: [EMAIL] };
    const services = {
      pagerduty: await startPagerDuty({ token: KEYS[0], schedules }),
      opsgenie: await startOpsgenie({ apiKey: KEYS[1], schedules }),
    };
    const all = Object.values(services);
    const duty = { schedules: ['pagerduty:P1', 'opsgenie:P1'] };
    const opened = await openPlay({
      slack: { rateLimits: false },
      tuning: { onCallMs: 300 },
      config: (file) => ({
        ...file,
        onCall: {
          pagerduty: { token: KEYS[0], endpoint: services.pagerduty.url },
          opsgenie: { apiKey: KEYS[1], endpoint: services.opsgenie.url },
        },
        policies: file.policies.map((policy) => ({ ...policy, approvers: duty, notify: duty })),
      }),
    });
    play = { ...opened, stop: async () => void (await Promise.all([opened.stop(), ...all.map((one) => one.stop())])) };
    opened.slack.workspace.users.set('U0LEAD', makeUser('U0LEAD', 'lead', { email: EMAIL }));
    opened.slack.workspace.channels.get(CHANNEL)?.members.add('U0LEAD');
    const { id, root } = await plan(opened, `${opened.clouds.alibaba.account} ${KEY} all`);
    const faults = [
      'hang',
      401,
      { text: `<${KEYS.join()} ${EMAIL}>` },
      { redirectTo: services.pagerduty.url },
    ] as const;
    for (const fault of faults) {
      for (const service of all) service.fail(fault);
      expect(await click(opened, 'U0LEAD', root, 'approve')).toMatch(/did not say whether you are on call/);
    }
    for (const service of all) service.fail(undefined);
    await click(opened, 'U0LEAD', root, 'approve');
    await ending(opened, id);
    expect(filesIn(opened).join()).toContain(id);
    await expectNoSecret(opened, KEYS);
    const kept = [...opened.logged, ...filesIn(opened), ...(await everythingIn(opened.redis, opened.prefix))];
    expect(kept.filter((text) => text.includes(EMAIL))).toEqual([]);
  }, 60_000);
});

/** A request that nobody signed. */
async function knock(port: number): Promise<number> {
  const reply = await fetch(`http://127.0.0.1:${port}/slack/events`, {
    method: 'POST',
    headers: {
      'x-slack-signature': `v0=${'0'.repeat(64)}`,
      'x-slack-request-timestamp': String(Math.floor(Date.now() / 1000)),
    },
    body: 'command=%2Fdetach-key',
  });
  return reply.status;
}

describe('no secret is in an error that keeps it from starting', () => {
  it.each([
    ['a bot token that Slack refuses', { slack: { botToken: 'xoxb-of-another-app' } }],
    ['an app token that Slack refuses', { slack: { appToken: 'xapp-of-another-app' } }],
    ['a Redis that is away', { redisUrl: 'redis://someone:canary-redis-password@127.0.0.1:1' }],
  ])('%s', async (_what, options) => {
    const error = await openPlay(options).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(Error);
    const text = inspect(error, { depth: null, showHidden: true });
    for (const secret of [...slackSecrets, 'canary-redis-password']) expect(text).not.toContain(secret);
  });
});

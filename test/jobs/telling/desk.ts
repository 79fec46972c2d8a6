import type { LocalSlack, SlackOptions } from '../../../playground/slack/local-slack.js';
import { startSlack } from '../../../playground/slack/slack.js';
import { createNotifier } from '../../../src/bot/notifier.js';
import type { Command } from '../../../src/jobs/decide.js';
import { createAnnounce } from '../../../src/jobs/handlers/announce.js';
import { createLog } from '../../../src/jobs/log.js';
import type { Notifier } from '../../../src/jobs/notifier.js';
import { createRequestStore, type RequestStore } from '../../../src/jobs/requests.js';
import { createToldStore, type ToldStore } from '../../../src/jobs/telling/told.js';
import { clientOf } from '../../playground/slack/harness.js';
import { CHANNEL, makeClock } from '../house.js';
import { aGroup, anInstance, createCommand } from '../samples.js';
import { openScope } from '../scope.js';

/** One request whose log goes on chapter by chapter, and announcers that tell it to the local Slack. */

export const ID = 'K7M2QX';
/** So many that their outcomes fill several messages. */
const TARGETS = Array.from({ length: 240 }, (_, index) => `i-${String(index).padStart(4, '0')}`);
/** One for all, so that two tellings say the same. */
const BEGINNING = Date.now();
const LEADS = ['U0BOB', 'U0CAROL'] as const;

export class Died extends Error {}

export type Parts = { notifier: Notifier; told: ToldStore };

export type Telling = {
  slack: LocalSlack;
  store: RequestStore;
  targets: readonly string[];
  refused: string[];
  clock: ReturnType<typeof makeClock>;
  /** One more process that tells; `wrap` stands between it and what it uses. */
  announcer(wrap?: (parts: Parts) => Parts, lockMs?: number): () => Promise<{ againInMs: number } | undefined>;
  /** The log goes on by one chapter; false when there is none left. */
  nextChapter(): Promise<boolean>;
  isOpen(): Promise<boolean>;
  lockKey: string;
  /** What Slack or a dead process made everybody wait for is over. */
  passPause(): Promise<void>;
  redis: ReturnType<typeof openScope>['redis'];
  stop(): Promise<void>;
};

export async function startTelling(options: Partial<SlackOptions> = {}): Promise<Telling> {
  const scope = openScope('telling');
  const secrets = { botToken: 'xoxb-test', appToken: 'xapp-test', signingSecret: 'secret' };
  const slack = await startSlack({ ...secrets, rateLimits: false, ...options });
  const clock = makeClock(BEGINNING);
  const log = createLog(scope.redis, scope.prefix);
  const store = createRequestStore({ log, now: clock.now, onAppended: async () => {} });
  const refused: string[] = [];
  const chapters = chaptersOf();
  return {
    slack,
    store,
    targets: TARGETS,
    refused,
    clock,
    announcer(wrap = (parts) => parts, lockMs = 60_000) {
      const redis = scope.connect();
      const client = clientOf(slack);
      const notifier = createNotifier({ client, botUserId: () => slack.workspace.botUserId });
      const own = createLog(redis, scope.prefix);
      const handler = createAnnounce({
        store: createRequestStore({ log: own, now: clock.now, onAppended: async () => {} }),
        log: own,
        ...wrap({ notifier, told: createToldStore(redis, scope.prefix, lockMs) }),
        turns: { take: async () => 0 },
        now: clock.now,
        planningMs: 0,
        onRefused: (request, code) => void refused.push(`${request} ${code}`),
      });
      return () => handler({ name: 'announce', request: ID }, new AbortController().signal);
    },
    async nextChapter() {
      const chapter = chapters.shift();
      for (const commandFor of chapter ?? []) {
        clock.pass(1_000);
        const done = await store.transact(ID, commandFor);
        if (!done.ok) throw new Error(done.refusal.code);
      }
      return chapter !== undefined;
    },
    isOpen: async () => (await log.listOpen()).some(({ id }) => id === ID),
    lockKey: `${scope.prefix}:{${ID}}:telling`,
    passPause: async () => {
      await scope.redis.pexpire(`${scope.prefix}:{${ID}}:telling`, 0);
    },
    redis: scope.redis,
    async stop() {
      await slack.stop();
      await scope.close();
    },
  };
}

type CommandFor = Parameters<RequestStore['transact']>[1];

function chaptersOf(): CommandFor[][] {
  const facts = { ...createCommand().facts, id: ID, requester: 'U0ALICE', channel: CHANNEL };
  const group = aGroup(
    TARGETS.map((id) => anInstance(id, { name: 'a machine with a rather long name, as many have' })),
    { limit: 120 },
  );
  const terms = { quorums: [{ account: group.account, approvals: 2 }], expiresAfterMs: 600_000, maxInstances: 999 };
  const approve =
    (by: string): CommandFor =>
    ({ plan }) => ({ type: 'approve', by, accounts: [group.account], digest: plan?.digest ?? '' });
  const begin =
    (batch: string): CommandFor =>
    (request) => ({ type: 'begin', batch, epoch: 0, instances: [...(request.batches.get(batch)?.pending ?? [])] });
  const report =
    (batch: string, part: number): CommandFor =>
    (request): Command => {
      const pending = [...(request.batches.get(batch)?.pending ?? [])].slice(0, part);
      const done = { kind: 'done', changed: true } as const;
      return { type: 'report', batch, epoch: 1, results: Object.fromEntries(pending.map((id) => [id, done])) };
    };
  return [
    [() => ({ type: 'create', facts }), () => ({ type: 'survey', selection: 0, group, terms })],
    [approve(LEADS[0])],
    [approve(LEADS[1]), begin('b1'), begin('b2'), report('b1', 100)],
    [report('b1', 120), report('b2', 60), report('b2', 120)],
  ];
}

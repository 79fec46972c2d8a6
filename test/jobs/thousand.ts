import type { LocalSlack } from '../../playground/slack/local-slack.js';
import { startSlack } from '../../playground/slack/slack.js';
import { createNotifier } from '../../src/bot/notifier.js';
import type { Command } from '../../src/jobs/decide.js';
import { createAnnounce } from '../../src/jobs/handlers/announce.js';
import { createLog } from '../../src/jobs/log.js';
import { createRequestStore } from '../../src/jobs/requests.js';
import { createToldStore } from '../../src/jobs/telling/told.js';
import { createTurns } from '../../src/jobs/telling/turns.js';
import { TUNING } from '../../src/tuning.js';
import { clientOf } from '../playground/slack/harness.js';
import { CHANNEL, makeClock } from './house.js';
import { aGroup, anInstance, createCommand } from './samples.js';
import { openScope } from './scope.js';

/** Large requests that run at once, told to a Slack that limits its rates; a second passes at each tick. */
export type Crowd = {
  slack: LocalSlack;
  ids: readonly string[];
  instances: readonly string[];
  /** Ticks until everything is told. */
  play(): Promise<number>;
  stop(): Promise<void>;
};

const SECOND = 1_000;
const SWEEP_TICKS = TUNING.sweepEveryMs / SECOND;
const PER_CALL = 20;
/** Every so-manyth instance fails. */
const FAILS_EVERY = 40;

export const isFailing = (index: number): boolean => index % FAILS_EVERY === 7;

export async function startCrowd({
  requests,
  instances: count,
}: {
  requests: number;
  instances: number;
}): Promise<Crowd> {
  const scope = openScope('crowd');
  const clock = makeClock(Date.now());
  const secrets = { botToken: 'xoxb-test', appToken: 'xapp-test', signingSecret: 'secret' };
  const slack = await startSlack({ ...secrets, now: clock.now });
  const log = createLog(scope.redis, scope.prefix);
  const due = new Map<string, number>();
  /** As `advance` asks for it: once for all appends of one window, after it is over. */
  const onAppended = async ({ id }: { id: string }) => {
    const windowEnd = (Math.floor(clock.now() / TUNING.gatherMs) + 1) * TUNING.gatherMs;
    due.set(id, Math.min(due.get(id) ?? windowEnd, windowEnd));
  };
  const store = createRequestStore({ log, now: clock.now, onAppended });
  const announce = createAnnounce({
    store,
    log,
    told: createToldStore(scope.redis, scope.prefix, 60_000),
    turns: createTurns(scope.redis, scope.prefix, { rates: TUNING.turns, now: clock.now }),
    notifier: createNotifier({ client: clientOf(slack), botUserId: () => slack.workspace.botUserId }),
    now: clock.now,
    planningMs: 0,
    onRefused: (id, code) => {
      throw new Error(`${id}: ${code}`);
    },
  });
  const ids = Array.from({ length: requests }, (_, index) => `CR0WD${index}`);
  const instances = Array.from({ length: count }, (_, index) => `i-bp${String(index).padStart(16, '0')}`);

  async function tell(id: string): Promise<void> {
    due.delete(id);
    await scope.redis.pexpire(`${scope.prefix}:{${id}}:telling`, 0);
    const again = await announce({ name: 'announce', request: id }, new AbortController().signal);
    if (again !== undefined) due.set(id, clock.now() + again.againInMs);
  }

  return {
    slack,
    ids,
    instances,
    async play() {
      for (let tick = 1; ; tick += 1) {
        clock.pass(SECOND);
        for (const id of ids) {
          const request = await store.load(id);
          for (const command of nextCommands(request, instances)) await store.transact(id, () => command);
        }
        const open = (await log.listOpen()).map(({ id }) => id);
        if (open.length === 0) return tick;
        const isSwept = tick % SWEEP_TICKS === 0;
        for (const id of open) if (isSwept || (due.get(id) ?? Number.POSITIVE_INFINITY) <= clock.now()) await tell(id);
        if (tick > 1_000) throw new Error(`not told: ${open.join(', ')}`);
      }
    },
    async stop() {
      await slack.stop();
      await scope.close();
    },
  };
}

type Request = Awaited<ReturnType<ReturnType<typeof createRequestStore>['load']>>;

/** Each tick one batch is begun, and one that was begun before is reported. */
function nextCommands(request: Request, instances: readonly string[]): Command[] {
  const { id, state, plan } = request;
  if (state === 'none') {
    return [{ type: 'create', facts: { ...createCommand().facts, id, requester: 'U0ALICE', channel: CHANNEL } }];
  }
  if (state === 'planning') {
    const group = aGroup(
      instances.map((instance, index) => anInstance(instance, { name: `prod-web-${index}.cn-hangzhou` })),
      { limit: PER_CALL },
    );
    const terms = { quorums: [{ account: group.account, approvals: 1 }], expiresAfterMs: 600_000, maxInstances: 9_999 };
    return [{ type: 'survey', selection: 0, group, terms }];
  }
  if (state === 'awaiting-approval') {
    return [{ type: 'approve', by: 'U0BOB', accounts: ['prod-hz'], digest: plan?.digest ?? '' }];
  }
  const open = [...request.batches.values()].filter(({ pending }) => pending.size > 0);
  const [begun] = open.filter(({ epoch }) => epoch > 0);
  const [formed] = open.filter(({ epoch }) => epoch === 0);
  return [
    ...(begun ? [reportOf(begun, instances)] : []),
    ...(formed ? [{ type: 'begin' as const, batch: formed.id, epoch: 0, instances: [...formed.pending] }] : []),
  ];
}

function reportOf(batch: { id: string; pending: ReadonlySet<string> }, instances: readonly string[]): Command {
  const failed = { kind: 'failed', code: 'IncorrectInstanceStatus', message: 'busy', hint: 'instance-state' } as const;
  const resultOf = (id: string) =>
    isFailing(instances.indexOf(id))
      ? ({ kind: 'over', outcome: failed } as const)
      : ({ kind: 'done', changed: true } as const);
  const results = Object.fromEntries([...batch.pending].map((id) => [id, resultOf(id)]));
  return { type: 'report', batch: batch.id, epoch: 1, results };
}

import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Cloud, World, WorldState } from '../../playground/clouds/cloud.js';
import { KEY, type KindId, type StageCloud, settingsFor, startStageCloud } from '../../playground/stage/clouds.js';
import { workLeft } from '../../src/jobs/advance.js';
import type { Command } from '../../src/jobs/decide.js';
import type { EventOf, RequestEvent } from '../../src/jobs/events.js';
import type { GoOnReason } from '../../src/jobs/go-on.js';
import { type BatchTiming, createBatch } from '../../src/jobs/handlers/batch.js';
import { createSurvey } from '../../src/jobs/handlers/survey.js';
import type { Job } from '../../src/jobs/job.js';
import { createLog } from '../../src/jobs/log.js';
import { isAtEnd, type Request } from '../../src/jobs/request.js';
import { createRequestStore, createRequests, type GoneOn } from '../../src/jobs/requests.js';
import type { GuardedProvider } from '../../src/providers/answers.js';
import type { Traits } from '../../src/providers/contract.js';
import type { Fault } from '../../src/providers/failures.js';
import { guard } from '../../src/providers/guard.js';
import { type Account, loadProvider } from '../../src/providers/registry.js';
import { type Expiry, withExpiry } from './holds/expiry.js';
import { aPolicy, member, people } from './house.js';

/**
 * One request on one local cloud, driven step by step on a clock of its own: no queue decides what runs when.
 * A process can die before or after any append; what it had in memory, and all jobs, are gone then.
 */
/** All of it within five minutes: the clouds refuse what an SDK signs by a clock that is further off. */
export const TIMING: BatchTiming = {
  callMs: 1_000,
  settleMs: 2_000,
  slowMs: 40_000,
  restartGraceMs: 500,
  patienceMs: 40_000,
  pollMs: 500,
  pausedMs: 3_000,
  alarmMs: 30_000,
  giveUpMs: 150_000,
};

class Died extends Error {}

export type Death = { append: number; when: 'before' | 'after' };
export type Dying = {
  deaths?: readonly Death[];
  /** The process dies under this write (counted from 1), which the cloud takes only later. */
  lateWrite?: number;
};

/** How long a write stays on its way when its process dies under it: less than the quiet time. */
const LATE_MS = 2_500;

export type Simulation = {
  cloud: StageCloud;
  request(): Promise<Request>;
  /** Events of this kind in the log. */
  eventsOf<T extends RequestEvent['type']>(type: T): Promise<EventOf<T>[]>;
  /** Ids of instances that a call was sent for although the key pair was off already, or was bound, or another was. */
  vain: string[];
  transact(command: Command): Promise<void>;
  /** Goes on from the request, which is at its end: from here on, all is about the new one, which is approved. */
  goOn(why: GoOnReason, dying?: Dying & { restart?: boolean }): Promise<GoneOn>;
  /** Runs everything until the request is at its end, or `until` holds. */
  drive(until?: (request: Request) => boolean): Promise<Request>;
  /** How many appends there were since the approval. */
  appends(): number;
  now(): number;
  pass(ms: number): void;
  stop(): Promise<void>;
};

export type SimulationOptions = Dying & {
  kind: KindId;
  states: readonly WorldState[];
  restart: boolean;
  /** The first so many are asked for; all of the key's where left out. */
  asked?: number;
  /** What happens in the world while nobody lives. */
  onDeath?(world: World): void;
  lag?: number;
  /** In place of what the cloud's own adapter says and the usual times: for planted faults. */
  traits?: Partial<Traits>;
  timing?: Partial<BatchTiming>;
  /** What the account says when a write asks for its turn. */
  reserve?: GuardedProvider['reserve'];
  /** What keeps a reading of instances at home. */
  unread?(): Fault | undefined;
  /** Whether the account can be loaded. */
  isBuilt?(): boolean;
  /** Whether it stands in the config. */
  isConfigured?(): boolean;
  /** Counted from the approval. */
  expiry?: Expiry;
  /** What it is that expires, where it is not the account's own keys. */
  expiring?(cloud: StageCloud): Pick<Cloud, 'hasExpired'>;
  /** The account, where it is not the local cloud's plain one. */
  account?(cloud: StageCloud): Account;
};

export async function startSimulation(options: SimulationOptions): Promise<Simulation> {
  const { kind, states, restart, asked } = options;
  let shift = 0;
  const random = () => 0.5;
  const now = () => Date.now() + shift;
  const redis = new Redis(process.env.REDIS_URL ?? '');
  const prefix = `simulation-${randomUUID()}`;
  const cloud = await startStageCloud(kind, { states, now });
  cloud.cloud.lag = options.lag ?? 0;
  const provider = await loadProvider((options.account ?? settingsFor)(cloud), { timeoutMs: 2_000, now });
  const vain: string[] = [];
  const unpaced = guard(provider, { account: cloud.account, timeoutMs: 2_000, secrets: [], now });
  const expiring = withExpiry(unpaced, options.expiring?.(cloud) ?? cloud.cloud, options.expiry, now);
  const traits = { ...unpaced.traits, ...options.traits };
  const readInstances: GuardedProvider['readInstances'] = async (input, call) => {
    const fault = options.unread?.();
    return fault ? { ok: false, fault } : expiring.guarded.readInstances(input, call);
  };
  const plain = { ...expiring.guarded, traits, readInstances, reserve: options.reserve ?? unpaced.reserve };
  const late: { at: number; send(): Promise<unknown> }[] = [];
  let writes = 0;
  const onWrite = (send: () => Promise<unknown>) => {
    writes += 1;
    if (writes !== dying.lateWrite) return;
    late.push({ at: now() + LATE_MS, send });
    throw new Died();
  };
  const guarded = watch(plain, cloud, vain, onWrite);
  let dying: Dying = {};
  let appends = 0;

  const build = () => {
    const log = createLog(redis, prefix);
    const mortal: typeof log = {
      ...log,
      async append(...entry) {
        appends += 1;
        const death = dying.deaths?.find(({ append }) => append === appends);
        if (death?.when === 'before') throw new Died();
        const made = await log.append(...entry);
        if (death?.when === 'after') throw new Died();
        return made;
      },
    };
    const store = createRequestStore({ log: mortal, now, onAppended: async () => {} });
    const cloudFor = async () => {
      if (options.isConfigured?.() === false) return undefined;
      if (options.isBuilt?.() === false) throw new Error('no such module');
      return { provider: kind, guarded };
    };
    const accounts = { cloudFor, onUnbuilt() {} };
    const house = {
      accounts: new Map([[cloud.account, { regions: [cloud.region] }]]),
      policies: [
        aPolicy({ accounts: ['*'], approvers: people({ users: ['U0BOB'] }), approvals: 1, maxInstances: 500 }),
      ],
    };
    return {
      store,
      requests: createRequests(store, { house, now }),
      survey: createSurvey({ ...accounts, store, house, now, random, patienceMs: 20_000 }),
      batch: createBatch({ ...accounts, store, now, random, timing: { ...TIMING, ...options.timing } }),
    };
  };
  let living = build();
  let id = 'K7M2QX';

  async function run(job: Job): Promise<{ againInMs: number } | undefined> {
    const { signal } = new AbortController();
    if (job.name === 'survey') return living.survey(job, signal);
    return job.name === 'batch' ? living.batch(job, signal) : undefined;
  }

  async function drive(until: (request: Request) => boolean = () => false): Promise<Request> {
    const due = new Map<string, { job: Job; at: number }>();
    for (let step = 0; step < 2_000; step++) {
      const request = await living.store.load(id);
      if (isAtEnd(request)) {
        for (const { send } of late.splice(0)) await send();
        return request;
      }
      if (until(request)) return request;
      for (const work of workLeft(request, now())) {
        if (work.job.name !== 'expire' && !due.has(work.id)) due.set(work.id, { job: work.job, at: now() });
      }
      const [next] = [...due].sort(([, a], [, b]) => a.at - b.at);
      if (next === undefined) return request;
      const [jobId, { job, at }] = next;
      const [onItsWay] = late;
      if (onItsWay !== undefined && onItsWay.at <= at) {
        shift += Math.max(0, onItsWay.at - now());
        late.shift();
        await onItsWay.send();
        continue;
      }
      shift += Math.max(0, at - now());
      expiring.renew();
      due.delete(jobId);
      try {
        const again = await run(job);
        if (again) due.set(jobId, { job, at: now() + again.againInMs });
      } catch (error) {
        if (!(error instanceof Died)) throw error;
        options.onDeath?.(cloud.cloud.world);
        due.clear();
        living = build();
      }
    }
    throw new Error('the request does not come to its end');
  }

  /** A person whose process died under the click clicks once more; that it was taken already is then no fault. */
  const transact = async (command: Command) => {
    for (let clicks = 1; ; clicks++) {
      try {
        const decided = await living.store.transact(id, () => command);
        if (!decided.ok && clicks === 1) throw new Error(`refused: ${decided.refusal.code}`);
        return;
      } catch (error) {
        if (!(error instanceof Died)) throw error;
        living = build();
      }
    }
  };
  await transact({
    type: 'create',
    facts: {
      id,
      origin: 'o',
      requester: 'U0ALICE',
      channel: 'C0INCIDENT',
      language: 'en',
      action: 'detach',
      restart,
      reason: '',
      selections: [
        {
          account: cloud.account,
          region: cloud.region,
          key: KEY,
          instances: asked === undefined ? 'all' : cloud.ids.slice(0, asked),
        },
      ],
    },
  });
  const getApproved = async () => {
    const planned = await drive((request) => request.state !== 'planning');
    if (planned.state !== 'awaiting-approval') return;
    await transact({ type: 'approve', by: 'U0BOB', accounts: [cloud.account], digest: planned.plan?.digest ?? '' });
  };
  const dieFromHere = (next: Dying) => {
    appends = 0;
    writes = 0;
    dying = next;
  };
  const goOn: Simulation['goOn'] = async (why, { restart: asks = false, ...next } = {}) => {
    dieFromHere({});
    const gone = await living.requests.goOn(id, why, member('U0ALICE'), { restart: asks });
    if (!gone.ok) return gone;
    id = gone.request.id;
    await getApproved();
    dieFromHere(next);
    return gone;
  };
  await getApproved();
  expiring.arm();
  dieFromHere(options);
  return {
    goOn,
    cloud,
    vain,
    transact,
    drive,
    now,
    appends: () => appends,
    request: () => living.store.load(id),
    async eventsOf(type) {
      const events = (await living.store.readEntries(id)).flatMap((entry) => entry.events);
      return events.filter((event) => event.type === type) as EventOf<typeof type>[];
    },
    pass: (ms) => {
      shift += ms;
    },
    async stop() {
      redis.disconnect();
      await guarded.close();
      await cloud.cloud.stop();
    },
  };
}

/** Notes each instance that a detach or an attach is sent for while the world shows that it must not be. */
function watch(
  guarded: GuardedProvider,
  { cloud }: StageCloud,
  vain: string[],
  onWrite: (send: () => Promise<unknown>) => void,
): GuardedProvider {
  const detach: GuardedProvider['detach'] = (input, call) => {
    vain.push(...input.instanceIds.filter((id) => !cloud.world.instances.get(id)?.keyPairs.includes(KEY)));
    return guarded.detach(input, call);
  };
  const attach: GuardedProvider['attach'] = (input, call) => {
    vain.push(...input.instanceIds.filter((id) => cloud.world.instances.get(id)?.keyPairs.length !== 0));
    return guarded.attach(input, call);
  };
  return {
    ...guarded,
    async detach(input, call) {
      onWrite(() => detach(input, { region: call.region }));
      return detach(input, call);
    },
    async attach(input, call) {
      onWrite(() => attach(input, { region: call.region }));
      return attach(input, call);
    },
    async power(input, call) {
      onWrite(() => guarded.power(input, { region: call.region }));
      return guarded.power(input, call);
    },
  };
}

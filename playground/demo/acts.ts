import type { WorldState } from '../clouds/cloud.js';
import { KEY, type KindId } from '../stage/clouds.js';
import { PEOPLE, type Stage } from '../stage/stage.js';
import type { Cast } from './cast.js';
import { PUBLIC_KEY } from './key.js';

/** The incident, act by act: what people do, and how every world must look afterwards. */

/** What the key pair is to an instance: bound or not, and whether it still opens the door. */
export type Door = 'bound' | 'waits for a restart' | 'shut';

export type Act = {
  title: string;
  about: string;
  /** What comes about in the meantime. */
  before?(stage: Stage): void;
  /** What people do, until there is a request; gives its id. */
  ask(cast: Cast): Promise<string>;
  /** Of every instance, by its place. */
  after: Readonly<Record<KindId, readonly Door[]>>;
  /** Words that the line of each instance must hold, by its place; nothing for one that is not in the plan. */
  told: Partial<Readonly<Record<KindId, readonly (string | undefined)[]>>>;
};

export const STATES: Readonly<Record<KindId, readonly WorldState[]>> = {
  alibaba: ['running', 'running', 'stopped'],
  tencent: ['stopped', 'running'],
  volcengine: ['running', 'running', 'running'],
  huawei: ['running', 'stopped'],
};

const SECOND = 1;
const { requester: ALICE } = PEOPLE;

function setAgent({ clouds: { volcengine } }: Stage, agent: boolean): void {
  const instance = volcengine.cloud.world.instances.get(volcengine.ids[SECOND] ?? '');
  if (instance) instance.agent = agent;
}

export const ACTS: readonly Act[] = [
  {
    title: 'A laptop is stolen, and the alarm names two instances',
    about: 'Alice types it on her phone. Both may restart; on one of them, the cloud’s agent is missing.',
    before: (stage) => setAgent(stage, false),
    ask: ({ stage: { clouds }, types }) => {
      const { account, ids } = clouds.volcengine;
      return types(ALICE, `${account} ${KEY} ${ids[0]}，${ids[1]} —restart --reason “laptop stolen”`);
    },
    after: {
      alibaba: ['bound', 'bound', 'bound'],
      tencent: ['bound', 'bound'],
      volcengine: ['shut', 'bound', 'bound'],
      huawei: ['bound', 'bound'],
    },
    told: { volcengine: ['Detached', 'Failed', undefined] },
  },
  {
    title: 'The agent is installed, and what failed is tried again',
    about: 'One click, and the same approval as for any request. It restarts, as the first one did.',
    before: (stage) => setAgent(stage, true),
    ask: ({ clicks, first }) => clicks(ALICE, first(), 'retry_failed'),
    after: {
      alibaba: ['bound', 'bound', 'bound'],
      tencent: ['bound', 'bound'],
      volcengine: ['shut', 'shut', 'bound'],
      huawei: ['bound', 'bound'],
    },
    told: { volcengine: [undefined, 'Detached', undefined] },
  },
  {
    title: 'Where else does this key open a door?',
    about:
      'Alice pastes the public key. One request over four clouds, one approval; nothing is restarted, so some has to wait.',
    ask: async ({ finds, fills }) =>
      fills(ALICE, await finds(ALICE, `find ${PUBLIC_KEY}`), {
        button: 'request_all',
        entered: { form_reason: 'the stolen laptop held this key' },
      }),
    after: {
      alibaba: ['waits for a restart', 'waits for a restart', 'waits for a restart'],
      tencent: ['shut', 'bound'],
      volcengine: ['shut', 'shut', 'waits for a restart'],
      huawei: ['bound', 'shut'],
    },
    told: {
      alibaba: ['after a restart', 'after a restart', 'Detached'],
      tencent: ['Detached', 'Skipped'],
      volcengine: [undefined, undefined, 'after a restart'],
      huawei: ['Skipped', 'Detached'],
    },
  },
  {
    title: 'The doors that are still open',
    about:
      'What waits is restarted, what was skipped is shut down, freed and started again. One was off: it follows when it starts.',
    ask: ({ clicks, last }) => clicks(ALICE, last(), 'restart'),
    after: {
      alibaba: ['shut', 'shut', 'waits for a restart'],
      tencent: ['shut', 'shut'],
      volcengine: ['shut', 'shut', 'shut'],
      huawei: ['shut', 'shut'],
    },
    told: {
      alibaba: ['Detached', 'Detached', undefined],
      tencent: [undefined, 'Detached'],
      volcengine: [undefined, undefined, 'Detached'],
      huawei: ['Detached', undefined],
    },
  },
  {
    title: 'The first instance needs the key back',
    about: 'Undo attaches exactly what the first request detached, and says what is not as it was.',
    ask: ({ types, idOf, first }) =>
      types(ALICE, `undo ${idOf(first())} --reason the batch jobs there use it until tomorrow`),
    after: {
      alibaba: ['shut', 'shut', 'waits for a restart'],
      tencent: ['shut', 'shut'],
      volcengine: ['bound', 'shut', 'shut'],
      huawei: ['shut', 'shut'],
    },
    told: { volcengine: ['Attached', undefined, undefined] },
  },
];

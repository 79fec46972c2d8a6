import type { WorldState } from '../clouds/cloud.js';
import { KEY, type KindId, type StageCloud } from '../stage/clouds.js';

/** What is played on each cloud, and how its world must look afterwards. */
export type Act = {
  kind: KindId;
  about: string;
  states: readonly WorldState[];
  /** What the requester types after `/detach-key`. */
  command(cloud: StageCloud): string;
  /** By the instance's place: whether the key pair is still bound, and still opens the door. */
  after: readonly { bound: boolean; opens: boolean }[];
  /** Words that the line of each instance must hold, by its place; nothing for one that is not in the plan. */
  told: readonly (string | undefined)[];
};

const off = { bound: false, opens: false };
const untouched = { bound: true, opens: true };
const waiting = { bound: false, opens: true };

export const ACTS: readonly Act[] = [
  {
    kind: 'alibaba',
    about: 'nothing may be restarted, so the running ones keep their door open until their next restart',
    states: ['running', 'running', 'running', 'stopped'],
    command: ({ account }) => `${account} ${KEY} all --reason laptop stolen, key on it`,
    after: [waiting, waiting, waiting, waiting],
    told: ['restart', 'restart', 'restart', 'Detached'],
  },
  {
    kind: 'tencent',
    about: 'this cloud detaches from stopped instances only: without --restart, the running one is left alone',
    states: ['stopped', 'stopped', 'running'],
    command: ({ account, region }) => `${account}/${region} ${KEY} all --reason laptop stolen, key on it`,
    after: [off, off, untouched],
    told: ['Detached', 'Detached', 'Skipped'],
  },
  {
    kind: 'volcengine',
    about: 'two of three instances, named one by one and restarted; the third is not in the plan and stays as it is',
    states: ['running', 'running', 'running'],
    command: ({ account, ids }) => `${account} ${KEY} ${ids[0]}，${ids[1]} —restart --reason “laptop stolen”`,
    after: [off, off, untouched],
    told: ['Detached', 'Detached', undefined],
  },
  {
    kind: 'huawei',
    about: 'each running instance is shut down, freed of the key, and started again',
    states: ['running', 'running', 'stopped'],
    command: ({ account }) => `${account} ${KEY} all --restart --reason laptop stolen, key on it`,
    after: [off, off, off],
    told: ['Detached', 'Detached', 'Detached'],
  },
];

import { expect } from '@jest/globals';
import type { WorldInstance, WorldKeyPair } from '../../../playground/clouds/cloud.js';
import type { GuardedProvider, InstanceAnswer } from '../../../src/providers/answers.js';
import type { CallRecord } from '../../../src/providers/calls.js';
import {
  type Instance,
  isBound,
  type KeyPair,
  type PowerAction,
  type Provider,
} from '../../../src/providers/contract.js';
import { guard } from '../../../src/providers/guard.js';
import type { Harness, HarnessFactory } from '../harness.js';

/** One obligation of the contract, on a world of its own. Rejects where the provider does not meet it. */
export type ContractCase = { title: string; run(stage: Stage): Promise<void> };

export type Stage = {
  harness: Harness;
  /** Behind a guard with time enough. */
  provider: GuardedProvider;
  /**
   * The same adapter behind a guard that gives up soon: for clouds that do not answer. It has made one
   * call already, as loading an SDK may take longer than this patience.
   */
  impatient(): Promise<GuardedProvider>;
  records: CallRecord[];
  guarded(provider: Provider, timeoutMs?: number): GuardedProvider;
};

export const PATIENCE_MS = 10_000;
export const IMPATIENCE_MS = 400;

/** What the test of the suite breaks: a sound world with a broken adapter or guard in it. */
export type Planted = { adapter?(harness: Harness): Harness; guard?: typeof guard };

export async function runCase(
  contractCase: ContractCase,
  makeHarness: HarnessFactory,
  planted: Planted = {},
): Promise<void> {
  const sound = await makeHarness();
  const harness = planted.adapter?.(sound) ?? sound;
  const records: CallRecord[] = [];
  const onCall = (call: CallRecord) => void records.push(call);
  const guarded = (provider: Provider, timeoutMs = PATIENCE_MS) =>
    (planted.guard ?? guard)(provider, { account: 'contract', timeoutMs, secrets: [], now: Date.now, onCall });
  const provider = guarded(harness.provider);
  const impatient = async () => {
    await provider.readInstances({ instanceIds: [harness.missing] }, { region: harness.region });
    return guarded(harness.provider, IMPATIENCE_MS);
  };
  try {
    await contractCase.run({ harness, provider, impatient, records, guarded });
  } finally {
    await provider.close();
    await sound.close();
  }
}

export const region = ({ harness }: Stage) => ({ region: harness.region });

/** The nth of the instances that a detach can be tried on. */
export function linux({ harness }: Stage, n = 0): string {
  const id = harness.linux[n];
  if (id === undefined) throw new Error(`the harness has no linux instance number ${n}`);
  return id;
}

export function inWorld({ harness }: Stage, id: string): WorldInstance {
  const instance = harness.cloud.world.instances.get(id);
  if (!instance) throw new Error(`no instance ${id} in this world`);
  return instance;
}

export function isBoundInWorld(stage: Stage, id: string, keyPair: KeyPair = stage.harness.keyPair): boolean {
  return inWorld(stage, id).keyPairs.includes(keyPair.name);
}

export const boundInWorld = (stage: Stage): string[] =>
  [...stage.harness.cloud.world.instances.keys()].filter((id) => isBoundInWorld(stage, id)).sort();

/** Everything but what a detach of `except` may change. */
export function worldWithout({ harness }: Stage, except: readonly string[]): string {
  const kept = [...harness.cloud.world.instances.values()].filter(({ id }) => !except.includes(id));
  return JSON.stringify(kept.map(({ id, state, keyPairs, opens, power }) => ({ id, state, keyPairs, opens, power })));
}

export const tokenOf = (...parts: (string | number)[]): string => ['contract', ...parts].join('-');

export type Answers = Map<string, InstanceAnswer>;

export async function detach(
  stage: Stage,
  ids: readonly string[],
  { provider = stage.provider, keyPair = stage.harness.keyPair, round = 'first' } = {},
): Promise<Answers> {
  const answers: Answers = new Map();
  const size = provider.traits.limits.detach;
  for (let start = 0; start < ids.length; start += size) {
    const input = { instanceIds: ids.slice(start, start + size), token: tokenOf('detach', round, start), keyPair };
    const { instances } = await provider.detach(input, region(stage));
    for (const [id, answer] of instances) answers.set(id, answer);
  }
  return answers;
}

export async function detachOne(stage: Stage, id: string, options?: Parameters<typeof detach>[2]) {
  return answerFor(await detach(stage, [id], options), id);
}

export async function power(stage: Stage, action: PowerAction, id: string, provider = stage.provider) {
  const input = { action, instanceIds: [id], token: tokenOf(action, id) };
  return answerFor((await provider.power(input, region(stage))).instances, id);
}

export function answerFor(answers: ReadonlyMap<string, InstanceAnswer>, id: string): InstanceAnswer {
  const answer = answers.get(id);
  expect({ id, answer }).toEqual({ id, answer: expect.anything() });
  return answer as InstanceAnswer;
}

export function kindsOf(answers: ReadonlyMap<string, InstanceAnswer>): string[] {
  return [...new Set([...answers.values()].map(({ kind }) => kind))].sort();
}

export async function read(stage: Stage, ids: readonly string[], answers?: Answers): Promise<readonly Instance[]> {
  const operations: Record<string, string> = {};
  for (const [id, answer] of answers ?? []) {
    if (answer.kind === 'accepted' && answer.operation !== undefined) operations[id] = answer.operation;
  }
  const answer = await stage.provider.readInstances({ instanceIds: ids, operations }, region(stage));
  expect(answer).toEqual({ ok: true, value: expect.anything() });
  return answer.ok ? answer.value : [];
}

export async function readOne(stage: Stage, id: string, answers?: Answers): Promise<Instance> {
  const shown = await read(stage, [id], answers);
  expect(shown.map((instance) => instance.id)).toEqual([id]);
  return shown[0] as Instance;
}

/** What the cloud says now; an instance that it does not show is no answer. */
export async function readsAsBound(stage: Stage, id: string): Promise<boolean> {
  return isBound(await readOne(stage, id), stage.harness.keyPair);
}

/** A well-formed key pair of this cloud that is like the harness' own and is not one of them. */
export function likeKeyPair({ harness }: Stage, n: number, name = `${harness.keyPair.name}${n}`): WorldKeyPair {
  const model = harness.cloud.world.keyPairs.find((keyPair) => keyPair.name === harness.keyPair.name);
  if (!model) throw new Error('the harness has its key pair in its world');
  const digits = String(n).padStart(4, '0');
  return { ...model, name, id: `${model.id.slice(0, -digits.length)}${digits}` };
}

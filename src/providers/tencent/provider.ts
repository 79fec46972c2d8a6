import {
  type CallContext,
  type Instance,
  type InstanceState,
  type KeyPair,
  type KeyPairWriteInput,
  type Operation,
  type OsFamily,
  type Page,
  type PowerAction,
  type Provider,
  type Traits,
  unseenInstance,
  type WriteInput,
  type WriteReply,
} from '../contract.js';
import { VendorFailure } from '../failures.js';
import { readPages } from '../paging.js';
import { createClient, type TencentClient, type TencentClientOptions } from './client.js';
import { errors } from './errors.js';
import {
  acceptedReply,
  type CvmInstance,
  type CvmKeyPair,
  instancesReply,
  keyPairsReply,
  readReply,
} from './schema.js';

export type TencentOptions = TencentClientOptions & { client?: TencentClient };

/** Most that one Describe call gives; also the most ids that it takes. */
const PAGE = 100;

export const traits: Traits = Object.freeze({
  limits: Object.freeze({ read: PAGE, detach: 100, attach: 100, stop: 100, start: 100, restart: 100 }),
  // DisassociateInstancesKeyPairs takes 10 calls a second; half of it leaves room for people in the console.
  parallelKeyPairWrites: 5,
  keyPairWritesIn: Object.freeze(['stopped'] as const),
  effectiveWhenRunning: 'now',
  keyPairNamedBy: 'id',
  idempotencyToken: false,
  pace: Object.freeze({ start: 10, most: 10, windowMs: 1000, perRegion: false }),
  settleMs: 60_000,
  instanceIdPattern: 'ins-[a-z0-9]{8}',
  attachDisablesPassword: true,
});

const KEY_ID = /^skey-[a-z0-9]{8}$/;

export function createProvider(options: TencentOptions): Provider {
  const client = options.client ?? createClient(options);
  const write = async (
    action: string,
    input: WriteInput,
    rest: Readonly<Record<string, unknown>>,
    call: CallContext,
  ): Promise<WriteReply> => {
    const reply = await client.call(action, { InstanceIds: input.instanceIds, ...rest }, call);
    const { RequestId } = readReply(action, acceptedReply, reply);
    const replies = input.instanceIds.map((instanceId) => ({ instanceId, ok: true as const, operation: RequestId }));
    return { requestId: RequestId, replies };
  };
  /** `ForceStop: true` cuts the power first, whatever the older edition of the page says. */
  const bind = async (action: string, input: KeyPairWriteInput, call: CallContext) =>
    write(action, input, { KeyIds: [keyIdOf(action, input.keyPair)], ForceStop: false }, call);

  return {
    traits,
    errors,
    readInstances: ({ instanceIds, operations }, call) =>
      describeInstances(client, instanceIds, operations ?? {}, call),
    listInstances: (input, call) => listInstances(client, input, call),
    listKeyPairs: async ({ cursor }, call) => {
      const { items, cursor: next } = await describeKeyPairs(client, {}, cursor, call);
      return { items: items.map(toKeyPair), ...(next !== undefined && { cursor: next }) };
    },
    findKeyPair: ({ nameOrId }, call) =>
      KEY_ID.test(nameOrId) ? findById(client, nameOrId, call) : findByName(client, nameOrId, call),
    detach: (input, call) => bind('DisassociateInstancesKeyPairs', input, call),
    attach: (input, call) => bind('AssociateInstancesKeyPairs', input, call),
    power: (input, call) => write(POWER[input.action].action, input, POWER[input.action].rest, call),
    close: async () => {},
  };
}

const POWER: Readonly<Record<PowerAction, { action: string; rest: Readonly<Record<string, string>> }>> = {
  stop: { action: 'StopInstances', rest: { StopType: 'SOFT', StoppedMode: 'KEEP_CHARGING' } },
  start: { action: 'StartInstances', rest: {} },
  restart: { action: 'RebootInstances', rest: { StopType: 'SOFT' } },
};

function keyIdOf(action: string, keyPair: KeyPair): string {
  if (keyPair.id !== undefined) return keyPair.id;
  throw new VendorFailure({ message: `${action}: the key pair has no id`, code: 'MissingParameter' });
}

async function describeInstances(
  client: TencentClient,
  instanceIds: readonly string[],
  operations: Readonly<Record<string, string>>,
  call: CallContext,
): Promise<readonly Instance[]> {
  // Without ids the cloud answers with any instances of the account.
  if (instanceIds.length === 0) return [];
  const reply = await client.call('DescribeInstances', { InstanceIds: instanceIds, Limit: PAGE }, call);
  const asked = new Set(instanceIds);
  const shown = readReply('DescribeInstances', instancesReply, reply).InstanceSet ?? [];
  return shown
    .filter(({ InstanceId }) => asked.has(InstanceId))
    .map((instance) => toInstance(instance, operations[instance.InstanceId]));
}

/** DescribeInstances cannot be asked by key pair, so the key pair is asked for its instances. */
async function listInstances(
  client: TencentClient,
  { keyPair, cursor }: { keyPair: KeyPair; cursor?: string },
  call: CallContext,
): Promise<Page<Instance>> {
  const id = keyIdOf('DescribeKeyPairs', keyPair);
  const { items: found } = await describeKeyPairs(client, { KeyIds: [id] }, undefined, call);
  const bound = found.flatMap(({ KeyId, AssociatedInstanceIds }) =>
    KeyId === id ? (AssociatedInstanceIds ?? []) : [],
  );
  // The cursor is the last id told and not an offset: ids that leave the list meanwhile would shift it.
  const left = [...new Set(bound)].sort().filter((one) => cursor === undefined || one > cursor);
  const ids = left.slice(0, PAGE);
  const last = left.length > PAGE ? ids.at(-1) : undefined;
  const shown = new Map((await describeInstances(client, ids, {}, call)).map((instance) => [instance.id, instance]));
  const items = ids.map((one) => shown.get(one) ?? unseenInstance(one, { id }));
  return { items, ...(last !== undefined && { cursor: last }) };
}

async function describeKeyPairs(
  client: TencentClient,
  selection: Readonly<Record<string, unknown>>,
  cursor: string | undefined,
  call: CallContext,
): Promise<Page<CvmKeyPair>> {
  const offset = Number(cursor ?? 0);
  const reply = await client.call('DescribeKeyPairs', { ...selection, Offset: offset, Limit: PAGE }, call);
  const { TotalCount, KeyPairSet } = readReply('DescribeKeyPairs', keyPairsReply, reply);
  const items = KeyPairSet ?? [];
  const next = offset + items.length;
  return { items, ...(items.length > 0 && next < TotalCount && { cursor: String(next) }) };
}

async function findById(client: TencentClient, id: string, call: CallContext): Promise<KeyPair | undefined> {
  try {
    const { items } = await describeKeyPairs(client, { KeyIds: [id] }, undefined, call);
    return items.map(toKeyPair).find((keyPair) => keyPair.id === id);
  } catch (error) {
    if (error instanceof VendorFailure && error.facts.code === 'InvalidKeyPairId.NotFound') return undefined;
    throw error;
  }
}

async function findByName(client: TencentClient, name: string, call: CallContext): Promise<KeyPair | undefined> {
  const Filters = [{ Name: 'key-name', Values: [name] }];
  const found: KeyPair[] = [];
  for await (const page of readPages((cursor) => describeKeyPairs(client, { Filters }, cursor, call))) {
    // Whether the filter takes the whole name only is not documented.
    found.push(...page.filter(({ KeyName }) => KeyName === name).map(toKeyPair));
  }
  if (found.length > 1) {
    const ids = found.map(({ id }) => id).join(', ');
    throw new VendorFailure({ message: `several key pairs have this name: ${ids}`, transport: 'ambiguous' });
  }
  return found[0];
}

function toKeyPair({ KeyId, KeyName, PublicKey }: CvmKeyPair): KeyPair {
  return { name: KeyName, id: KeyId, ...(PublicKey && { publicKey: PublicKey.trim() }) };
}

function toInstance(raw: CvmInstance, askedOperation: string | undefined): Instance {
  const operation = toOperation(raw, askedOperation);
  return {
    id: raw.InstanceId,
    name: raw.InstanceName ?? '',
    state: STATES.get(raw.InstanceState) ?? 'unusable',
    vendorState: raw.InstanceState,
    os: toOsFamily(raw.OsName ?? ''),
    keyPairs: (raw.LoginSettings.KeyIds ?? []).map((id) => ({ id })),
    ...(raw.RestrictState && raw.RestrictState !== 'NORMAL' && { lock: raw.RestrictState }),
    ...(operation !== undefined && { operation }),
  };
}

/** Data types of the CVM API, table of instance states; what is not named here cannot be worked with. */
const STATES: ReadonlyMap<string, InstanceState> = new Map([
  ['RUNNING', 'running'],
  ['STOPPED', 'stopped'],
  ['PENDING', 'changing'],
  ['STARTING', 'changing'],
  ['STOPPING', 'changing'],
  ['REBOOTING', 'changing'],
  ['ENTER_RESCUE_MODE', 'changing'],
  ['EXIT_RESCUE_MODE', 'changing'],
  ['ENTER_SERVICE_LIVE_MIGRATE', 'changing'],
  ['SERVICE_LIVE_MIGRATE', 'changing'],
  ['EXIT_SERVICE_LIVE_MIGRATE', 'changing'],
]);

/** Names of the public images; other images are called after what they were made from. */
const LINUX = /linux|centos|ubuntu|debian|suse|coreos|tencentos|opencloudos|fedora|red ?hat|rocky|euler|kylin|gentoo/i;

function toOsFamily(osName: string): OsFamily {
  if (/windows/i.test(osName)) return 'windows';
  return LINUX.test(osName) ? 'linux' : 'unknown';
}

const OPERATION_STATES: ReadonlyMap<string, Operation['state']> = new Map([
  ['OPERATING', 'running'],
  ['SUCCESS', 'succeeded'],
  ['FAILED', 'failed'],
]);

/** The latest operation, where it is the one asked about or is still under way. */
function toOperation(raw: CvmInstance, asked: string | undefined): Operation | undefined {
  const id = raw.LatestOperationRequestId;
  const state = OPERATION_STATES.get(raw.LatestOperationState ?? '');
  if (!id || state === undefined || (id !== asked && state !== 'running')) return undefined;
  return { id, state, ...(raw.LatestOperationErrorMsg && { message: raw.LatestOperationErrorMsg }) };
}

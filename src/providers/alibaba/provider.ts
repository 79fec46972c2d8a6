import { z } from 'zod';
import {
  type CallContext,
  type Instance,
  type InstanceReply,
  type InstanceState,
  isBound,
  type KeyPair,
  type PowerAction,
  type Provider,
  type Traits,
  type WriteInput,
  type WriteReply,
} from '../contract.js';
import { VendorFailure } from '../failures.js';
import { readPages } from '../paging.js';
import type { AlibabaClient } from './client.js';
import { errors } from './errors.js';
import {
  type AlibabaCredentials,
  type AlibabaInstance,
  instancesReplySchema,
  keyPairsReplySchema,
  keyPairWriteReplySchema,
  powerReplySchema,
  requestIdSchema,
} from './schema.js';

export const traits: Traits = Object.freeze<Traits>({
  limits: Object.freeze({ read: 100, detach: 50, attach: 50, stop: 100, start: 100, restart: 100 }),
  // No number is documented; the quota is by the minute, and shared with the console.
  parallelKeyPairWrites: 5,
  keyPairWritesIn: Object.freeze<Traits['keyPairWritesIn'][number][]>(['running', 'stopped']),
  effectiveWhenRunning: 'after-restart',
  keyPairNamedBy: 'name',
  idempotencyToken: false,
  // The figures stand in the account's quota console only; the documents advise one call a second to begin with.
  pace: Object.freeze({ start: 120, most: 1200, windowMs: 60_000, perRegion: true }),
  settleMs: 60_000,
  instanceIdPattern: 'i-[a-z0-9]+',
  listsMayShift: true,
  attachDisablesPassword: true,
});

export type AlibabaOptions = {
  credentials?: AlibabaCredentials | undefined;
  endpoint?: string | undefined;
  timeoutMs: number;
  now(): number;
  client?: AlibabaClient;
};

const INSTANCES_PER_PAGE = 100;
const KEY_PAIRS_PER_PAGE = 50;

const POWER_CALLS: Readonly<Record<PowerAction, { action: string; parameters: Readonly<Record<string, unknown>> }>> =
  Object.freeze({
    // StoppedMode left out may mean StopCharging, which gives the address and the capacity away.
    stop: { action: 'StopInstances', parameters: { ForceStop: false, StoppedMode: 'KeepCharging' } },
    start: { action: 'StartInstances', parameters: {} },
    restart: { action: 'RebootInstances', parameters: { ForceReboot: false } },
  });

const STATES: Readonly<Record<string, InstanceState>> = Object.freeze({
  Running: 'running',
  Stopped: 'stopped',
  Pending: 'changing',
  Starting: 'changing',
  Stopping: 'changing',
});

export function createProvider(options: AlibabaOptions): Provider {
  const ask = asker(options);

  async function readInstances({ instanceIds }: { instanceIds: readonly string[] }, call: CallContext) {
    const filter = { InstanceIds: JSON.stringify(instanceIds) };
    const instances: Instance[] = [];
    for await (const page of readPages((cursor) => instancesPage(ask, filter, cursor, call))) instances.push(...page);
    return instances;
  }

  async function listInstances({ keyPair, cursor }: { keyPair: KeyPair; cursor?: string }, call: CallContext) {
    const page = await instancesPage(ask, { KeyPairName: keyPair.name }, cursor, call);
    return { ...page, items: page.items.filter((instance) => isBound(instance, keyPair)) };
  }

  async function writeKeyPair(action: string, input: WriteInput & { keyPair: KeyPair }, call: CallContext) {
    const parameters = { KeyPairName: input.keyPair.name, InstanceIds: JSON.stringify(input.instanceIds) };
    const reply = await ask(action, parameters, keyPairWriteReplySchema, call);
    const results = reply.Results.Result.map((result) => ({ ...result, Success: result.Success.toLowerCase() }));
    const failed = results.filter(({ Code }) => Code !== OK).length;
    const leftOut = Math.max(0, input.instanceIds.length - results.length);
    const counted = reply.FailCount ?? failed;
    if (counted < failed || counted > failed + leftOut) {
      throw malformed('the reply counts other failures than its results', reply.RequestId);
    }
    return writeReply(reply.RequestId, results);
  }

  async function power({ action, instanceIds }: WriteInput & { action: PowerAction }, call: CallContext) {
    const { action: name, parameters } = POWER_CALLS[action];
    // The default, AllTogether, fails all for one.
    const all = { ...parameters, InstanceId: instanceIds, BatchOptimization: 'SuccessFirst' };
    const reply = await ask(name, all, powerReplySchema, call);
    return writeReply(reply.RequestId, reply.InstanceResponses.InstanceResponse);
  }

  return {
    traits,
    errors,
    readInstances,
    listInstances,
    listKeyPairs: ({ cursor }, call) => keyPairsPage(ask, {}, cursor, call),
    findKeyPair: ({ nameOrId }, call) => findKeyPair(ask, nameOrId, call),
    detach: (input, call) => writeKeyPair('DetachKeyPair', input, call),
    attach: (input, call) => writeKeyPair('AttachKeyPair', input, call),
    power,
    // The SDK keeps one pool of connections for the process, and idle ones hold nothing up.
    close: () => Promise.resolve(),
  };
}

type Ask = <T>(
  action: string,
  parameters: Readonly<Record<string, unknown>>,
  schema: z.ZodType<T>,
  call: CallContext,
) => Promise<T>;

function asker({ client: given, ...options }: AlibabaOptions): Ask {
  let client = given && Promise.resolve(given);
  return async (action, parameters, schema, call) => {
    client ??= import('./client.js').then(({ createClient }) => createClient(options));
    const body = await (await client).call(action, { RegionId: call.region, ...parameters }, call);
    const reply = schema.safeParse(body);
    if (reply.success) return reply.data;
    throw malformed(
      `${action} was answered in a shape that is not known`,
      requestIdSchema.safeParse(body).data?.RequestId,
    );
  };
}

async function instancesPage(
  ask: Ask,
  filter: Readonly<Record<string, unknown>>,
  cursor: string | undefined,
  call: CallContext,
) {
  const page = { ...filter, MaxResults: INSTANCES_PER_PAGE, ...(cursor && { NextToken: cursor }) };
  const reply = await ask('DescribeInstances', page, instancesReplySchema, call);
  const items = reply.Instances.Instance.map(toInstance);
  if (items.length === 0 && !cursor) await ensureAllowed(ask, filter, call);
  return reply.NextToken ? { items, cursor: reply.NextToken } : { items };
}

/**
 * A caller without permission gets an empty list (DescribeInstances, "Limits"). The dry run tells the two
 * apart: it ends with the code DryRunOperation where the call is allowed.
 */
async function ensureAllowed(ask: Ask, filter: Readonly<Record<string, unknown>>, call: CallContext) {
  try {
    await ask('DescribeInstances', { ...filter, DryRun: true }, z.unknown(), call);
  } catch (error) {
    if (error instanceof VendorFailure && error.facts.code === 'DryRunOperation') return;
    throw error;
  }
  throw malformed('a dry run was answered as if it were none', undefined);
}

async function keyPairsPage(ask: Ask, filter: { KeyPairName?: string }, cursor: string | undefined, call: CallContext) {
  const number = cursor ? Number(cursor) : 1;
  const page = { ...filter, PageNumber: number, PageSize: KEY_PAIRS_PER_PAGE, IncludePublicKey: true };
  const reply = await ask('DescribeKeyPairs', page, keyPairsReplySchema, call);
  const items = reply.KeyPairs.KeyPair.map(toKeyPair);
  const more = items.length > 0 && number * KEY_PAIRS_PER_PAGE < reply.TotalCount;
  return more ? { items, cursor: String(number + 1) } : { items };
}

/** The name is a pattern to the cloud (`*`): what fits it is compared once more, on as many pages as there are. */
async function findKeyPair(ask: Ask, name: string, call: CallContext): Promise<KeyPair | undefined> {
  try {
    for await (const page of readPages((cursor) => keyPairsPage(ask, { KeyPairName: name }, cursor, call))) {
      const found = page.find((keyPair) => keyPair.name === name);
      if (found) return found;
    }
    return undefined;
  } catch (error) {
    if (error instanceof VendorFailure && errors[error.facts.code ?? '']?.hint === 'check-key-pair') return undefined;
    throw error;
  }
}

/** The code of an instance that was done, whatever the HTTP status is. */
const OK = '200';

type ResultRow = { InstanceId: string; Code: string; Success?: string; Message?: string | null | undefined };

/** HTTP 200 says only that the request was read; each instance has its own code. */
function writeReply(requestId: string | null | undefined, rows: readonly ResultRow[]): WriteReply {
  const replies = rows.flatMap(({ InstanceId: instanceId, Code: code, Success, Message }): InstanceReply[] => {
    const ok = code === OK;
    // Success and failure of one instance: nothing is known of it.
    if (Success !== undefined && Success !== String(ok)) return [];
    return [ok ? { instanceId, ok } : { instanceId, ok, code, message: Message ?? '' }];
  });
  return { ...(requestId && { requestId }), replies };
}

function toInstance(found: AlibabaInstance): Instance {
  const locks = (found.OperationLocks?.LockReason ?? []).flatMap(({ LockReason }) => LockReason || []);
  return {
    id: found.InstanceId,
    name: found.InstanceName ?? '',
    state: STATES[found.Status] ?? 'unusable',
    vendorState: found.Status,
    os: found.OSType === 'linux' || found.OSType === 'windows' ? found.OSType : 'unknown',
    keyPairs: found.KeyPairName ? [{ name: found.KeyPairName }] : [],
    ...(locks.length > 0 && { lock: locks.join(', ') }),
  };
}

type FoundKeyPair = z.infer<typeof keyPairsReplySchema>['KeyPairs']['KeyPair'][number];

const toKeyPair = ({ KeyPairName, KeyPairFingerPrint, PublicKey }: FoundKeyPair): KeyPair => ({
  name: KeyPairName,
  ...(KeyPairFingerPrint && { fingerprint: KeyPairFingerPrint }),
  ...(PublicKey && { publicKey: PublicKey }),
});

function malformed(message: string, requestId: string | null | undefined): VendorFailure {
  return new VendorFailure({ message, transport: 'malformed', ...(requestId && { requestId }) });
}

import type { z } from 'zod';
import {
  type CallContext,
  type InstanceReply,
  isBound,
  type KeyPair,
  type KeyPairWriteInput,
  type PowerAction,
  type Provider,
  type Traits,
  type WriteInput,
  type WriteReply,
} from '../contract.js';
import { VendorFailure } from '../failures.js';
import { readPages } from '../paging.js';
import { createClient, type VolcengineClient, type VolcengineReply } from './client.js';
import { errors } from './errors.js';
import {
  instancesSchema,
  keyPairsSchema,
  type OperationDetail,
  operationsSchema,
  toInstance,
  toKeyPair,
  type VolcengineCredentials,
} from './schema.js';

export type VolcengineOptions = {
  credentials?: VolcengineCredentials | undefined;
  endpoint?: string | undefined;
  timeoutMs: number;
  now(): number;
  client?: VolcengineClient | undefined;
};

export const traits: Traits = Object.freeze({
  limits: Object.freeze({ read: 100, detach: 100, attach: 100, stop: 100, start: 100, restart: 100 }),
  // No rate is documented; instances answer FlowLimitExceeded where it is passed.
  parallelKeyPairWrites: 2,
  keyPairWritesIn: Object.freeze(['running', 'stopped'] as const),
  effectiveWhenRunning: 'after-restart',
  keyPairNamedBy: 'id',
  idempotencyToken: true,
  // Not documented.
  pace: Object.freeze({ start: 5, most: 20, windowMs: 1000, perRegion: false }),
  // Not documented: the calls are synchronous, and a gateway gives up well within this.
  settleMs: 60_000,
  instanceIdPattern: 'i-[a-z0-9]+',
  listsMayShift: true,
  attachDisablesPassword: true,
});

const INSTANCES_PAGE = 100;
const KEY_PAIRS_PAGE = 500;

/** `StoppedMode` is always sent: left out, the region's setting for new stops may release the machine. */
const POWER: Readonly<Record<PowerAction, { action: string; parameters: Readonly<Record<string, string>> }>> =
  Object.freeze({
    stop: { action: 'StopInstances', parameters: { ForceStop: 'false', StoppedMode: 'KeepCharging' } },
    start: { action: 'StartInstances', parameters: {} },
    restart: { action: 'RebootInstances', parameters: { ForceStop: 'false' } },
  });

export function createProvider(options: VolcengineOptions): Provider {
  const client = options.client ?? createClient(options);

  async function write(
    action: string,
    parameters: Readonly<Record<string, unknown>>,
    { instanceIds, token }: WriteInput,
    call: CallContext,
  ): Promise<WriteReply> {
    const reply = await client.call(action, { ...parameters, InstanceIds: instanceIds, ClientToken: token }, call);
    const { OperationDetails: details } = parse(operationsSchema, reply);
    return { requestId: reply.requestId, replies: details.map(toReply) };
  }

  async function keyPairsPage(
    filter: Readonly<Record<string, unknown>>,
    cursor: string | undefined,
    call: CallContext,
  ) {
    const parameters = { ...filter, MaxResults: KEY_PAIRS_PAGE, NextToken: cursor };
    const page = parse(keyPairsSchema, await client.call('DescribeKeyPairs', parameters, call));
    return { items: page.KeyPairs.map(toKeyPair), ...(page.NextToken && { cursor: page.NextToken }) };
  }

  /** To the last page: a filter that the cloud did not follow must not read as "there is none". */
  async function searchKeyPair(
    filter: Readonly<Record<string, unknown>>,
    matches: (keyPair: KeyPair) => boolean,
    call: CallContext,
  ): Promise<KeyPair | undefined> {
    const readPage = (cursor: string | undefined) => keyPairsPage(filter, cursor, call).catch(noneIfNotFound);
    for await (const page of readPages(readPage)) {
      const found = page.find(matches);
      if (found) return found;
    }
    return undefined;
  }

  const keyPairWrite = (action: string) => (input: KeyPairWriteInput, call: CallContext) =>
    write(action, naming(input.keyPair), input, call);

  return {
    traits,
    errors,
    async readInstances({ instanceIds }, call) {
      const parameters = { InstanceIds: instanceIds, MaxResults: INSTANCES_PAGE };
      const page = parse(instancesSchema, await client.call('DescribeInstances', parameters, call));
      const asked = new Set(instanceIds);
      return page.Instances.map(toInstance).filter(({ id }) => asked.has(id));
    },
    async listInstances({ keyPair, cursor }, call) {
      const parameters = { KeyPairName: keyPair.name, MaxResults: INSTANCES_PAGE, NextToken: cursor };
      const page = parse(instancesSchema, await client.call('DescribeInstances', parameters, call));
      const items = page.Instances.map(toInstance).filter((instance) => isBound(instance, keyPair));
      return { items, ...(page.NextToken && { cursor: page.NextToken }) };
    },
    listKeyPairs: ({ cursor }, call) => keyPairsPage({}, cursor, call),
    async findKeyPair({ nameOrId }, call) {
      const byId = /^kp-[a-z0-9]+$/.test(nameOrId)
        ? await searchKeyPair({ KeyPairIds: [nameOrId] }, ({ id }) => id === nameOrId, call)
        : undefined;
      return byId ?? (await searchKeyPair({ KeyPairNames: [nameOrId] }, ({ name }) => name === nameOrId, call));
    },
    detach: keyPairWrite('DetachKeyPair'),
    attach: keyPairWrite('AttachKeyPair'),
    power: (input, call) => write(POWER[input.action].action, POWER[input.action].parameters, input, call),
    async close() {
      client.close();
    },
  };
}

/** With both given the id wins at the vendor, so the name would only be a thing to disagree with. */
function naming({ id, name }: KeyPair): Readonly<Record<string, string>> {
  return id === undefined ? { KeyPairName: name } : { KeyPairId: id };
}

/** HTTP 200 says nothing of an instance: its own line does. */
const toReply = ({ InstanceId: instanceId, Error: error }: OperationDetail): InstanceReply =>
  error ? { instanceId, ok: false, code: error.Code, message: error.Message } : { instanceId, ok: true };

function noneIfNotFound(error: unknown): { items: KeyPair[]; cursor?: string } {
  if (error instanceof VendorFailure && error.facts.code === 'InvalidKeyPair.NotFound') return { items: [] };
  throw error;
}

function parse<T>(schema: z.ZodType<T>, { result, requestId }: VolcengineReply): T {
  const parsed = schema.safeParse(result);
  if (parsed.success) return parsed.data;
  throw new VendorFailure({
    message: 'the result does not have the documented shape',
    transport: 'malformed',
    ...(requestId && { requestId }),
  });
}

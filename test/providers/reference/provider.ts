import { z } from 'zod';
import type {
  CallContext,
  Instance,
  InstanceReply,
  KeyPair,
  KeyPairWriteInput,
  Provider,
  Traits,
  WriteInput,
  WriteReply,
} from '../../../src/providers/contract.js';
import { type ErrorTable, VendorFailure } from '../../../src/providers/failures.js';
import { LIMITS } from './cloud.js';

export const traits: Traits = Object.freeze({
  limits: LIMITS,
  parallelKeyPairWrites: 2,
  keyPairWritesIn: Object.freeze(['stopped'] as const),
  effectiveWhenRunning: 'now',
  keyPairNamedBy: 'id',
  idempotencyToken: false,
  pace: Object.freeze({ start: 10, most: 10, windowMs: 1000, perRegion: false }),
  settleMs: 1000,
  instanceIdPattern: 'vm-[0-9]{4}',
  attachDisablesPassword: false,
});

export const errors: ErrorTable = Object.freeze({
  Unauthenticated: { kind: 'auth', mayBeDone: 'no', repeat: 'never', hint: 'check-credentials' },
  Denied: { kind: 'forbidden', mayBeDone: 'no', repeat: 'never', hint: 'grant-permission' },
  Slow: { kind: 'rate-limited', mayBeDone: 'no', repeat: 'later', hint: 'rate-limited' },
  Broken: { kind: 'unavailable', mayBeDone: 'yes', repeat: 'later', hint: 'cloud-trouble' },
  TooMany: { kind: 'invalid', mayBeDone: 'no', repeat: 'never', hint: 'report-bug' },
  'KeyPair.Unknown': { kind: 'not-found', mayBeDone: 'no', repeat: 'never', hint: 'check-key-pair' },
  'Instance.Unknown': { kind: 'not-found', mayBeDone: 'no', repeat: 'never', hint: 'check-instance' },
  'Instance.Windows': { kind: 'unsupported', mayBeDone: 'no', repeat: 'never', hint: 'windows' },
  'State.*': { kind: 'conflict', mayBeDone: 'no', repeat: 'settled', hint: 'instance-state' },
} satisfies ErrorTable);

const STATES: Readonly<Record<string, Instance['state']>> = Object.freeze({
  running: 'running',
  stopped: 'stopped',
  starting: 'changing',
  stopping: 'changing',
  restarting: 'changing',
});

const cursor = z.string().optional();
const keyPairSchema = z.object({ name: z.string(), id: z.string(), fingerprint: z.string(), publicKey: z.string() });
const instanceSchema = z.object({
  id: z.string(),
  name: z.string(),
  state: z.string(),
  os: z.enum(['linux', 'windows']),
  keyPairs: z.array(z.string()),
});
const instancesSchema = z.object({ instances: z.array(instanceSchema), cursor });
const keyPairsSchema = z.object({ keyPairs: z.array(keyPairSchema), cursor });
const foundSchema = z.object({ keyPair: keyPairSchema.nullable() });
const failureSchema = z.object({ code: z.string(), message: z.string(), requestId: z.string() });
const replySchema = z.object({ id: z.string(), code: z.string().optional(), message: z.string().default('') });
const writtenSchema = z.object({ requestId: z.string(), replies: z.array(replySchema) });

export function createReferenceProvider(options: { url: string; secret: string }): Provider {
  const ask = async <T>(operation: string, body: object, schema: z.ZodType<T>, context: CallContext): Promise<T> => {
    const reply = await send(options, operation, { ids: [], ...body }, context);
    const parsed = schema.safeParse(parseJson(reply.text));
    if (parsed.success && reply.status === 200) return parsed.data;
    const failure = failureSchema.safeParse(parseJson(reply.text));
    if (failure.success) throw new VendorFailure({ ...failure.data, httpStatus: reply.status });
    throw new VendorFailure({ message: 'not an answer', httpStatus: reply.status, transport: 'malformed' });
  };
  const write = async (operation: string, body: object, context: CallContext): Promise<WriteReply> => {
    const { requestId, replies } = await ask(operation, body, writtenSchema, context);
    return { requestId, replies: replies.map(toReply) };
  };
  const bind = (operation: string) => (input: KeyPairWriteInput, context: CallContext) =>
    write(operation, { ids: input.instanceIds, keyPair: input.keyPair.id }, context);

  return {
    traits,
    errors,
    async readInstances({ instanceIds }, context) {
      return (await ask('read', { ids: instanceIds }, instancesSchema, context)).instances.map(toInstance);
    },
    async listInstances({ keyPair, cursor: from }, context) {
      const { instances, cursor: next } = await ask(
        'list',
        { keyPair: keyPair.id, cursor: from },
        instancesSchema,
        context,
      );
      return { items: instances.map(toInstance), ...(next !== undefined && { cursor: next }) };
    },
    async listKeyPairs({ cursor: from }, context) {
      const { keyPairs, cursor: next } = await ask('keypairs', { cursor: from }, keyPairsSchema, context);
      return { items: keyPairs, ...(next !== undefined && { cursor: next }) };
    },
    async findKeyPair({ nameOrId }, context): Promise<KeyPair | undefined> {
      return (await ask('find', { name: nameOrId }, foundSchema, context)).keyPair ?? undefined;
    },
    detach: bind('detach'),
    attach: bind('attach'),
    power: ({ action, instanceIds }: WriteInput & { action: string }, context) =>
      write(action, { ids: instanceIds }, context),
    close: async () => undefined,
  };
}

async function send(options: { url: string; secret: string }, operation: string, body: object, context: CallContext) {
  try {
    const response = await fetch(`${options.url}/${operation}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${options.secret}`, 'x-region': context.region, connection: 'close' },
      body: JSON.stringify(body),
      signal: context.signal,
    });
    return { status: response.status, text: await response.text() };
  } catch {
    const transport = context.signal.aborted ? 'aborted' : 'network';
    throw new VendorFailure({ message: 'no answer came', transport });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toReply({ id, code, message }: z.infer<typeof replySchema>): InstanceReply {
  return code === undefined ? { instanceId: id, ok: true } : { instanceId: id, ok: false, code, message };
}

function toInstance({ id, name, state, os, keyPairs }: z.infer<typeof instanceSchema>): Instance {
  return {
    id,
    name,
    os,
    state: STATES[state] ?? 'unusable',
    vendorState: state,
    keyPairs: keyPairs.map((bound) => ({ name: bound })),
  };
}

import type { Answer, GuardedCall, GuardedProvider, InstanceAnswer, WriteAnswer } from './answers.js';
import { type Attempt, type Calls, failed, type GuardOptions, makeCalls } from './calls.js';
import { findRow, guardVerdict, toInstanceAnswer, type Verdict } from './classify.js';
import { collectPages, collectParts, collectSteady } from './collect.js';
import type {
  CallContext,
  Instance,
  InstanceReply,
  KeyPairAction,
  KeyPairWriteInput,
  Provider,
  WriteInput,
  WriteOperation,
  WriteReply,
} from './contract.js';
import { type ErrorTable, type Fault, VendorFailure } from './failures.js';
import { type InputRules, makeInputRules } from './input.js';
import type { Mask } from './masking.js';

/** The thick side around a thin adapter: input rules, deadlines, abort, error to answer, masking and timing. */
export function guard(provider: Provider, options: GuardOptions): GuardedProvider {
  const calls = makeCalls(provider, options);
  const rules = makeInputRules(provider.traits);
  return {
    traits: provider.traits,
    ...guardReads(provider, calls, rules),
    ...guardLists(provider, calls, rules),
    ...guardWrites(provider, calls, rules),
    reserve: (operation, { region }) => options.pacer?.take({ operation, region }) ?? 0,
    close: calls.close,
  };
}

function guardReads(
  provider: Provider,
  calls: Calls,
  rules: InputRules,
): Pick<GuardedProvider, 'readInstances' | 'findKeyPair'> {
  return {
    async readInstances({ instanceIds, operations = {} }, call) {
      const broken = rules.region(call) ?? rules.instances(instanceIds);
      if (broken) return toAnswer(failed(broken));
      const readPart = (part: readonly string[]) =>
        calls.make({ operation: 'readInstances', instances: part.length }, call, async (context) => {
          const asked = Object.entries(operations).filter(([id]) => part.includes(id));
          const input = { instanceIds: part, ...(asked.length > 0 && { operations: Object.fromEntries(asked) }) };
          const shown = await provider.readInstances(input, context);
          return firstOfEach(shown.filter(({ id }) => part.includes(id))).map((one) =>
            maskOperation(one, calls.mask, provider.errors),
          );
        });
      return toAnswer(await collectParts(instanceIds, provider.traits.limits.read, readPart));
    },

    async findKeyPair(input, call) {
      const broken = rules.region(call) ?? rules.name(input.nameOrId);
      if (broken) return toAnswer(failed(broken));
      const what = { operation: 'findKeyPair', instances: 0 } as const;
      return toAnswer(await calls.make(what, call, (context) => provider.findKeyPair(input, context)));
    },
  };
}

function guardLists(
  provider: Provider,
  calls: Calls,
  rules: InputRules,
): Pick<GuardedProvider, 'listInstances' | 'listKeyPairs'> {
  return {
    async listInstances({ keyPair }, call) {
      const broken = rules.region(call) ?? rules.keyPair(keyPair);
      if (broken) return toAnswer(failed(broken));
      const collect = provider.traits.listsMayShift ? collectSteady<Instance> : collectPages<Instance>;
      const all = await collect((cursor) =>
        calls.make({ operation: 'listInstances', instances: 0 }, call, async (context) => {
          const page = await provider.listInstances({ keyPair, ...(cursor !== undefined && { cursor }) }, context);
          return { ...page, items: page.items.map((one) => maskOperation(one, calls.mask, provider.errors)) };
        }),
      );
      // A list that changes between two pages can show an instance on both.
      return toAnswer(all.ok ? { ok: true, value: firstOfEach(all.value) } : all);
    },

    async listKeyPairs(call) {
      const broken = rules.region(call);
      if (broken) return toAnswer(failed(broken));
      const all = await collectPages((cursor) =>
        calls.make({ operation: 'listKeyPairs', instances: 0 }, call, async (context) => {
          const page = await provider.listKeyPairs({ ...(cursor !== undefined && { cursor }) }, context);
          return { ...page, items: [...page.items] };
        }),
      );
      return toAnswer(all);
    },
  };
}

function guardWrites(
  provider: Provider,
  calls: Calls,
  rules: InputRules,
): Pick<GuardedProvider, KeyPairAction | 'power'> {
  async function write(
    operation: WriteOperation,
    { instanceIds: ids, token }: WriteInput,
    call: GuardedCall,
    broken: Verdict | undefined,
    run: (context: CallContext) => Promise<WriteReply>,
  ): Promise<WriteAnswer> {
    const against =
      broken ?? rules.region(call) ?? rules.write({ instanceIds: ids, token }, provider.traits.limits[operation]);
    const attempt = against
      ? failed(against)
      : await calls.make({ operation, instances: ids.length, faultIn: throttleIn }, call, async (context) =>
          readReply(ids, await run(context), calls),
        );
    return attempt.ok
      ? attempt.value
      : { isWhole: true, instances: new Map(ids.map((id) => [id, toInstanceAnswer(attempt.verdict)])) };
  }

  const writeKeyPair = (operation: KeyPairAction) => (input: KeyPairWriteInput, call: GuardedCall) =>
    write(operation, input, call, rules.keyPair(input.keyPair), (context) => provider[operation](input, context));

  return {
    detach: writeKeyPair('detach'),
    attach: writeKeyPair('attach'),
    power: (input, call) => write(input.action, input, call, undefined, (context) => provider.power(input, context)),
  };
}

function readReply(ids: readonly string[], reply: WriteReply, { judge, mask }: Calls): WriteAnswer {
  const requestId = reply.requestId === undefined ? {} : { requestId: reply.requestId };
  const answerTo = (id: string): InstanceAnswer => {
    const [own, ...more] = reply.replies.filter(({ instanceId }) => instanceId === id);
    if (own === undefined || more.length > 0) {
      return toInstanceAnswer(guardVerdict('NoReply', 'the cloud gave no single reply for this instance'));
    }
    if (own.ok) return accepted(own);
    return toInstanceAnswer(judge(new VendorFailure({ code: own.code, message: own.message, ...requestId })));
  };
  const instances = new Map(ids.map((id) => [id, answerTo(id)]));
  return { ...(reply.requestId !== undefined && { requestId: mask(reply.requestId) }), isWhole: false, instances };
}

/** Some clouds say it of single instances, in a reply that is none of an error. */
function throttleIn({ instances }: WriteAnswer): Fault | undefined {
  const faults = [...instances.values()].flatMap((answer) => (answer.kind === 'accepted' ? [] : [answer.fault]));
  return faults.find(({ kind }) => kind === 'rate-limited');
}

function accepted({ operation }: Extract<InstanceReply, { ok: true }>): InstanceAnswer {
  return { kind: 'accepted', ...(operation !== undefined && { operation }) };
}

function toAnswer<T>(attempt: Attempt<T>): Answer<T> {
  return attempt.ok ? attempt : { ok: false, fault: attempt.verdict.fault };
}

/** The words of an operation come from the vendor, as those of an error do. */
function maskOperation(instance: Instance, mask: Mask, errors: ErrorTable): Instance {
  if (!instance.operation) return instance;
  const { code, message, ...rest } = instance.operation;
  const row = code === undefined ? undefined : findRow(errors, code);
  const words = {
    ...(code !== undefined && { code: mask(code) }),
    ...(row !== undefined && { hint: row.hint }),
    ...(message !== undefined && { message: mask(message) }),
  };
  return { ...instance, operation: { ...rest, ...words } };
}

function firstOfEach<T extends { id: string }>(items: readonly T[]): readonly T[] {
  const byId = new Map<string, T>();
  for (const item of items) if (!byId.has(item.id)) byId.set(item.id, item);
  return [...byId.values()];
}

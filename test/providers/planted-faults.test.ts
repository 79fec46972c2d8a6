import { describe, expect, test } from '@jest/globals';
import type {
  CallContext,
  Instance,
  KeyPairWriteInput,
  Provider,
  Traits,
  WriteReply,
} from '../../src/providers/contract.js';
import { type ErrorRow, VendorFailure } from '../../src/providers/failures.js';
import { guard } from '../../src/providers/guard.js';
import { type Planted, runCase } from './cases/stage.js';
import { CASES } from './contract.js';
import type { Harness } from './harness.js';
import { makeReferenceHarness } from './reference/harness.js';

/**
 * The suite bites: each case fails on an adapter, or a guard, that is wrong in just what the case is about.
 */

type Change = (sound: Provider, harness: Harness) => Partial<Provider>;

const adapter = (change: Change): Planted => ({
  adapter: (harness) => ({ ...harness, provider: { ...harness.provider, ...change(harness.provider, harness) } }),
});
const stranger = (change: Change): Planted => ({
  adapter: (harness) => ({
    ...harness,
    async strangerProvider() {
      const sound = await harness.strangerProvider();
      return { ...sound, ...change(sound, harness) };
    },
  }),
});
const withTraits = (traits: Partial<Traits>): Planted =>
  adapter((sound) => ({ traits: Object.freeze({ ...sound.traits, ...traits }) }));
const withRow = (code: string, row: Partial<ErrorRow>): Planted =>
  adapter((sound) => ({
    errors: { ...sound.errors, [code]: { ...(sound.errors[code] ?? sound.errors.Slow), ...row } as ErrorRow },
  }));

const shows = (change: (instance: Instance, harness: Harness) => Instance): Planted =>
  adapter((sound, harness) => ({
    readInstances: async (input, call) =>
      (await sound.readInstances(input, call)).map((instance) => change(instance, harness)),
  }));
const detaches = (
  detach: (sound: Provider, input: KeyPairWriteInput, call: CallContext, harness: Harness) => Promise<WriteReply>,
): Planted => adapter((sound, harness) => ({ detach: (input, call) => detach(sound, input, call, harness) }));

const allTaken = ({ instanceIds }: { instanceIds: readonly string[] }): WriteReply => ({
  replies: instanceIds.map((instanceId) => ({ instanceId, ok: true })),
});
const doesNothing = adapter(() => ({ power: async (input) => allTaken(input) }));
const praisesAll = adapter((sound) => ({
  power: async (input, call) => {
    await sound.power(input, call);
    return allTaken(input);
  },
}));

const swallowing: Change = (sound) => ({
  readInstances: (input, call) => sound.readInstances(input, call).catch(() => []),
});
const swallows = adapter(swallowing);

/** Its own short limit, and a made-up answer when it is over. */
const soon = (call: CallContext) => ({ ...call, signal: AbortSignal.timeout(50) });
const callsTimeoutThrottling = detaches((sound, input, call) =>
  sound.detach(input, soon(call)).catch((error: unknown) => {
    throw error instanceof VendorFailure && error.facts.transport === 'network' ? slow() : error;
  }),
);
const callsEverythingThrottling = detaches((sound, input, call) =>
  sound.detach(input, call.signal.aborted ? call : soon(call)).catch(() => {
    throw slow();
  }),
);
const slow = () => new VendorFailure({ code: 'Slow', message: 'slow' });

function block(): void {
  const end = performance.now() + 2000;
  while (performance.now() < end);
}
const leaks: Planted = adapter((sound, { canaries }) => ({
  readInstances: (input, call) =>
    sound.readInstances(input, call).catch(() => {
      throw new VendorFailure({ message: `signed with ${canaries.join()}` });
    }),
}));

const loose = (traits: Partial<Traits>): Planted => ({
  guard: (provider, options) => ({
    ...guard({ ...provider, traits: { ...provider.traits, ...traits } }, options),
    traits: provider.traits,
  }),
});
const deaf: Planted = {
  guard: (provider, options) => {
    const sound = guard(provider, options);
    return {
      ...sound,
      listInstances: (input, { region }) => sound.listInstances(input, { region }),
      detach: (input, { region }) => sound.detach(input, { region }),
    };
  },
};
const stubborn: Planted = {
  guard: (provider, options) => {
    const sound = guard(provider, options);
    return {
      ...sound,
      async listInstances(input, call) {
        const answer = await sound.listInstances(input, call);
        if (!answer.ok) void sound.listInstances(input, { region: call.region });
        return answer;
      },
      async detach(input, call) {
        const answer = await sound.detach(input, call);
        if (call.signal?.aborted) void sound.detach(input, { region: call.region });
        return answer;
      },
    };
  },
};

const READS = 'a read that is';
const LOST = 'a detach is unknown, the read shows the truth, repeating does not double';

const PLANTED: Readonly<Record<string, Planted>> = {
  'traits are plain frozen data, the same for every adapter of the cloud': adapter((sound) => ({
    traits: { ...sound.traits },
  })),
  'limits are whole numbers, and every id of the world matches the declared pattern': withTraits({
    instanceIdPattern: 'i-[0-9]+',
  }),
  'building an adapter makes no call': {
    adapter: (harness) => ({
      ...harness,
      async strangerProvider() {
        await harness.provider.listKeyPairs({}, { region: harness.region, signal: AbortSignal.timeout(1000) });
        return harness.strangerProvider();
      },
    }),
  },
  'every call is told with its account, region and size': adapter((sound) => ({
    readInstances: (input, call) => sound.readInstances(input, { ...call, region: 'south-1' }),
  })),
  'closing twice is fine, and a closed account makes no call': adapter(() => ({
    close: () => Promise.reject(new Error('closed already')),
  })),

  'reads what the world holds': shows((instance) => ({ ...instance, name: instance.id })),
  'reads more instances than fit into one call': adapter((sound) => ({
    readInstances: async (input, call) => (await sound.readInstances(input, call)).slice(0, 3),
  })),
  'leaves out an instance that the cloud does not show, and shows the rest': adapter((sound) => ({
    async readInstances(input, call) {
      const shown = await sound.readInstances(input, call);
      const made = { name: '', state: 'unusable', vendorState: 'none', os: 'unknown', keyPairs: [] } as const;
      return input.instanceIds.map((id) => shown.find((instance) => instance.id === id) ?? { id, ...made });
    },
  })),
  'says that an instance is Windows': shows((instance) => ({ ...instance, os: 'linux' })),
  'tells settled states from passing ones': shows((instance) => ({
    ...instance,
    state: instance.state === 'changing' ? 'running' : instance.state,
  })),
  'shows no key pair only where none is bound': shows((instance, { keyPair }) => ({
    ...instance,
    keyPairs: instance.keyPairs.filter(({ name }) => name === keyPair.name),
  })),
  'lists every instance of a key pair, beyond the first page': adapter((sound) => ({
    listInstances: async (input, call) => ({ items: (await sound.listInstances(input, call)).items }),
  })),
  'lists no instance of another key pair': adapter((sound, { keyPair }) => ({
    listInstances: (input, call) => sound.listInstances({ ...input, keyPair }, call),
  })),
  'lists every key pair, beyond the first page': adapter((sound) => ({
    listKeyPairs: async (input, call) => ({ items: (await sound.listKeyPairs(input, call)).items }),
  })),
  'finds a key pair by its whole name or id, beyond the first page': adapter((sound) => ({
    findKeyPair: async ({ nameOrId }, call) =>
      (await sound.listKeyPairs({}, call)).items.find(({ name, id }) => name === nameOrId || id === nameOrId),
  })),
  'answers undefined for a key pair that does not exist': adapter((sound) => ({
    findKeyPair: async ({ nameOrId }, call) =>
      (await sound.listKeyPairs({}, call)).items.find(({ name }) => name.startsWith(nameOrId)),
  })),

  [`${READS} throttled is a fault, never an empty answer`]: swallows,
  [`${READS} answered with an internal error is a fault, never an empty answer`]: swallows,
  [`${READS} cut off is a fault, never an empty answer`]: swallows,
  [`${READS} answered with a page of HTML is a fault, never an empty answer`]: swallows,
  [`${READS} not answered is a fault, never an empty answer`]: adapter((sound) => ({
    readInstances: (input, call) => sound.readInstances(input, soon(call)).catch(() => []),
  })),
  'a read is answered within the time limit': adapter((sound, { cloud }) => ({
    readInstances(input, call) {
      if (cloud.calls.length > 0) block();
      return sound.readInstances(input, call);
    },
  })),
  'a wrong credential is a fault of kind auth, never absence': stranger(swallowing),
  'without permission no instance is shown unbound and no key pair absent': adapter((sound) => ({
    readInstances: ({ instanceIds }, call) =>
      sound.readInstances({ instanceIds }, call).catch(() => instanceIds.map((id) => unbound(id))),
  })),
  'a failure on a later page is a fault, never a shorter list': adapter((sound) => ({
    listInstances: (input, call) =>
      sound.listInstances(input, call).catch((error: unknown) => {
        if (input.cursor !== undefined) return { items: [] };
        throw error;
      }),
  })),
  'an abort before a read makes no call': deaf,
  'an abort during a list ends it, without a further call': stubborn,

  'a detach takes effect in the world and is read back': detaches(async (_sound, input) => allTaken(input)),
  'a detach touches only the instances that are named': detaches((sound, input, call, { linux }) =>
    sound.detach({ ...input, instanceIds: linux.slice(0, 3) }, call),
  ),
  'a detach changes no state and no power': detaches(async (sound, input, call) => {
    const reply = await sound.detach(input, call);
    await sound.power({ ...input, action: 'start' }, call);
    return reply;
  }),
  'a full call and one more detaches all of them': detaches(async (sound, input, call) => {
    await sound.detach({ ...input, instanceIds: input.instanceIds.slice(0, 1) }, call);
    return allTaken(input);
  }),
  'detaching twice does no harm': detaches(async (sound, input, call, { cloud, otherKeyPair, operations }) => {
    const again = cloud.calls.some(({ operation }) => operation === operations.detach);
    return again ? sound.attach({ ...input, keyPair: otherKeyPair }, call) : sound.detach(input, call);
  }),
  'another key pair that is bound stays bound': detaches(async (sound, input, call, { otherKeyPair }) => {
    await sound.detach({ ...input, keyPair: otherKeyPair }, call);
    return sound.detach(input, call);
  }),
  'Windows is refused, or said to have failed': detaches(async (_sound, input) => allTaken(input)),
  'a missing instance is refused, and what is said of its neighbour is true': detaches(async (sound, input, call) => {
    await sound.detach(input, call);
    return allTaken(input);
  }),
  'a key pair that does not exist is refused, and nothing goes': detaches((sound, input, call, { keyPair }) =>
    sound.detach({ ...input, keyPair }, call),
  ),
  'a detach is taken in the declared states, and in the other one certainly not done': withTraits({
    keyPairWritesIn: ['running', 'stopped'],
  }),
  'while an effect is under way, nothing is said that is not so yet': shows((instance, { keyPair }) => ({
    ...instance,
    keyPairs: [keyPair],
  })),
  'an attach takes effect in the world and is read back': adapter(() => ({ attach: async (input) => allTaken(input) })),

  [`after an internal error before the effect ${LOST}`]: withRow('Broken', { mayBeDone: 'no' }),
  [`after an internal error after the effect ${LOST}`]: withRow('Broken', { mayBeDone: 'no', repeat: 'never' }),
  [`after a reply lost after the effect ${LOST}`]: callsTimeoutThrottling,
  [`after no answer before the effect ${LOST}`]: callsEverythingThrottling,
  [`after no answer after the effect ${LOST}`]: callsEverythingThrottling,
  [`after a page of HTML ${LOST}`]: detaches((sound, input, call) =>
    sound.detach(input, call).catch(() => allTaken(input)),
  ),
  'a write is answered within the time limit': detaches((sound, input, call) => {
    block();
    return sound.detach(input, call);
  }),
  'a write makes one attempt': detaches((sound, input, call) =>
    sound.detach(input, call).catch(() => sound.detach(input, call)),
  ),
  'a throttled write says so, changes nothing and may be repeated': withRow('Slow', { repeat: 'never' }),
  'a write without permission is refused as forbidden': withRow('Denied', { kind: 'invalid' }),
  'a write with a wrong credential is refused as auth and changes nothing': stranger(
    (_sound, { provider }) => provider,
  ),
  'every listed code reaches the answer as its row says': detaches((sound, input, call) =>
    sound.detach(input, call).catch((error: unknown) => {
      if (!(error instanceof VendorFailure)) throw error;
      const { code: _code, ...facts } = error.facts;
      throw new VendorFailure(facts);
    }),
  ),
  'a code that is not listed leaves a write unknown': withRow('Surprise.*', {}),
  'an abort before a write makes no call and says that nothing was done': deaf,
  'an abort during a write returns at once as unknown, without a further call': stubborn,
  'a stop that was not answered is unknown, and the read shows the truth': shows((instance) => ({
    ...instance,
    state: 'running',
  })),

  'a stop takes effect once, softly, and only where it is named': doesNothing,
  'a start takes effect once, softly, and only where it is named': doesNothing,
  'a restart takes effect once, softly, and only where it is named': doesNothing,
  'a stop from the wrong state is not done, and not said to be': praisesAll,
  'a start from the wrong state is not done, and not said to be': praisesAll,
  'a restart from the wrong state is not done, and not said to be': praisesAll,
  'a stop of several is answered for each of them': adapter((sound) => ({
    power: async (input, call) => ({ replies: (await sound.power(input, call)).replies.slice(0, 1) }),
  })),
  'a state that is still changing is never shown as settled': shows((instance) => ({ ...instance, state: 'running' })),
  'the key pair no longer opens the door once the declared effect is due': detaches(async (_sound, input) =>
    allTaken(input),
  ),

  'more instances than the limit are refused without a call': loose({
    limits: { read: 99, detach: 99, attach: 99, stop: 99, start: 99, restart: 99 },
  }),
  'ids that are not ids are refused without a call': loose({ instanceIdPattern: '[^]*' }),
  'a region that is not a region is refused without a call': {
    guard: (provider, options) => {
      const sound = guard(provider, options);
      return { ...sound, listKeyPairs: () => sound.listKeyPairs({ region: 'north-1' }) };
    },
  },
  'names with odd characters arrive as data, or are refused': adapter((sound) => ({
    findKeyPair: ({ nameOrId }, call) => sound.findKeyPair({ nameOrId: nameOrId.replace(/[^a-z-].*/, '') }, call),
  })),
  'a detach by a name with odd characters takes nothing else off': detaches((sound, input, call, { keyPair }) =>
    sound.detach({ ...input, keyPair }, call),
  ),
  'the name of an instance is handed on as it is': shows((instance) => ({
    ...instance,
    name: instance.name.replaceAll('&', '&amp;'),
  })),

  'an adapter throws nothing but vendor failures, and no secret is in them': leaks,
  'no secret is in an answer or in the record of a call': leaks,
  'an adapter prints nothing': adapter((sound) => ({
    readInstances(input, call) {
      process.stdout.write('');
      return sound.readInstances(input, call);
    },
  })),
};

function unbound(id: string): Instance {
  return { id, name: '', state: 'running', vendorState: 'running', os: 'linux', keyPairs: [] };
}

describe('the contract suite, with a fault planted', () => {
  test('has one fault for each case, and no two cases of one title', () => {
    expect(Object.keys(PLANTED).sort()).toEqual(CASES.map(({ title }) => title).sort());
  });

  for (const contractCase of CASES) {
    test(`fails at: ${contractCase.title}`, async () => {
      const failure = await runCase(contractCase, makeReferenceHarness, PLANTED[contractCase.title]).then(
        () => undefined,
        (error: unknown) => error,
      );
      // An assertion of the case itself, not something that broke on the way.
      expect(failure).toMatchObject({ matcherResult: { pass: expect.any(Boolean) } });
    });
  }
});

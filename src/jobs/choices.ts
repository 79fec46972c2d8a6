import { createFresh } from '../fresh.js';
import type { Answer } from '../providers/answers.js';
import type { InstanceState } from '../providers/contract.js';
import type { Fault } from '../providers/failures.js';
import { type StartTimer, within } from '../within.js';
import { type Place, placesFor } from './find.js';
import type { Person } from './policy.js';
import { type Accounts, reach } from './reach-account.js';
import { type Cloud, readSelection } from './read-selection.js';
import { type House, type ReasonWanted, reasonsWanted } from './terms.js';

/** What a person can choose from while they fill a form in: reads only, answers in time, and says where it could not. */

export type Asker = { person: Person; channel: string };
export type KeyPlace = Place & { key: string };
/** `wanted`: what its policy wants of a reason that none at all is not. */
export type AccountChoice = { account: string; regions: readonly string[]; wanted: readonly ReasonWanted[] };
/** `key` names it to a request: its id where it has one. */
export type KeyChoice = { key: string; name: string };
export type InstanceChoice = { id: string; name: string; state: InstanceState };

export type Offer<T> = {
  items: readonly T[];
  /** Where the cloud has not answered: `late`, so far; what is offered is from before. */
  trouble?: { kind: 'late' } | { kind: 'fault'; fault: Fault };
};

export type Choices = {
  /** Accounts that this person may request in this channel. */
  accounts(asker: Asker): readonly AccountChoice[];
  /** Undefined where this person may not ask for it there. */
  keys(place: Place, asker: Asker): Promise<Offer<KeyChoice> | undefined>;
  instances(place: KeyPlace, asker: Asker): Promise<Offer<InstanceChoice> | undefined>;
  /** What these accounts want of a reason that this one is not; nothing where it will do. */
  reasonsWanted(asked: { accounts: readonly string[]; channel: string; reason: string }): readonly ReasonWanted[];
};

/** Milliseconds. */
export type ChoiceLimits = {
  /** How long a person waits; a load that is slower goes on for whoever asks next. */
  waitMs: number;
  loadMs: number;
  freshMs: number;
  /** How soon a cloud that failed is asked again. */
  failedMs: number;
};

export type ChoicesOptions = Accounts & {
  house: House;
  limits: ChoiceLimits;
  startTimer: StartTimer;
  now(): number;
};

/** Places and keys that are remembered. */
const KEPT = 200;

export function createChoices(options: ChoicesOptions): Choices {
  const { house } = options;
  const mayAsk = ({ account, region }: Place, { person, channel }: Asker) =>
    placesFor(house, person, channel).some((one) => one.account === account && one.region === region);
  const offerKeys = createOffers<KeyChoice, Place>(options, async ({ guarded }, { region }, signal) => {
    const answer = await guarded.listKeyPairs({ region, signal });
    return answer.ok ? { ok: true, value: answer.value.map(({ id, name }) => ({ key: id ?? name, name })) } : answer;
  });
  const offerInstances = createOffers<InstanceChoice, KeyPlace>(options, async (cloud, place, signal) => {
    const all = { ...place, instances: 'all' as const };
    const seen = await readSelection(cloud, all, { action: 'detach', restart: false }, signal);
    if (seen.kind === 'fault') return { ok: false, fault: seen.fault };
    const targets = seen.kind === 'group' ? seen.group.targets : [];
    return { ok: true, value: targets.map(({ id, name, state }) => ({ id, name, state })) };
  });
  return {
    accounts({ person, channel }) {
      const names = new Set(placesFor(house, person, channel).map(({ account }) => account));
      return [...names].map((account) => ({
        account,
        regions: house.accounts.get(account)?.regions ?? [],
        wanted: reasonsWanted(house, { accounts: [account], channel, reason: '' }),
      }));
    },
    keys: async (place, asker) => (mayAsk(place, asker) ? offerKeys(place) : undefined),
    instances: async (place, asker) => (mayAsk(place, asker) ? offerInstances(place) : undefined),
    reasonsWanted: (asked) => reasonsWanted(house, asked),
  };
}

type Load<T, P> = (cloud: Cloud, place: P, signal: AbortSignal) => Promise<Answer<readonly T[]>>;

function createOffers<T, P extends Place>(options: ChoicesOptions, load: Load<T, P>): (place: P) => Promise<Offer<T>> {
  const { limits, startTimer, now } = options;
  const fresh = createFresh<Offer<T>>({
    now,
    freshMs: ({ trouble }) => (trouble === undefined ? limits.freshMs : limits.failedMs),
    most: KEPT,
  });

  async function read(place: P, before: readonly T[]): Promise<Offer<T>> {
    const abort = new AbortController();
    const stop = startTimer(limits.loadMs, () => abort.abort());
    const reached = await reach(options, place.account);
    if (reached.kind === 'unknown') return { items: [] };
    if (reached.kind === 'fault') return { items: before, trouble: reached };
    const answer = await load(reached.cloud, place, abort.signal);
    stop();
    return answer.ok ? { items: answer.value } : { items: before, trouble: { kind: 'fault', fault: answer.fault } };
  }

  return async (place) => {
    const name = JSON.stringify(place);
    const before = fresh.last(name)?.items ?? [];
    const offer = await within(
      startTimer,
      limits.waitMs,
      fresh.get(name, () => read(place, before)),
    );
    return offer ?? { items: before, trouble: { kind: 'late' } };
  };
}

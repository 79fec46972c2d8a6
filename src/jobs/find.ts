import type { GuardedProvider } from '../providers/answers.js';
import type { KeyPair } from '../providers/contract.js';
import type { Fault } from '../providers/failures.js';
import { compareAll, keyIdentity } from './keys/compare.js';
import type { FingerprintFlaw } from './keys/fingerprints.js';
import { type KeyFlaw, type KeyQuery, readQuery, wordsOf } from './keys/query.js';
import { mayRequest, type Person, policyFor } from './policy.js';
import type { CloudFor } from './read-selection.js';
import type { House } from './terms.js';

/** Where is this key bound? Reads only; what it does not know, it says. */

export type Place = { account: string; region: string };

export type Found = Place & {
  name: string;
  /** What names exactly this key pair there: its name, or its id where others share the name. */
  key: string;
  instances: number;
  running: number;
};

export type Unanswered = Place & {
  /** The key pair is there; its instances could not be read. */
  name?: string;
  why: { kind: 'late' } | { kind: 'broken' } | ({ kind: 'fault' } & Pick<Fault, 'hint' | 'code' | 'message'>);
};

export type Blind = Place & {
  /** Key pairs that could not be compared. */
  unknown: number;
  /** The cloud does not list every user's key pairs. */
  hidden: boolean;
};

export type Searched = {
  kind: 'searched';
  /** Words that search for the same again. */
  query: string;
  /** How many places were asked. */
  asked: number;
  found: readonly Found[];
  unanswered: readonly Unanswered[];
  blind: readonly Blind[];
  /** One name, and not one key. */
  differ: boolean;
  /** Looked for as a name only, and it could be a fingerprint that was copied badly. */
  doubt?: FingerprintFlaw;
};

export type SearchAnswer = Searched | { kind: 'unreadable'; flaw: KeyFlaw } | { kind: 'no-accounts' };

export type Finder = {
  /** Asks the accounts that this person may use in this channel; answers within the total limit, whatever hangs. */
  search(words: string, asker: { person: Person; channel: string }): Promise<SearchAnswer>;
};

export type FindLimits = { placeMs: number; totalMs: number; atOnce: number };

export type FinderOptions = {
  house: House;
  cloudFor: CloudFor;
  limits: FindLimits;
  /** Runs it after so many milliseconds; what it gives takes that back. */
  startTimer(ms: number, run: () => void): () => void;
  /** Something that no cloud said. */
  onBroken(place: Place, error: unknown): void;
};

export function createFinder(options: FinderOptions): Finder {
  return {
    async search(words, { person, channel }) {
      const query = readQuery(words);
      if (query.kind === 'unreadable') return query;
      const places = placesFor(options.house, person, channel);
      if (places.length === 0) return { kind: 'no-accounts' };
      const looks = await lookEverywhere(options, query, places);
      const found = looks.flatMap((look) => look.found);
      const keys = new Set(found.flatMap(({ keyPair }) => keyIdentity(keyPair) ?? []));
      return {
        kind: 'searched',
        query: wordsOf(query),
        asked: places.length,
        found: found.map(({ keyPair: _keyPair, ...shown }) => shown),
        unanswered: looks.flatMap((look) => look.unanswered),
        blind: looks.flatMap((look) => look.blind),
        differ: keys.size > 1,
        ...(query.kind === 'name' && query.doubt && { doubt: query.doubt }),
      };
    },
  };
}

/** Places of the accounts that this person may request in this channel. */
export function placesFor({ accounts, policies }: House, person: Person, channel: string): Place[] {
  return [...accounts].flatMap(([account, { regions }]) => {
    const policy = policyFor(policies, account, channel);
    return policy && mayRequest(policy, person) ? regions.map((region) => ({ account, region })) : [];
  });
}

/** What one place told. */
type Look = { found: readonly (Found & { keyPair: KeyPair })[]; unanswered: readonly Unanswered[]; blind: Blind[] };

const untold = (place: Place, why: Unanswered['why'], name?: string): Look => ({
  found: [],
  unanswered: [{ ...place, ...(name !== undefined && { name }), why }],
  blind: [],
});

/** Ends all that is under way, and lets nothing more begin. */
type Total = { isOver: boolean; giveUps: Set<() => void> };

async function lookEverywhere(options: FinderOptions, query: KeyQuery, places: readonly Place[]): Promise<Look[]> {
  const { limits, startTimer } = options;
  const total: Total = { isOver: false, giveUps: new Set() };
  const stop = startTimer(limits.totalMs, () => {
    total.isOver = true;
    for (const giveUp of total.giveUps) giveUp();
  });
  const looks = new Map<Place, Look>();
  const waiting = inTurns(places).values();
  const work = async () => {
    for (const place of waiting) looks.set(place, await lookInTime(options, query, place, total));
  };
  await Promise.all(Array.from({ length: Math.min(limits.atOnce, places.length) }, work));
  stop();
  return places.flatMap((place) => looks.get(place) ?? []);
}

/** Every account's first region, then every second one: a cloud that hangs does not take all the turns. */
function inTurns(places: readonly Place[]): Place[] {
  const turns = new Map<string, number>();
  const numbered = places.map((place) => {
    const turn = turns.get(place.account) ?? 0;
    turns.set(place.account, turn + 1);
    return { place, turn };
  });
  return numbered.sort((a, b) => a.turn - b.turn).map(({ place }) => place);
}

function lookInTime(options: FinderOptions, query: KeyQuery, place: Place, total: Total): Promise<Look> {
  const late = untold(place, { kind: 'late' });
  if (total.isOver) return Promise.resolve(late);
  return new Promise((resolve) => {
    const abort = new AbortController();
    const end = (look: Look) => {
      stop();
      total.giveUps.delete(giveUp);
      resolve(look);
    };
    const giveUp = () => {
      end(late);
      abort.abort();
    };
    const stop = options.startTimer(options.limits.placeMs, giveUp);
    total.giveUps.add(giveUp);
    void lookAt(options.cloudFor, query, place, abort.signal).then(end, (error: unknown) => {
      options.onBroken(place, error);
      end(untold(place, { kind: 'broken' }));
    });
  });
}

async function lookAt(cloudFor: CloudFor, query: KeyQuery, place: Place, signal: AbortSignal): Promise<Look> {
  const cloud = await cloudFor(place.account);
  if (cloud === undefined) throw new Error('an account of the config has no cloud');
  const { guarded } = cloud;
  const call = { region: place.region, signal };
  const seen = query.kind === 'name' ? await byName(guarded, query.name, call) : await byKey(guarded, query, call);
  if ('fault' in seen) return untold(place, whyOf(seen.fault));
  const looks = await Promise.all(seen.matches.map((match) => countInstances(guarded, match, place, call)));
  const { unknown, hidden } = seen;
  const isBlind = unknown > 0 || (hidden && seen.matches.every(({ assumed }) => assumed));
  return {
    found: looks.flatMap((look) => look.found),
    unanswered: looks.flatMap((look) => look.unanswered),
    blind: isBlind ? [{ ...place, unknown, hidden }] : [],
  };
}

/** `assumed`: no list shows it, and instances may. */
type Match = { keyPair: KeyPair; key: string; assumed: boolean };
type Seen = { matches: readonly Match[]; unknown: number; hidden: boolean } | { fault: Fault };
type Call = { region: string; signal: AbortSignal };

async function byName(guarded: GuardedProvider, name: string, call: Call): Promise<Seen> {
  const answer = await guarded.findKeyPair({ nameOrId: name }, call);
  if (!answer.ok && answer.fault.hint === 'name-not-unique') return bySharedName(guarded, name, call);
  if (!answer.ok) return { fault: answer.fault };
  const matches = answer.value ? [{ keyPair: answer.value, key: name, assumed: false }] : unlisted(guarded, name);
  return { matches, unknown: 0, hidden: false };
}

/** Where the list may hide another user's, instances show their names all the same. */
const unlisted = ({ traits }: GuardedProvider, name: string): Match[] =>
  traits.keyPairNamedBy === 'instance' ? [{ keyPair: { name }, key: name, assumed: true }] : [];

async function bySharedName(guarded: GuardedProvider, name: string, call: Call): Promise<Seen> {
  const answer = await guarded.listKeyPairs(call);
  if (!answer.ok) return { fault: answer.fault };
  const named = answer.value.filter((keyPair) => keyPair.name === name);
  return { matches: toMatches(named, answer.value), unknown: 0, hidden: false };
}

async function byKey(guarded: GuardedProvider, query: Extract<KeyQuery, { kind: 'key' }>, call: Call): Promise<Seen> {
  const answer = await guarded.listKeyPairs(call);
  if (!answer.ok) return { fault: answer.fault };
  const { same, unknown } = compareAll(query, answer.value);
  const isListed = same.some(({ name }) => name === query.name);
  const byItsName = query.name === undefined || isListed ? [] : unlisted(guarded, query.name);
  const matches = [...toMatches(same, answer.value), ...byItsName];
  return { matches, unknown, hidden: guarded.traits.keyPairNamedBy === 'instance' };
}

/** With what names each of them among all. */
function toMatches(some: readonly KeyPair[], all: readonly KeyPair[]): Match[] {
  const isAlone = ({ name }: KeyPair) => all.filter((other) => other.name === name).length === 1;
  const keyOf = (keyPair: KeyPair) => (isAlone(keyPair) ? keyPair.name : (keyPair.id ?? keyPair.name));
  return some.map((keyPair) => ({ keyPair, key: keyOf(keyPair), assumed: false }));
}

async function countInstances(guarded: GuardedProvider, match: Match, place: Place, call: Call): Promise<Look> {
  const { keyPair, key, assumed } = match;
  const answer = await guarded.listInstances({ keyPair }, call);
  if (!answer.ok) return untold(place, whyOf(answer.fault), assumed ? undefined : keyPair.name);
  const instances = answer.value.length;
  const running = answer.value.filter(({ state }) => state === 'running').length;
  const isThere = !assumed || instances > 0;
  const found = isThere ? [{ ...place, name: keyPair.name, key, instances, running, keyPair }] : [];
  return { found, unanswered: [], blind: [] };
}

function whyOf({ kind, hint, code, message }: Fault): Unanswered['why'] {
  return kind === 'timeout' || kind === 'aborted' ? { kind: 'late' } : { kind: 'fault', hint, code, message };
}

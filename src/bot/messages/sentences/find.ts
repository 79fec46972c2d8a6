import type { FingerprintFlaw } from '../../../jobs/keys/fingerprints.js';
import type { KeyFlaw } from '../../../jobs/keys/query.js';
import type { Line, Part } from '../line.js';

export type FindSentences = {
  bound(key: Part, instances: number, places: number, running: number): Line;
  unbound(key: Part, places: number): Line;
  /** `answered`: how many places did. */
  nothing(key: Part, answered: number): Line;
  /** In place of `nothing`. */
  noSuchName(key: Part, answered: number): Line;
  lookedForAsName(flaw: FingerprintFlaw): Line;
  place(place: Line, name: Part, instances: number, running: number): Line;
  withId(name: Part, id: Part): Line;
  differ: string;
  unanswered(count: number, asked: number): string;
  because(places: Line, why: Line): Line;
  withKey(place: Line, name: Part): Line;
  late: string;
  broken: string;
  andMore(count: number): string;
  incomparable(places: Line, count: number): Line;
  hidden(places: Line): Line;
  noAccounts: string;
  /** Of what was pasted they hold nothing: it may be anything. */
  flaws: { [C in KeyFlaw['code']]: (flaw: Extract<KeyFlaw, { code: C }>) => Line };
  requestAll: string;
  requestAllLabel(instances: number, places: number): string;
  /** In the form behind the button. */
  requestAllAbout: string;
  covers(instances: number, places: number): string;
};

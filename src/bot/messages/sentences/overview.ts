import type { Sign } from '../../../jobs/account-health.js';
import type { Line, Part } from '../line.js';

/** Of what shows many requests: the history and the Home tab. */

export type HomeSentences = {
  /** The button that opens the form. */
  ask: string;
  waiting: string;
  waitingCount(count: number): string;
  /** It is not known whether this person is on call. */
  doubt(schedules: Line): Line;
  own: string;
  noOwn: string;
  others: string;
  ended: string;
  noEnded: string;
  accounts: string;
  noAccounts: string;
  account(account: Part, health: HealthWords, at: Part, code: Part | undefined): Line;
  accountUnknown(account: Part): Line;
  health: Readonly<Record<Sign, HealthWords>>;
  stranger: string;
};

export type HealthWords = { sign: string; words: string };

/** `about`: what was named, where something was. */
export type HistorySentences = {
  head(about: Line | undefined): Line;
  nothing(about: Line | undefined): Line;
  /** The newest were looked through, and none was found. */
  notYet(about: Line | undefined): Line;
  line(facts: {
    id: Part;
    goal: Line;
    place: Part;
    state: string;
    outcomes: string | undefined;
    by: Part;
    at: Part;
  }): Line;
  /** The words of the link. */
  thread: string;
  older: string;
  whereItIs(thread: Part): Line;
};

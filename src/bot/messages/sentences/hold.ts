import type { PausingHint } from '../../../jobs/holds/events.js';
import type { Line, Part } from '../line.js';

/** What is said of a request that cannot go on. */
export type HoldSentences = {
  offTitle(key: Part, count: number): Line;
  pausedTitle(key: Part, count: number): Line;
  /** What is wrong with a paused account, and what to do. */
  causes: Readonly<Record<PausingHint, string>>;
  paused(account: Part, cause: string): Line;
  /** Of instances that the bot stopped, in an account that is paused. */
  offUntilThen(count: number): string;
  resumed(account: Part): Line;
  stranded(count: number): string;
  to(people: Line): Line;
  /** Those that cannot be started, and those that wait for their account, by name. */
  stillOff(instances: Line): Line;
  waitOff(instances: Line): Line;
  haltedWhilePaused(accounts: Line): Line;
};

import type { Line, Part } from '../line.js';

/** What is said in the thread. */
export type ThreadSentences = {
  approved(by: Part, digest: Part, standing: readonly { account: Part; given: number; wanted: number }[]): Line;
  started(count: number): string;
  denied(by: Part, reason: Part): Line;
  expired: string;
  rejected(why: Line): Line;
  cancelledEarly(by: Part): Line;
  halted(by: Part): Line;
  /** `how`: as the root says it. */
  finished(how: string): string;
  cancelled(by: Part): Line;
  lookAbove(count: number): string;
  /** Where the thread does not name every instance. */
  namedInFile(count: number): string;
  /** `planning`, `waiting`, `working`: how long it took. */
  askedAt(at: Part, planning: string): Line;
  approvedAt(at: Part, waiting: string): Line;
  endedAt(at: Part, working: string): Line;
  /** Beside the evidence. */
  files: string;
  noFiles(code: Part): Line;
  at(place: Part, key: Part): Line;
  continued: string;
};

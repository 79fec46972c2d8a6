import type { SkipReason } from '../../../providers/answers.js';
import type { Hint } from '../../../providers/failures.js';
import type { Line, Part } from '../line.js';

/** What is said otherwise of a detach than of an attach. */
export type ActionSentences = {
  goal(key: Part): Line;
  goalOn(key: Part, count: number): Line;
  result(key: Part, done: number, all: number): Line;
  /** Of those that are restarted: the key is as it is to be, and nothing else is done to them. */
  restartsOnly(count: number): string;
  waitsForRestart(count: number): string;
  already(count: number): string;
  /** `{}` stands for the count. */
  counts: Readonly<Record<'unrestarted' | 'now' | 'later' | 'already', string>>;
  /** At the end: what is in effect only after a restart. */
  waiting(count: number): string;
  outcomes: {
    now: string;
    later: string;
    /** What "later" means for whoever holds the key. */
    laterMeans: string;
    already: string;
    /** Done, and then not brought back up. */
    notRestarted: string;
    notStarted: string;
    restartHelp: string;
  };
  /** In the place of the general words. */
  skips: Readonly<Partial<Record<SkipReason, string>>>;
  hints: Readonly<Partial<Record<Hint, string>>>;
  approveLabel(key: string, count: number): string;
  approveTitle(count: number): string;
  /** `restartsOnly`: of `count`, those that need nothing else. */
  approveText(facts: {
    key: string;
    place: string;
    count: number;
    interrupted: number;
    restartsOnly: number;
    losesPassword: boolean;
  }): string;
  approveConfirm(count: number): string;
  denyLabel(key: string): string;
  cancelLabel(key: string): string;
  cancelText: string;
};

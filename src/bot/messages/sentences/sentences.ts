import type { Refusal } from '../../../jobs/decide.js';
import type { After, Step } from '../../../jobs/events.js';
import type { GoOnRefusal } from '../../../jobs/go-on.js';
import type { Rejection } from '../../../jobs/planning/events.js';
import type { RequestState } from '../../../jobs/request.js';
import type { SkipReason } from '../../../providers/answers.js';
import type { InstanceState, KeyPairAction } from '../../../providers/contract.js';
import type { Hint } from '../../../providers/failures.js';
import type { Place } from '../../identity.js';
import type { Mistake } from '../../typed/command.js';
import type { Line, Part } from '../line.js';
import type { ActionSentences } from './action.js';
import type { FindSentences } from './find.js';
import type { FormSentences } from './form.js';
import type { HoldSentences } from './hold.js';
import type { InstanceSentences } from './instance.js';
import type { LeftOutSentences } from './left-out.js';
import type { HistorySentences, HomeSentences } from './overview.js';
import type { OwnWords } from './own.js';
import type { ThreadSentences } from './thread.js';

/** Every sentence that the bot can say. A language that lacks one does not pass the type check. */
export type Sentences = {
  formats: Formats;
  hints: Readonly<Record<Hint, string>>;
  /** In place of those where nothing but a reading failed, so that nothing can have been done. */
  readingHints: Readonly<Partial<Record<Hint, string>>>;
  skips: Readonly<Record<SkipReason, SkipWords>>;
  steps: Readonly<Record<Step, string>>;
  instanceStates: Readonly<Record<InstanceState, string>>;
  states: Readonly<Record<RequestState, string>>;
  actions: Readonly<Record<KeyPairAction, ActionSentences>>;
  outcomes: OutcomeSentences;
  own: OwnWords;
  root: RootSentences;
  buttons: ButtonSentences;
  thread: ThreadSentences;
  instances: InstanceSentences;
  rejections: SentenceTable<Rejection>;
  leftOut: LeftOutSentences;
  refusals: SentenceTable<Refusal>;
  createRefusals: SentenceTable<GoOnRefusal>;
  mistakes: SentenceTable<Mistake>;
  replies: ReplySentences;
  denial: DenialSentences;
  waiting: WaitingSentences;
  find: FindSentences;
  holds: HoldSentences;
  history: HistorySentences;
  form: FormSentences;
  home: HomeSentences;
};

/** A sentence for each code, made from what comes with that code. */
export type SentenceTable<T extends { code: string }> = { [C in T['code']]: (told: Extract<T, { code: C }>) => Line };

export type Formats = {
  /** "1 instance". */
  instances(count: number): string;
  /** "a, b and c". */
  list(items: readonly Line[]): Line;
  duration(ms: number): string;
  /** Between clauses of one line. */
  comma: string;
  /** Between sentences of one line. */
  space: string;
};

/** `short` stands beside a count; `long` says what it means and what to do. */
export type SkipWords = { short: string; long: string };

export type OutcomeSentences = {
  failed: string;
  skipped: string;
  startHelp: string;
  coded(code: Part, words: Part): Line;
  cloudSays(said: Line): Line;
  /** Where the cloud gave no code. */
  botSaw(said: Line): Line;
  requestId(id: Part): Line;
};

/** How many of the plan's instances something is done to, and what became of all. */
export type Counts = {
  work: number;
  /** Of `work`, those that have their outcome. */
  done: number;
  now: number;
  later: number;
  /** Was as asked before. */
  already: number;
  skipped: number;
  failed: number;
  unrestarted: number;
  /** Done, and in effect only once they restart. */
  waiting: number;
  /** Places that should be in the plan, and are not. */
  unplanned: number;
};

export type RootSentences = {
  title(
    state: RequestState,
    facts: { goal: Line; goalOn: Line; result: Line; halted: boolean; counts: Counts; hasRun: boolean },
  ): Line;
  /** How it ended, in the title and as the thread's last word. */
  finished(counts: Counts): string;
  requested(by: Part, at: Part, id: Part): Line;
  goesOn(id: Part, why: After['why']): Line;
  reason(words: Part): Line;
  noReason: string;
  /** What the config says of an account. */
  warning(account: Part, text: Part): Line;
  wanted(key: Part, place: Part, instances: Part): Line;
  allOfKey: string;
  place(key: Part, place: Part, count: number): Line;
  planned(instance: Line, state: string, steps: string): Line;
  moreInstances(count: number): string;
  morePlaces(count: number): string;
  planning: string;
  restarts(count: number): string;
  powerOffs(count: number): string;
  noRestart: string;
  skipped(count: number, reasons: Line): Line;
  skippedSort(count: number, sort: string): string;
  lockOut: string;
  /** `places`: where an attach turns password login off. */
  inexact(places: Line | undefined): Line;
  approvals(account: Part, given: number, wanted: number, by: Line): Line;
  approvalRule: string;
  expires(at: Part): Line;
  /** `bar` is drawn, and not spoken. */
  progress(bar: Part, done: number, work: number): Line;
  counts(counts: Counts, words: ActionSentences['counts']): string[];
  halted(by: Part): Line;
  ended(state: 'denied' | 'expired' | 'cancelled' | 'finished', by: Part | undefined, at: Part): Line;
  denial(words: Part): Line;
  nothingTouched: string;
  seeThread: string;
};

export type ButtonSentences = {
  approve: string;
  /** Where nothing but a restart is left to do. */
  restartTitle(count: number): string;
  restartConfirm(count: number): string;
  deny: string;
  cancel: string;
  cancelTitle: string;
  cancelConfirm: string;
  /** While nothing has been changed yet. */
  withdraw: { label(key: string): string; title: string; text: string; confirm: string };
  goBack: string;
  goOn: Readonly<Record<Exclude<After['why'], 'undo'>, GoOnWords>>;
};

/** A button that makes a new request of what this one left: so many instances, or places. */
export type GoOnWords = {
  button(count: number): string;
  label(key: string, count: number): string;
  title(count: number): string;
  text: string;
  confirm: string;
};

export type ReplySentences = {
  help: readonly Line[];
  taken(id: Part): Line;
  takenBefore(id: Part): Line;
  /** `missing`: approvals that it still waits for. */
  approved(id: Part, missing: number): Line;
  /** Schedules that did not say whether this person may approve more of it. */
  approvesMore(schedules: Part): Line;
  denied(id: Part): Line;
  cancelling(id: Part, isOver: boolean): Line;
  noOpenRequests: string;
  openRequests(count: number): string;
  requestLine(facts: { id: Part; state: string; goal: Line; place: Part; by: Part; at: Part }): Line;
  moreRequests(count: number): string;
  /** Why a request cannot be made in this channel. */
  places: { [K in Exclude<Place['kind'], 'usable'>]: string };
  unchecked: string;
  notStored: string;
  trouble(errorId: Part): Line;
  /** A view came too late for its button. */
  notOpened: string;
  outdated: string;
  outdatedForm: string;
  createRefused: string;
};

/** What happens while a request waits for approval. */
export type WaitingSentences = {
  /** Which plan an approval is for. */
  plan(digest: Part): Line;
  looking(people: Line, count: number): Line;
  /** `people` is empty where nobody is named. */
  alsoMayApprove(accounts: Line, people: Line): Line;
  /** Those who are called stand before these. */
  notified(goal: Line, expiresAt: Part): Line;
  /** Of on-call schedules. */
  unknownDuty(schedules: Line): Line;
  reminded(expiresAt: Part): Line;
  escalated(accounts: Line, expiresAt: Part): Line;
};

/** The form behind the Deny button. */
export type DenialSentences = {
  title(id: string): string;
  intro: string;
  label: string;
  hint: string;
  submit: string;
  goBack: string;
  empty: string;
  tooLong(length: number, max: number): string;
};

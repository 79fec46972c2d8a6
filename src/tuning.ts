import type { ChoiceLimits } from './jobs/choices.js';
import type { FindLimits } from './jobs/find.js';
import type { BatchTiming } from './jobs/handlers/batch.js';
import type { TurnRates } from './jobs/telling/turns.js';
import type { PaceTraits } from './providers/pace.js';

/** What tests and the demo set otherwise. Milliseconds. */
export type Tuning = {
  now(): number;
  /** From 0 to 1; spreads what would else be tried again at the same moment. */
  random(): number;
  /** Replaces the clouds' own pace where the clouds are local. */
  pace?: PaceTraits;
  timing: BatchTiming;
  /** Appends within one such window are told together. */
  gatherMs: number;
  sweepEveryMs: number;
  /** How long a survey goes on against faults of the cloud; longer than the minute that one of them asks for. */
  surveyPatienceMs: number;
  /** How long Slack may take to answer a call. */
  slackMs: number;
  /** How long a gesture waits to hear who is on call. Slack opens no form for a click that is over 3 seconds old. */
  onCallMs: number;
  /** The total is below the stop limit, so that a stop cuts no search short. */
  find: FindLimits;
  /** What Slack waits for (`answerMs`, `waitMs`) is below its three seconds; `waitMs` is the shorter. */
  form: ChoiceLimits & { answerMs: number; previewMs: number };
  /**
   * Below what Slack allows: `chat.update` 50 times a minute in the whole workspace, `chat.postMessage` once a second
   * in each channel, with short bursts (docs.slack.dev, rate limits).
   */
  turns: TurnRates;
  /** How long a plan may take before the channel sees that one is being made. */
  planningMs: number;
  /** How long a process that died while it told a request keeps others from telling it. */
  tellingLeaseMs: number;
  /** How long a stop waits for all that runs, before it is cut off. */
  stopLimitMs: number;
  /** How long what was cut off may take to note where it stands; then the connections are cut. */
  stopGraceMs: number;
  /** When the process ends in any case, from the word on: longer than both. Whoever starts it must wait longer still. */
  stopLastMs: number;
  /** Parts several services on one Redis; the same for all processes of one. */
  keyPrefix: string;
};

const MINUTE = 60_000;

export const TUNING: Tuning = {
  now: Date.now,
  random: Math.random,
  timing: {
    callMs: 15_000,
    slowMs: 30 * MINUTE,
    restartGraceMs: 20_000,
    patienceMs: 10 * MINUTE,
    pollMs: 2_000,
    pausedMs: 30_000,
    alarmMs: 2 * MINUTE,
    giveUpMs: 24 * 60 * MINUTE,
  },
  gatherMs: 3_000,
  sweepEveryMs: 30_000,
  surveyPatienceMs: 3 * MINUTE,
  slackMs: 8_000,
  onCallMs: 2_000,
  find: { placeMs: 8_000, totalMs: 20_000, atOnce: 20 },
  form: { waitMs: 1_500, answerMs: 2_200, loadMs: 20_000, freshMs: 30_000, failedMs: 3_000, previewMs: 20_000 },
  turns: { updates: { everyMs: 1_500, burst: 8 }, posts: { everyMs: 1_000, burst: 3 } },
  planningMs: 10_000,
  tellingLeaseMs: 15_000,
  stopLimitMs: 25_000,
  stopGraceMs: 5_000,
  stopLastMs: 40_000,
  keyPrefix: 'dk',
};

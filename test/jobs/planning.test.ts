import { describe, expect, it } from '@jest/globals';
import { type Command, decide } from '../../src/jobs/decide.js';
import type { PlanGroup } from '../../src/jobs/events.js';
import type { Unread } from '../../src/jobs/planning/events.js';
import { closesAt, UNREAD_WAIT_MS } from '../../src/jobs/planning/selections.js';
import { emptyRequest, type Request } from '../../src/jobs/request.js';
import { aGroup, anInstance, createCommand, START, take } from './samples.js';

/** A request over several accounts, of which some cannot be planned. */

const [ONE, TWO, THREE] = ['prod-hz', 'game-gz', 'video-bj'];
const REGION = 'cn-hangzhou';
const GONE = { code: 'nothing-bound', account: TWO, region: REGION, key: 'deploy' } as const;
type Complaint = Omit<Unread, 'selection'>;
const BUSY: Complaint = { cloudCode: 'Busy', message: 'busy', hint: 'cloud-trouble' };
const unreadAt = (account: string, complaint = BUSY) => ({
  code: 'cloud-failed',
  account,
  region: REGION,
  ...complaint,
});

function planning(...accounts: string[]): Request {
  const { facts } = createCommand();
  const selections = accounts.map((account) => ({
    account,
    region: REGION,
    key: 'deploy',
    instances: 'all' as const,
  }));
  return take(emptyRequest(facts.id), { type: 'create', facts: { ...facts, selections } }, START);
}
const quorumsOf = (...accounts: string[]) => accounts.map((account) => ({ account, approvals: 2 }));
const terms = { quorums: quorumsOf(ONE, TWO, THREE), expiresAfterMs: 1_800_000, maxInstances: 3 };
const groupIn = (account: string, count = 2): PlanGroup => ({
  ...aGroup(Array.from({ length: count }, (_, index) => anInstance(`i-${index}`))),
  account,
});
const survey = (selection: number, group: PlanGroup, quorums = terms.quorums): Command => ({
  type: 'survey',
  selection,
  group,
  terms: { ...terms, quorums },
});
const leaveOut = (selection: number, why = GONE): Command => ({ type: 'leave-out', selection, why, terms });
const noteUnread = (selection: number, complaint: Complaint = BUSY): Command => ({
  type: 'note-unread',
  unread: { selection, ...complaint },
  terms,
});
const closePlan: Command = { type: 'close-plan', terms };

const played = (request: Request, ...commands: Command[]) =>
  commands.reduce((state, command) => take(state, command, START + 1_000), request);
const isRefused = (request: Request, command: Command, at = START + 1_000) => {
  const decision = decide(request, command, at);
  return !decision.ok && decision.refusal.code;
};

describe('a plan without what cannot be planned', () => {
  const whole = played(planning(ONE, TWO), survey(0, groupIn(ONE)), survey(1, groupIn(TWO, 1)));
  const part = played(planning(ONE, TWO), survey(0, groupIn(ONE)), leaveOut(1));

  it('is of the rest, and asks the approvals of the rest', () => {
    expect(part).toMatchObject({ state: 'awaiting-approval', plan: { quorums: quorumsOf(ONE) } });
    expect([...part.leftOut]).toEqual([[1, GONE]]);
    expect(whole.plan?.quorums).toEqual(quorumsOf(ONE, TWO));
    expect(part.plan?.digest).not.toBe(whole.plan?.digest);
  });

  it.each([
    ['first', [leaveOut(1), survey(2, groupIn(THREE, 1)), survey(0, groupIn(ONE, 1))]],
    ['last', [survey(0, groupIn(ONE, 1)), survey(2, groupIn(THREE, 1)), leaveOut(1)]],
  ])('is the same whether that is known %s', (_when, commands) => {
    const made = played(planning(ONE, TWO, THREE), ...commands);
    expect(made.groups.map((group) => group?.account)).toEqual([ONE, undefined, THREE]);
    expect(made.plan?.quorums).toEqual(quorumsOf(ONE, THREE));
  });

  it('runs as it was approved, and nothing else', () => {
    const digest = part.plan?.digest ?? '';
    const approve = (by: string): Command => ({ type: 'approve', by, accounts: [ONE], digest });
    const running = played(part, approve('U0LEAD'), approve('U0SECOND'));
    expect([...running.targets.values()].map(({ group }) => group)).toEqual([0, 0]);
    expect(running.state).toBe('running');
  });

  it('counts only what is in it', () => {
    const two = played(planning(ONE, TWO), survey(0, groupIn(ONE, 3)), leaveOut(1));
    expect(two.state).toBe('awaiting-approval');
    const many = played(planning(ONE, TWO), survey(0, groupIn(ONE, 4)), leaveOut(1));
    expect(many.rejection).toEqual({ code: 'too-many', count: 4, max: 3 });
  });

  it('is none where nothing is to be done in the rest', () => {
    const windows = { ...groupIn(ONE), targets: aGroup([anInstance('i-1', { os: 'windows' })]).targets };
    expect(played(planning(ONE, TWO), survey(0, windows), leaveOut(1)).rejection).toEqual({ code: 'nothing-to-do' });
  });

  it('is none where nothing is left', () => {
    const none = played(planning(ONE, TWO), leaveOut(0), leaveOut(1));
    expect(none).toMatchObject({ state: 'rejected', rejection: { code: 'nothing-planned' } });
    expect([...none.leftOut.keys()]).toEqual([0, 1]);
  });

  it('is none where all of it was one selection, for the reason of that', () => {
    const none = played(planning(TWO), leaveOut(0));
    expect(none).toMatchObject({ state: 'rejected', rejection: GONE });
  });

  it('is none where the policy of what was surveyed is gone', () => {
    const made = played(planning(ONE, TWO), survey(0, groupIn(ONE)), survey(1, groupIn(TWO), quorumsOf(TWO)));
    expect(made.rejection).toEqual({ code: 'account-not-usable', account: ONE });
  });

  it('takes each part once', () => {
    const half = played(planning(ONE, TWO, THREE), survey(0, groupIn(ONE)), leaveOut(1));
    expect(isRefused(half, leaveOut(0))).toBe('stale');
    expect(isRefused(half, survey(0, groupIn(ONE)))).toBe('stale');
    expect(isRefused(half, survey(1, groupIn(TWO)))).toBe('stale');
    expect(isRefused(half, noteUnread(1))).toBe('stale');
    expect(isRefused(half, survey(3, groupIn(TWO)))).toBe('stale');
    expect(isRefused(part, leaveOut(0))).toBe('wrong-state');
  });
});

describe('what cannot be read yet', () => {
  const over = START + UNREAD_WAIT_MS;
  const read = played(planning(ONE, TWO), survey(0, groupIn(ONE)));

  it('is noted, and again when the cloud says another thing', () => {
    const noted = played(read, noteUnread(1));
    expect(noted.unread.get(1)).toEqual(BUSY);
    expect(isRefused(noted, noteUnread(1))).toBe('stale');
    const other = { ...BUSY, cloudCode: 'Throttling' };
    expect(played(noted, noteUnread(1, other)).unread.get(1)?.cloudCode).toBe('Throttling');
  });

  it('keeps the rest waiting until then, and no longer', () => {
    const noted = played(read, noteUnread(1));
    expect(closesAt(noted)).toBe(over);
    expect(isRefused(noted, closePlan, over - 1)).toBe('stale');
    const closed = take(noted, closePlan, over);
    expect(closed).toMatchObject({ state: 'awaiting-approval', plan: { quorums: quorumsOf(ONE) } });
    expect([...closed.leftOut]).toEqual([[1, unreadAt(TWO)]]);
  });

  it('is left out by whatever comes after that', () => {
    const noted = played(planning(ONE, TWO, THREE), noteUnread(1));
    const late = take(take(noted, survey(0, groupIn(ONE, 1)), START + 1), survey(2, groupIn(THREE, 1)), over + 60_000);
    expect([late.state, [...late.leftOut.keys()]]).toEqual(['awaiting-approval', [1]]);
    const lateFault = take(read, noteUnread(1), over);
    expect([lateFault.state, [...lateFault.leftOut.keys()]]).toEqual(['awaiting-approval', [1]]);
  });

  it('is taken when it is read in time', () => {
    const made = played(read, noteUnread(1), survey(1, groupIn(TWO, 1)));
    expect([made.state, made.leftOut.size]).toEqual(['awaiting-approval', 0]);
  });

  it('is not left out while the rest is still being read: that may be large', () => {
    const half = played(planning(ONE, TWO, THREE), survey(0, groupIn(ONE)), noteUnread(1));
    expect(closesAt(half)).toBeUndefined();
    expect(isRefused(half, closePlan, over + 60_000)).toBe('stale');
  });

  it('is not left out for a rest in which nothing is to be done', () => {
    const windows = { ...groupIn(ONE), targets: aGroup([anInstance('i-1', { os: 'windows' })]).targets };
    const noted = played(planning(ONE, TWO), survey(0, windows), noteUnread(1));
    expect(closesAt(noted)).toBeUndefined();
    expect(take(noted, survey(1, groupIn(TWO)), over + 60_000).state).toBe('awaiting-approval');
  });

  it('is not left out while nothing else could be read', () => {
    const none = played(planning(ONE, TWO), noteUnread(0), noteUnread(1));
    expect(closesAt(none)).toBeUndefined();
    expect(isRefused(none, closePlan, over + 60_000)).toBe('stale');
    expect(closesAt(played(planning(ONE), noteUnread(0)))).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import { advance, announcement, workLeft } from '../../src/jobs/advance.js';
import type { Enqueue } from '../../src/jobs/job.js';
import { jobSchema } from '../../src/jobs/job.js';
import { emptyRequest, type Request } from '../../src/jobs/request.js';
import { APPROVER, aGroup, anInstance, createCommand, START, stages, TERMS, take } from './samples.js';

const instances = ['i-1', 'i-2', 'i-3'].map((id) => anInstance(id));
const samples = stages(aGroup(instances));
const GATHER_MS = 3_000;

/** As BullMQ has it: no colon, and not a number alone. */
const JOB_ID = /^(?!\d+$)[^:]+$/;

describe('workLeft', () => {
  it('is a survey of each selection that has none yet', () => {
    const { facts } = createCommand();
    const [selection] = facts.selections;
    if (selection === undefined) throw new Error('there is none');
    const two = { ...facts, selections: [selection, { ...selection, account: 'game-gz' }] };
    const planning = take(emptyRequest(facts.id), { type: 'create', facts: two }, START);
    expect(workLeft(planning, START).map(({ id, lane }) => [id, lane])).toEqual([
      ['survey_K7M2QX_0', 'account-prod-hz'],
      ['survey_K7M2QX_1', 'account-game-gz'],
    ]);
    const half: Request = { ...planning, groups: [aGroup(instances)] };
    expect(workLeft(half, START).map(({ id }) => id)).toEqual(['survey_K7M2QX_1']);
  });

  it.each([
    [0, 1_800_000],
    [1_000_000, 800_000],
    [9_999_999, 0],
  ])('is the expiry of what waits for approval: %s ms later, in %s ms', (later, delayMs) => {
    expect(workLeft(samples['awaiting-approval'], START + 1 + later)).toEqual([
      { job: { name: 'expire', request: 'K7M2QX' }, lane: 'requests', id: 'expire_K7M2QX', delayMs },
    ]);
  });

  it('is a reminder and an escalation besides, where the plan has a time for them', () => {
    const terms = {
      ...TERMS,
      quorums: [{ account: 'prod-hz', approvals: 2, escalateAfterMs: 600_000 }],
      remindBeforeMs: 300_000,
    };
    const survey = { type: 'survey', selection: 0, group: aGroup(instances), terms } as const;
    const waiting = take(samples.planning, survey, START);
    const jobs = workLeft(waiting, START + 1_000).map(({ id, delayMs }) => [id, delayMs]);
    expect(jobs).toEqual([
      ['remind_K7M2QX', 1_499_000],
      ['escalate_K7M2QX', 599_000],
      ['expire_K7M2QX', 1_799_000],
    ]);
  });

  it('is each open batch of what runs', () => {
    const done = { kind: 'done', changed: true } as const;
    expect(workLeft(samples.running, START)).toEqual([
      { job: { name: 'batch', request: 'K7M2QX', batch: 'b1' }, lane: 'account-prod-hz', id: 'K7M2QX_b1_detach' },
      { job: { name: 'batch', request: 'K7M2QX', batch: 'b2' }, lane: 'account-prod-hz', id: 'K7M2QX_b2_detach' },
    ]);
    const begun = take(samples.running, { type: 'begin', batch: 'b2', epoch: 0, instances: ['i-3'] }, START + 9);
    const told = take(begun, { type: 'report', batch: 'b2', epoch: 1, results: { 'i-3': done } }, START + 9);
    expect(workLeft(told, START).map(({ id }) => id)).toEqual(['K7M2QX_b1_detach']);
  });

  it('leaves out batches whose jobs are in the queue already', () => {
    expect(workLeft(samples.running, START, START + 2)).toHaveLength(2);
    expect(workLeft(samples.running, START, START + 3)).toEqual([]);
  });

  it('is nothing before the first entry and after the end', () => {
    const denied = take(
      samples['awaiting-approval'],
      {
        type: 'deny',
        by: APPROVER,
        accounts: ['prod-hz'],
        digest: samples['awaiting-approval'].plan?.digest ?? '',
        reason: 'no',
      },
      START + 5,
    );
    expect([samples.none, denied].map((request) => workLeft(request, START))).toEqual([[], []]);
  });

  it('is the same work with the same ids, however often it is asked, in a form that the workers take', () => {
    for (const request of Object.values(samples)) {
      const work = workLeft(request, START);
      expect(workLeft(request, START)).toEqual(work);
      for (const { id, job } of work) {
        expect(id).toMatch(JOB_ID);
        expect(jobSchema.parse(job)).toEqual(job);
      }
    }
  });
});

describe('announcement', () => {
  it('is one for all appends of a window, and comes after the window', () => {
    const at = (now: number) => announcement('A', now, GATHER_MS);
    expect(at(3_000)).toEqual({
      job: { name: 'announce', request: 'A' },
      lane: 'announce',
      id: 'announce_A_w1',
      delayMs: 3_000,
    });
    expect(at(5_999)).toMatchObject({ id: 'announce_A_w1', delayMs: 1 });
    expect(at(6_000)).toMatchObject({ id: 'announce_A_w2', delayMs: 3_000 });
    expect(at(START).id).toMatch(JOB_ID);
  });
});

describe('advance', () => {
  const run = async (request: Request, formedSince?: number) => {
    const put: string[] = [];
    const enqueue: Enqueue = async (_job, { id }) => void put.push(id);
    await advance(request, { enqueue, gatherMs: GATHER_MS, now: () => 3_000 }, formedSince);
    return put;
  };

  it('puts in what is left, and a telling', async () => {
    expect(await run(samples.planning)).toEqual(['survey_K7M2QX_0', 'announce_K7M2QX_w1']);
    expect(await run(samples.running)).toEqual(['K7M2QX_b1_detach', 'K7M2QX_b2_detach', 'announce_K7M2QX_w1']);
    expect(await run(samples.running, START + 3)).toEqual(['announce_K7M2QX_w1']);
  });

  it('has the end told as well, and nothing of what is not there', async () => {
    const cancelled = take(samples.planning, { type: 'cancel', by: APPROVER }, START);
    expect(await run(cancelled)).toEqual(['announce_K7M2QX_w1']);
    expect(await run(samples.none)).toEqual([]);
  });

  it('says so when the queue is away', async () => {
    const enqueue: Enqueue = () => Promise.reject(new Error('away'));
    await expect(advance(samples.planning, { enqueue, gatherMs: 1, now: () => 0 })).rejects.toThrow('away');
  });
});

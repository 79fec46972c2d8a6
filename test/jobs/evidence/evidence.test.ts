import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import type { RequestEvent } from '../../../src/jobs/events.js';
import { COLUMNS, evidenceCsv } from '../../../src/jobs/evidence/csv.js';
import { evidenceOf } from '../../../src/jobs/evidence/evidence.js';
import { type Evidence, evidenceSchema } from '../../../src/jobs/evidence/schema.js';
import { facts, nasty, storiesOf } from '../../bot/messages/any-request.js';
import { BUSY, group, NOW, planned, type Story, settled, started, target, then } from '../../bot/messages/requests.js';

const evidence = ({ request, entries }: Story): Evidence => {
  const hashed = entries.map((entry) => ({ ...entry, hash: `hash-${entry.version}` }));
  const found = evidenceOf(request, hashed);
  if (found === undefined) throw new Error('there is no evidence');
  return found;
};

const ids = ['i-0001', 'i-0002'];
const batched: RequestEvent = { type: 'batched', batch: 'b1', group: 0, step: 'detach', instances: ids };
const begun = (epoch: number): RequestEvent => ({ type: 'begun', batch: 'b1', epoch, instances: ids });
const lost: RequestEvent = {
  type: 'called',
  batch: 'b1',
  epoch: 1,
  faults: [{ kind: 'unknown', code: 'NoAnswer', message: 'no answer', hint: 'no-answer', instances: ids }],
};
const taken: RequestEvent = {
  type: 'called',
  batch: 'b1',
  epoch: 2,
  requestId: 'R-2',
  operations: { 'i-0001': 'T-1' },
  faults: [],
};
const stepped: RequestEvent = {
  type: 'stepped',
  batch: 'b1',
  epoch: 2,
  results: { 'i-0001': { kind: 'done', changed: true }, 'i-0002': { kind: 'over', outcome: BUSY } },
};
const running = started(planned([group([target(1), target(2)])], {}, 1), 'UBOB');
const done = [begun(1), lost, begun(2), taken, stepped].reduce(
  (story, event) => then(story, event),
  then(running, batched),
);
const ended = then(settled(done, { 'i-0001': NOW, 'i-0002': BUSY }), { type: 'finished' });

describe('the evidence', () => {
  test('has each step of each instance, with its calls, and what the cloud said', () => {
    const [first, second] = evidence(ended).instances;
    const time = (minute: number) => new Date(Date.UTC(2026, 10, 23, 3, 4 + minute, 5)).toISOString();
    expect(first?.steps).toEqual([
      {
        step: 'detach',
        plannedAt: time(3),
        calls: [
          {
            at: time(4),
            answeredAt: time(5),
            fault: { kind: 'unknown', code: 'NoAnswer', message: 'no answer' },
          },
          { at: time(6), answeredAt: time(7), requestId: 'R-2', operation: 'T-1' },
        ],
        endedAt: time(8),
        result: 'done',
      },
    ]);
    expect(first?.outcome).toEqual({ kind: 'detached', effective: 'now', at: time(9) });
    expect(second?.steps[0]).toMatchObject({ result: 'over', endedAt: time(8) });
    expect(second?.outcome).toMatchObject({ kind: 'failed', code: 'IncorrectInstanceStatus', at: time(9) });
  });

  test('has what was asked for and is not in the plan, and why', () => {
    const places = [group([target(1)]), group([], { account: 'game-gz' }), group([], { account: 'video-bj' })];
    const where = { region: 'cn-hangzhou' };
    const said = { hint: 'cloud-trouble', cloudCode: 'Busy', message: 'busy' } as const;
    const story = planned(places.slice(0, 1), {}, 1, {
      among: places,
      leftOut: [
        { type: 'left-out', selection: 1, why: { code: 'cloud-failed', account: 'game-gz', ...where, ...said } },
        { type: 'left-out', selection: 2, why: { code: 'nothing-bound', account: 'video-bj', ...where, key: 'k' } },
      ],
    });
    expect(evidence(story).request.asked.map(({ account, leftOut }) => [account, leftOut])).toEqual([
      ['prod-hz', undefined],
      ['game-gz', { why: 'cloud-failed', code: 'Busy', message: 'busy' }],
      ['video-bj', { why: 'nothing-bound' }],
    ]);
  });

  test('has who decided what, and when, and the head of the log', () => {
    const { decisions, log, plan, request } = evidence(ended);
    expect(decisions).toMatchObject([{ kind: 'approved', by: 'UBOB', digest: plan.digest }, { kind: 'started' }]);
    expect(log).toEqual({ version: ended.entries.length, hash: `hash-${ended.entries.length}` });
    expect(request).toMatchObject({ id: 'K7QM', requester: 'UANNA', channel: 'C0INCIDENT', state: 'finished' });
  });

  test('of what never had a plan there is none', () => {
    expect(evidenceOf({ ...ended.request, plan: undefined } as never, [])).toBeUndefined();
  });
});

/** As RFC 4180 says. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, end] of text.matchAll(/"((?:[^"]|"")*)"(,|\r\n)/gu)) {
    rows.at(-1)?.push((quoted ?? '').replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

describe('the table', () => {
  const rows = readCsv(evidenceCsv(evidence(ended)).slice(1));

  test('has a row for each instance under its columns', () => {
    expect(rows[0]).toEqual(Object.keys(COLUMNS));
    const cell = (row: number, column: string) => rows[row]?.[Object.keys(COLUMNS).indexOf(column)];
    expect(rows).toHaveLength(3);
    expect([cell(1, 'instance'), cell(1, 'outcome'), cell(1, 'approved_by')]).toEqual(['i-0001', 'detached', 'UBOB']);
    expect(cell(2, 'cloud_request_ids')).toBe('R-2 B61C08E5-403A-46A2-96C1-F7B1216DB10C');
  });

  test('begins with the mark that lets a spreadsheet read Chinese', () => {
    expect(Buffer.from(evidenceCsv(evidence(ended))).subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  });

  test('of any request is read back whole, and no cell of it is a formula', () => {
    const formula = fc.constantFrom('=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', '"=1"', 'a,b', 'a\r\nb');
    fc.assert(
      fc.property(facts, fc.oneof(nasty, formula), (given, name) => {
        const story = storiesOf({ ...given, sizes: [3, 2], words: [name, ...given.words] }).at(-1);
        if (story === undefined) throw new Error('there is no story');
        const found = evidence(story);
        expect(evidenceSchema.parse(JSON.parse(JSON.stringify(found)))).toEqual(found);
        const read = readCsv(evidenceCsv(found).slice(1));
        expect(read.length).toBe(found.instances.length + 1);
        for (const [index, row] of read.slice(1).entries()) {
          expect(row.length).toBe(Object.keys(COLUMNS).length);
          expect(row.filter((cell) => /^[=+\-@\t\r＝＋－＠]/u.test(cell))).toEqual([]);
          const shown = row[Object.keys(COLUMNS).indexOf('name')] ?? '';
          expect([`'${found.instances[index]?.name}`, found.instances[index]?.name]).toContain(shown);
        }
      }),
      { numRuns: 30 },
    );
  });
});

type Node = { properties?: Record<string, Node>; items?: Node; anyOf?: Node[] };

/** `instances[].steps[].calls[].at`: everything that has no parts of its own. */
function pathsOf(node: Node, path = ''): string[] {
  if (node.properties) {
    return Object.entries(node.properties).flatMap(([name, part]) =>
      pathsOf(part, path === '' ? name : `${path}.${name}`),
    );
  }
  if (node.items && (node.items.properties || node.items.items)) return pathsOf(node.items, `${path}[]`);
  return [path];
}

test('docs/evidence.md tells of everything that is in the files', () => {
  const page = readFileSync(join(__dirname, '../../../docs/evidence.md'), 'utf8');
  const told = [...page.matchAll(/^\| `([^`]+)` +\|/gmu)].map(([, name]) => name ?? '');
  const json = pathsOf(z.toJSONSchema(evidenceSchema) as Node);
  expect(told.filter((name) => !(name in COLUMNS)).sort()).toEqual(json.sort());
  expect(told.filter((name) => name in COLUMNS)).toEqual(Object.keys(COLUMNS));
});

import { describe, expect, test } from '@jest/globals';
import type { ModalView } from '@slack/types';
import fc from 'fast-check';
import { makeState } from '../../../playground/slack/state.js';
import { readView } from '../../../playground/slack/views.js';
import { makeWorkspace } from '../../../playground/slack/workspace.js';
import { asTextView } from '../../../src/bot/messages/fallback.js';
import { instancesView, KINDS, PAGE_SIZE, type Shown } from '../../../src/bot/messages/instances.js';
import { LANGUAGES, type Language, type RequestEvent } from '../../../src/jobs/events.js';
import type { Request } from '../../../src/jobs/request.js';
import { facts, INSTANCE_ID, NASTY, PEOPLE, storiesOf } from './any-request.js';
import { markupIn, shownText } from './reading.js';
import { BUSY, group, NOW, planned, settled, started, target, then } from './requests.js';

const state = makeState('http://local', makeWorkspace(undefined), () => 0);
const carry = (shown: Shown) => JSON.stringify(shown);
const viewOf = (request: Request, shown: Partial<Shown> = {}, language: Language = 'en') =>
  instancesView(request, { filter: 'all', page: 1, ...shown }, carry, language);
const textOf = (view: ModalView) => shownText({ text: '', blocks: view.blocks as never });

/** All that the pages show, from the first to the last. */
function walk(request: Request, filter: Shown['filter'], language: Language = 'en'): string[] {
  const pages: string[] = [];
  for (let page = 1; ; page += 1) {
    const view = viewOf(request, { filter, page }, language);
    readView(state, view, 'modal');
    if (JSON.parse(view.private_metadata ?? '{}').page !== page) return pages;
    pages.push(textOf(view));
  }
}

describe('the list of all instances', () => {
  const TARGETS = Array.from({ length: 45 }, (_, index) => target(index));
  const running = started(planned([group(TARGETS)], {}, 1), 'UBOB');
  const two = ['i-0002', 'i-0003'];
  const batch: RequestEvent = { type: 'batched', batch: 'b1', group: 0, step: 'detach', instances: two };
  const begun = then(running, batch, { type: 'begun', batch: 'b1', epoch: 1, instances: two });
  const partly = settled(begun, { 'i-0000': NOW, 'i-0001': BUSY });

  test('shows how each stands now, what needs a look first', () => {
    const [head = '', , first = '', second = '', third = ''] = textOf(viewOf(partly.request)).split('\n');
    expect(head).toBe('Request K7QM, running. This is how it stands now.');
    expect(first).toBe('❌ Failed · i-0001 (web-1) · IncorrectInstanceStatus');
    expect(second).toBe('⏳ Under way · i-0002 (web-2) · detach → verify → restart');
    expect(third).toContain('i-0003');
    expect(textOf(viewOf(partly.request))).toContain('⚪ Not begun · i-0004 (web-4)');
    expect(textOf(viewOf(partly.request, { page: 3 }))).toContain('✅ Detached · i-0000 (web-0)');
  });

  test('has pages, and goes no further than the last', () => {
    expect(textOf(viewOf(partly.request))).toContain('Page 1 of 3, 45 instances');
    expect(textOf(viewOf(partly.request, { page: 99 }))).toContain('Page 3 of 3, 45 instances');
    const buttons = (page: number) => JSON.stringify(viewOf(partly.request, { page }).blocks);
    expect([buttons(1).includes('instances_previous'), buttons(1).includes('instances_next')]).toEqual([false, true]);
    expect([buttons(3).includes('instances_previous'), buttons(3).includes('instances_next')]).toEqual([true, false]);
  });

  test('offers the kinds that there are, and shows one of them', () => {
    const offered = JSON.stringify(viewOf(partly.request).blocks[1]);
    expect([...offered.matchAll(/"text":"([^"]*\(\d+\))"/gu)].map(([, text]) => text).slice(0, 5)).toEqual([
      'All (45)',
      '❌ Failed (1)',
      '⏳ Under way (2)',
      '⚪ Not begun (41)',
      '✅ Detached (1)',
    ]);
    expect(
      walk(partly.request, 'failed')
        .join()
        .match(/i-\d{4}/gu),
    ).toEqual(['i-0001']);
    expect(walk(partly.request, 'skipped')).toEqual([expect.stringContaining('There are none of these now.')]);
  });

  test('before it runs, shows the plan', () => {
    const waiting = planned([
      group([target(1), target(2, { steps: [], outcome: { kind: 'skipped', reason: 'windows' } })]),
    ]);
    expect(textOf(viewOf(waiting.request))).toContain('⚪ Not begun · i-0001 (web-1)');
    expect(textOf(viewOf(waiting.request))).toContain('⏭️ Skipped · i-0002 (web-2)');
  });

  test('is there as plain text too', () => {
    const plain = asTextView(viewOf(partly.request));
    readView(state, plain, 'modal');
    expect(plain && textOf(plain)).toContain('❌ Failed · i-0001 (web-1) · IncorrectInstanceStatus');
    expect(plain?.private_metadata).toBe(carry({ filter: 'all', page: 1 }));
  });
});

test('for any request, its pages are within Slack’s limits, hold no markup, and show each instance once', () => {
  fc.assert(
    fc.property(facts, fc.constantFrom(...LANGUAGES), (given, language) => {
      const request = storiesOf(given).at(-1)?.request;
      if (request === undefined) throw new Error('there is no story');
      const ids = [...request.targets.values()].map(({ id }) => id).sort();
      const pages = walk(request, 'all', language);
      expect(pages.length).toBe(Math.max(1, Math.ceil(ids.length / PAGE_SIZE)));
      // Names may hold other instances' ids, so lines are counted by the id that they begin with.
      const named = pages.flatMap((page) => page.split('\n').flatMap((line) => line.match(INSTANCE_ID)?.[0] ?? []));
      expect([...new Set(named)].filter((id) => ids.includes(id)).sort()).toEqual(ids);
      expect(markupIn({ text: '', blocks: viewOf(request, {}, language).blocks as never }, PEOPLE)).toEqual([]);
      const byKind = KINDS.flatMap((kind) => walk(request, kind, language));
      expect(byKind.length).toBeGreaterThanOrEqual(pages.length);
    }),
    { numRuns: 6 },
  );
});

test.each(NASTY.map((word) => [JSON.stringify(word.slice(0, 20)), word]))(
  'where all is %s, each instance is still named by its whole id',
  (_, word = '') => {
    const failed = { kind: 'failed', code: word, message: word, hint: 'no-answer' } as const;
    const story = storiesOf({
      isUndo: false,
      sizes: [30, 30],
      words: [word],
      outcomes: [failed],
      steps: 0,
      approvals: 1,
    });
    const request = story.at(-1)?.request;
    if (request === undefined) throw new Error('there is no story');
    const named = walk(request, 'all').flatMap((page) => page.match(INSTANCE_ID) ?? []);
    expect(named.sort()).toEqual([...request.targets.values()].map(({ id }) => id).sort());
  },
);

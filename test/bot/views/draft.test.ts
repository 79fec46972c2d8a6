import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FIELDS, type Field } from '../../../src/bot/ids.js';
import {
  blockIds,
  type Draft,
  decodeDraft,
  emptyDraft,
  encodeChoices,
  encodeDraft,
  readForm,
  wordsIn,
} from '../../../src/bot/views/draft.js';
import { CHANNEL } from '../../jobs/house.js';

const ACCOUNTS = [
  { account: 'prod-hz', regions: ['cn-hangzhou', 'cn-beijing'], wanted: [] },
  { account: 'game-gz', regions: ['ap-guangzhou'], wanted: [] },
];
const chosen: Draft = {
  ...emptyDraft('zh', CHANNEL),
  account: 'prod-hz',
  region: 'cn-beijing',
  key: 'deploy',
  scope: 'named',
  instances: ['i-1', 'i-2'],
  restart: true,
  reason: 'laptop stolen',
};

type Values = Record<string, Record<string, unknown>>;
const option = (value: string) => ({ selected_option: { value, text: { type: 'plain_text', text: value } } });

/** What Slack sends of a form that was filled in like this. */
function valuesOf(draft: Draft): Values {
  const ids = blockIds(draft);
  const at = (field: Field, value: unknown) => [ids[field], { [FIELDS[field]]: value }] as const;
  return Object.fromEntries([
    at('channel', { selected_conversation: draft.channel ?? null }),
    at('account', draft.account === undefined ? { selected_option: null } : option(`n:${draft.account}`)),
    at('region', draft.region === undefined ? { selected_option: null } : option(`n:${draft.region}`)),
    at('key', draft.key === undefined ? { selected_option: null } : option(`n:${draft.key}`)),
    at('scope', option(draft.scope)),
    at('instances', { selected_options: draft.instances.map((id) => ({ value: `n:${id}` })) }),
    at('restart', { selected_options: draft.restart ? [{ value: 'restart' }] : [] }),
    at('reason', { value: draft.reason || null }),
  ]);
}
const view = (values: Values, before: Draft = emptyDraft('zh')) => ({
  private_metadata: encodeChoices(before),
  state: { values },
});
const read = (values: Values, before?: Draft) => readForm(view(values, before), () => ACCOUNTS)?.draft;

describe('a form', () => {
  it('is read as it was filled in', () => {
    expect(read(valuesOf(chosen))).toEqual(chosen);
    expect(read(valuesOf({ ...chosen, scope: 'all' }))).toEqual({ ...chosen, scope: 'all', instances: [] });
  });

  it('has the only region of its account without asking for it', () => {
    const { region: _region, ...asked } = { ...chosen, account: 'game-gz' };
    const known = { ...asked, region: 'ap-guangzhou' };
    expect(read(valuesOf(known))).toEqual(known);
  });

  it('forgets what hung on another choice', () => {
    const other = { ...valuesOf(chosen), ...pick(valuesOf({ ...chosen, account: 'game-gz' }), 'account', chosen) };
    expect(read(other)).toMatchObject({ account: 'game-gz', region: 'ap-guangzhou', reason: 'laptop stolen' });
    expect(read(other)).not.toHaveProperty('key');
    expect(read(other)?.instances).toEqual([]);
  });

  it('knows its channel and what it is about also where Slack does not tell of what nobody touched', () => {
    const before = { ...emptyDraft('zh', CHANNEL), scope: 'named' as const };
    expect(read({}, before)).toEqual(before);
  });

  it('takes no line that only tells something for a name, and no account that is not offered', () => {
    const ids = blockIds(chosen);
    const hinted = { ...valuesOf(chosen), [ids.key]: { [FIELDS.key]: option('h:The cloud is slow') } };
    expect(read(hinted)).not.toHaveProperty('key');
    const forged = { ...valuesOf(chosen), [ids.account]: { [FIELDS.account]: option('n:closed') } };
    expect(read(forged)).not.toHaveProperty('account');
  });

  it.each([undefined, {}, { private_metadata: '{', state: { values: {} } }, { private_metadata: 'null', state: {} }])(
    'is none of ours: %j',
    (given) => expect(readForm(given, () => ACCOUNTS)).toBeUndefined(),
  );

  it('gives all words in it, with where they stand', () => {
    const found = wordsIn(view(valuesOf(chosen)));
    const at = (field: Field) => found.find(({ block }) => block === blockIds(chosen)[field])?.words.trim();
    expect([at('reason'), at('instances'), at('key')]).toEqual(['laptop stolen', 'n:i-1 n:i-2', 'n:deploy']);
  });
});

/** The block of one field, where the other form has it. */
function pick(values: Values, field: Field, of: Draft): Values {
  const id = blockIds(of)[field];
  return { [id]: values[id] ?? {} };
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 1_000 }),
  fc.constantFrom('"'.repeat(900), '危'.repeat(900)),
);
const draft: fc.Arbitrary<Draft> = fc.record({
  language: fc.constantFrom('en' as const, 'zh' as const),
  channel: fc.constant(CHANNEL),
  account: text,
  region: text,
  key: text,
  scope: fc.constantFrom('all' as const, 'named' as const),
  instances: fc.array(text, { maxLength: 60 }),
  restart: fc.boolean(),
  reason: text,
});

describe('what a view carries', () => {
  it('comes back whole, or is said to be too much', () => {
    fc.assert(
      fc.property(draft, (given) => {
        const carried = encodeDraft(given);
        if (carried === undefined) expect(JSON.stringify(given).length).toBeGreaterThan(3_000);
        else {
          expect(carried.length).toBeLessThanOrEqual(3_000);
          expect(decodeDraft(carried)).toEqual(given);
        }
      }),
    );
  });

  it('has room for fifty instances of the longest ids and a reason', () => {
    const instances = Array.from(
      { length: 50 },
      (_, index) => `0a1b2c3d-4e5f-6789-abcd-${String(index).padStart(12, '0')}`,
    );
    expect(encodeDraft({ ...chosen, instances, reason: 'x'.repeat(800) })).toBeDefined();
  });

  it('is no more than the choices while the form is filled in', () => {
    expect(decodeDraft(encodeChoices(chosen))).toEqual({ ...chosen, instances: [], restart: false, reason: '' });
  });

  it('names each field anew that hangs on another choice, and never by more than Slack takes', () => {
    fc.assert(
      fc.property(draft, draft, (one, two) => {
        const [a, b] = [blockIds(one), blockIds(two)];
        for (const id of Object.values(a)) expect(id.length).toBeLessThanOrEqual(255);
        expect(new Set(Object.values(a)).size).toBe(8);
        const isSame = one.account === two.account && one.region === two.region;
        expect(a.key === b.key).toBe(isSame);
      }),
    );
  });
});

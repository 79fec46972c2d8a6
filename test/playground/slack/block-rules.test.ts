import { describe, expect, it } from '@jest/globals';
import { checkBlocks, type Surface, withIds } from '../../../playground/slack/block-rules.js';
import { SlackRefusal } from '../../../playground/slack/refusal.js';
import { button, section } from './harness.js';

const plain = (length: number) => ({ type: 'plain_text', text: 'x'.repeat(length) });
const mrkdwn = (length: number) => ({ type: 'mrkdwn', text: 'x'.repeat(length) });
const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));
const actions = (...elements: unknown[]) => ({ type: 'actions', elements });
const confirm = (more: Record<string, unknown> = {}) => ({
  title: plain(100),
  text: mrkdwn(300),
  confirm: plain(30),
  deny: plain(30),
  ...more,
});
const choice = (more: Record<string, unknown> = {}) => ({ text: plain(75), value: 'v'.repeat(75), ...more });
const select = (more: Record<string, unknown> = {}) =>
  actions({ type: 'static_select', action_id: 's', options: [choice()], ...more });
const brief = { text: plain(1), value: 'v' };
const input = (element: Record<string, unknown>) => ({ type: 'input', label: plain(10), element });
const typed = (more: Record<string, unknown> = {}) => input({ type: 'plain_text_input', action_id: 'i', ...more });
const cell = { type: 'raw_text', text: 'x' };
const table = (rows: unknown) => ({ type: 'table', rows });

function refusalOf(blocks: unknown, surface: Surface = 'message'): SlackRefusal {
  try {
    checkBlocks(blocks, surface);
  } catch (error) {
    if (error instanceof SlackRefusal) return error;
    throw error;
  }
  throw new Error(`nothing was refused in ${JSON.stringify(blocks).slice(0, 200)}`);
}

describe('limits of blocks', () => {
  it.each<[string, unknown, unknown]>([
    ['section text', section('x'.repeat(3000)), section('x'.repeat(3001))],
    ['empty section text', section('x'), section('')],
    [
      'section fields',
      { type: 'section', fields: times(10, () => mrkdwn(5)) },
      { type: 'section', fields: times(11, () => mrkdwn(5)) },
    ],
    ['section field', { type: 'section', fields: [mrkdwn(2000)] }, { type: 'section', fields: [mrkdwn(2001)] }],
    ['header', { type: 'header', text: plain(150) }, { type: 'header', text: plain(151) }],
    ['header of mrkdwn', { type: 'header', text: plain(5) }, { type: 'header', text: mrkdwn(5) }],
    [
      'context',
      { type: 'context', elements: times(10, () => mrkdwn(5)) },
      { type: 'context', elements: times(11, () => mrkdwn(5)) },
    ],
    ['actions', actions(...times(25, (i) => button(`b${i}`, 'x'))), actions(...times(26, (i) => button(`b${i}`, 'x')))],
    ['button text', actions(button('a', 'x'.repeat(75))), actions(button('a', 'x'.repeat(76)))],
    [
      'button value',
      actions(button('a', 'x', { value: 'v'.repeat(2000) })),
      actions(button('a', 'x', { value: 'v'.repeat(2001) })),
    ],
    ['button style', actions(button('a', 'x', { style: 'danger' })), actions(button('a', 'x', { style: 'default' }))],
    [
      'accessibility_label',
      actions(button('a', 'x', { accessibility_label: 'l'.repeat(75) })),
      actions(button('a', 'x', { accessibility_label: 'l'.repeat(76) })),
    ],
    ['action_id', actions(button('a'.repeat(255), 'x')), actions(button('a'.repeat(256), 'x'))],
    ['block_id', section('x', { block_id: 'b'.repeat(255) }), section('x', { block_id: 'b'.repeat(256) })],
    [
      'confirm',
      actions(button('a', 'x', { confirm: confirm() })),
      actions(button('a', 'x', { confirm: confirm({ title: plain(101) }) })),
    ],
    [
      'confirm text',
      actions(button('a', 'x', { confirm: confirm() })),
      actions(button('a', 'x', { confirm: confirm({ text: mrkdwn(301) }) })),
    ],
    [
      'confirm label',
      actions(button('a', 'x', { confirm: confirm() })),
      actions(button('a', 'x', { confirm: confirm({ confirm: plain(31) }) })),
    ],
    ['option text', select(), select({ options: [choice({ text: plain(76) })] })],
    ['option value', select(), select({ options: [choice({ value: 'v'.repeat(76) })] })],
    [
      'option description',
      select({ options: [choice({ description: plain(75) })] }),
      select({ options: [choice({ description: plain(76) })] }),
    ],
    ['select options', select({ options: times(100, () => brief) }), select({ options: times(101, () => brief) })],
    ['select without options', select(), select({ options: undefined })],
    ['placeholder', select({ placeholder: plain(150) }), select({ placeholder: plain(151) })],
    [
      'overflow',
      actions({ type: 'overflow', options: times(5, () => choice()) }),
      actions({ type: 'overflow', options: times(6, () => choice()) }),
    ],
    ['max_length', typed({ max_length: 3000 }), typed({ max_length: 3001 })],
    [
      'checkboxes',
      input({ type: 'checkboxes', options: times(10, () => choice()) }),
      input({ type: 'checkboxes', options: times(11, () => choice()) }),
    ],
    ['markdown', { type: 'markdown', text: 'x'.repeat(12_000) }, { type: 'markdown', text: 'x'.repeat(12_001) }],
    ['table rows', table(times(100, () => [cell])), table(times(101, () => [cell]))],
    ['table cells', table([times(20, () => cell)]), table([times(21, () => cell)])],
    ['additional property', section('x'), section('x', { colour: 'red' })],
    ['unknown type', section('x'), { type: 'marquee' }],
    ['unknown element', actions(button('a', 'x')), actions({ type: 'lever' })],
  ])('%s', (_, fits, doesNot) => {
    expect(checkBlocks([fits], 'message')).toHaveLength(1);
    expect(refusalOf([doesNot])).toMatchObject({ error: 'invalid_blocks' });
  });

  it('says where and why', () => {
    const { messages } = refusalOf([section('x'), { type: 'header', text: plain(151) }]);
    expect(messages).toEqual(['[ERROR] must be less than 151 characters [json-pointer:/blocks/1/text/text]']);
    expect(refusalOf([section('x', { colour: 'red' })]).messages).toEqual([
      '[ERROR] invalid additional property: colour [json-pointer:/blocks/0]',
    ]);
  });
});

describe('limits of a payload', () => {
  it.each<[Surface, number]>([
    ['message', 50],
    ['modal', 100],
    ['home', 100],
  ])('a %s has at most %i blocks', (surface, most) => {
    expect(
      checkBlocks(
        times(most, () => ({ type: 'divider' })),
        surface,
      ),
    ).toHaveLength(most);
    expect(
      refusalOf(
        times(most + 1, () => ({ type: 'divider' })),
        surface,
      ).messages,
    ).toEqual([`[ERROR] no more than ${most} items allowed [json-pointer:/blocks]`]);
  });

  it('keeps each kind of block to its surfaces', () => {
    const alert = { type: 'alert', text: plain(5) };
    expect(refusalOf([alert], 'message')).toMatchObject({ error: 'invalid_blocks' });
    expect(refusalOf([alert], 'home')).toMatchObject({ error: 'invalid_blocks' });
    expect(checkBlocks([alert], 'modal')).toHaveLength(1);
    for (const surface of ['modal', 'home'] as const) {
      expect(refusalOf([table([[cell]])], surface).messages).toEqual([
        `[ERROR] unsupported type: table in a ${surface} [json-pointer:/blocks/0/type]`,
      ]);
      expect(refusalOf([{ type: 'markdown', text: 'x' }], surface)).toMatchObject({ error: 'invalid_blocks' });
    }
  });

  it('wants ids that differ', () => {
    expect(refusalOf([actions(button('a', 'x'), button('a', 'y'))]).messages).toEqual([
      '[ERROR] `action_id` already exists [json-pointer:/blocks/0]',
    ]);
    expect(checkBlocks([actions(button('a', 'x')), actions(button('a', 'y'))], 'message')).toHaveLength(2);
    expect(refusalOf([section('x', { block_id: 'b' }), section('y', { block_id: 'b' })]).messages).toEqual([
      '[ERROR] block_id "b" already exists [json-pointer:/blocks/1/block_id]',
    ]);
  });

  it('has one table, so much markdown and so many bytes', () => {
    expect(refusalOf([table([[cell]]), table([[cell]])])).toMatchObject({
      error: 'invalid_attachments',
      messages: ['only_one_table_allowed'],
    });
    expect(refusalOf(times(2, () => ({ type: 'markdown', text: 'x'.repeat(6_001) })))).toMatchObject({
      error: 'invalid_blocks',
    });
    const bytes = (total: number) => {
      const empty = JSON.stringify(times(5, () => section(''))).length;
      const rest = total - empty - 4 * 2_600;
      return [...times(4, () => section('x'.repeat(2_600))), section('x'.repeat(rest))];
    };
    expect(JSON.stringify(bytes(13_200))).toHaveLength(13_200);
    expect(checkBlocks(bytes(13_200), 'message')).toHaveLength(5);
    expect(refusalOf(bytes(13_201))).toMatchObject({ error: 'msg_blocks_too_long' });
    // Bytes, not characters: the same length in Chinese is three times as much.
    expect(refusalOf(times(2, () => section('钥'.repeat(2_500))))).toMatchObject({ error: 'msg_blocks_too_long' });
    expect(checkBlocks(bytes(13_201), 'home')).toHaveLength(5);
  });

  it('gives ids to what has none', () => {
    let count = 0;
    const [named, own] = withIds(
      checkBlocks(
        [{ type: 'actions', elements: [{ type: 'button', text: plain(1) }] }, section('x', { block_id: 'own' })],
        'message',
      ),
      () => `id${++count}`,
    );
    expect(named).toMatchObject({ block_id: 'id1', elements: [{ action_id: 'id2' }] });
    expect(own).toMatchObject({ block_id: 'own' });
  });
});

import { describe, expect, test } from '@jest/globals';
import type { Button } from '@slack/types';
import { ACTIONS, decodeDecision, decodeRequest, encodeDecision } from '../../../src/bot/ids.js';
import type { Message } from '../../../src/bot/messages/render.js';
import { rootMessage } from '../../../src/bot/messages/root.js';
import type { Request } from '../../../src/jobs/request.js';
import { check, shownText } from './reading.js';
import {
  approved,
  BUSY,
  DIGEST,
  group,
  LATER,
  NOW,
  planned,
  requested,
  type Story,
  settled,
  started,
  target,
  then,
} from './requests.js';

const OFF = { kind: 'not-bound' } as const;
const WINDOWS = { kind: 'skipped', reason: 'windows' } as const;
const TARGETS = [
  ...[1, 2, 3].map((index) => target(index)),
  target(4, { steps: ['detach', 'verify'] }),
  target(5, { steps: ['stop', 'detach', 'verify', 'start'] }),
  target(6),
  target(7, { steps: [], os: 'windows', outcome: WINDOWS }),
  target(8, { steps: [], outcome: OFF }),
];
const waiting = planned([group(TARGETS)]);
const running = settled(started(approved(waiting, 'UBOB'), 'UCAROL'), {
  'i-0001': NOW,
  'i-0007': WINDOWS,
  'i-0008': OFF,
});
const rest = { 'i-0002': NOW, 'i-0003': NOW, 'i-0004': LATER, 'i-0005': BUSY, 'i-0006': NOW };

const english = (request: Request): Message => rootMessage(request, { language: 'en' });
const allButtons = ({ blocks }: Message): Button[] =>
  blocks.flatMap((block) => (block.type === 'actions' ? (block.elements as Button[]) : []));
/** Those that change something. */
const buttons = (message: Message): Button[] =>
  allButtons(message).filter(({ action_id }) => action_id !== ACTIONS.showInstances);
/** With times as a screen reader that knows no local time says them. */
const spoken = ({ text }: Message): string[] => text.replace(/<!date\^[^|]*\|([^>]*)>/gu, '$1').split('\n');

describe('what it says', () => {
  test('while the plan is made', () => {
    expect(spoken(english(requested([group(TARGETS)]).request))).toEqual([
      '⏳ Making the plan: detach key deploy-2024',
      'Requested by <@UANNA>, Nov 23, 2026, 3:04 AM UTC. Request K7QM.',
      'Reason: Laptop stolen',
      'Key deploy-2024 in prod-hz/cn-hangzhou: every instance that it is bound to',
      'Reading the cloud to make the plan. Nothing is changed yet.',
    ]);
  });

  test('while it waits for approval', () => {
    expect(spoken(english(approved(waiting, 'UBOB').request))).toEqual([
      '🔑 Approval needed: detach key deploy-2024 from 6 instances',
      'Requested by <@UANNA>, Nov 23, 2026, 3:04 AM UTC. Request K7QM.',
      'Reason: Laptop stolen',
      'Key deploy-2024 in prod-hz/cn-hangzhou: 6 instances',
      '• i-0001 (web-1), running: detach → verify → restart',
      '• i-0002 (web-2), running: detach → verify → restart',
      '• i-0003 (web-3), running: detach → verify → restart',
      '• i-0004 (web-4), running: detach → verify',
      '• i-0005 (web-5), running: stop → detach → verify → start',
      '… and 1 more instance',
      '🔄 4 instances will restart.',
      '🔌 1 instance will be shut down, and started again.',
      '⏰ The key still opens 1 instance afterwards, until a restart.',
      '⏭️ 1 instance will be skipped: Windows.',
      '➖ 1 instance does not have this key.',
      '⚠️ Lock-out: an instance without a password cannot be reached by SSH afterwards. No cloud tells which have one. Make sure of another way in.',
      'Approvals for prod-hz: 1 of 2 (<@UBOB>)',
      'The requester cannot approve. Expires Nov 23, 2026, 3:34 AM UTC. Plan 5c0f3e9ab27d.',
    ]);
  });

  test('while it runs', () => {
    const message = english(running.request);
    expect(spoken(message).slice(1)).toEqual([
      '1 of 6 instances done',
      '✅ 1 detached, ⏭️ 1 skipped, ➖ 1 had no such key',
      'The thread tells what became of each instance.',
      'Requested by <@UANNA>, Nov 23, 2026, 3:04 AM UTC. Request K7QM.',
      'Reason: Laptop stolen',
      'Approvals for prod-hz: 2 of 2 (<@UBOB> and <@UCAROL>)',
      'Plan 5c0f3e9ab27d.',
    ]);
    expect(shownText(message)).toContain('█░░░░░░░░░ 1 of 6');
  });

  test('at its end', () => {
    expect(spoken(english(then(settled(running, rest), { type: 'finished' }).request))).toEqual([
      '⚠️ Finished, 1 to look at: key deploy-2024 detached from 5 of 7 instances',
      '❌ 1 failed, ✅ 4 detached, ⏰ 1 detached but not yet restarted, ⏭️ 1 skipped, ➖ 1 had no such key',
      '⏰ The key still opens 1 instance until it restarts.',
      'Finished Nov 23, 2026, 3:10 AM UTC. The thread tells what became of each instance.',
      'Requested by <@UANNA>, Nov 23, 2026, 3:04 AM UTC. Request K7QM.',
      'Reason: Laptop stolen',
      'Approvals for prod-hz: 2 of 2 (<@UBOB> and <@UCAROL>)',
      'Plan 5c0f3e9ab27d.',
    ]);
  });

  test.each([
    [
      'denied',
      then(waiting, { type: 'denied', by: 'UBOB', reason: 'Wrong key' }),
      '🚫 Denied: ',
      'Denied by <@UBOB> Nov 23, 2026, 3:06 AM UTC.',
    ],
    ['expired', then(waiting, { type: 'expired' }), '⌛ Expired: ', 'Nobody decided in time. Expired Nov 23'],
    ['cancelled', then(waiting, { type: 'cancelled', by: 'UANNA' }), '🛑 Cancelled: ', 'Cancelled by <@UANNA> Nov 23'],
    [
      'rejected',
      then(requested([group([])]), { type: 'rejected', rejection: { code: 'too-many', count: 300, max: 200 } }),
      '❌ Not possible: ',
      '300 instances, but at most 200 are allowed in one request.',
    ],
  ])('when it was %s: by whom or why, and that nothing was changed', (_, { request }, title, why) => {
    const lines = spoken(english(request));
    expect(lines[0]).toContain(title);
    expect(lines[1]).toContain(why);
    const asked = lines.findIndex((line) => line.startsWith('Requested by'));
    expect(lines[asked - 1]).toBe('Nothing was changed.');
    expect(buttons(english(request))).toEqual([]);
  });

  test('when a cancel stopped it halfway: how far it got', () => {
    const halted = then(running, { type: 'halted', by: 'UANNA' });
    expect(spoken(english(halted.request))[0]).toBe('🛑 Cancelling: detach key deploy-2024 from 6 instances');
    const ended = then(settled(halted, rest), { type: 'cancelled', by: 'UANNA' });
    expect(spoken(english(ended.request))[0]).toBe('🛑 Cancelled: key deploy-2024 detached from 5 of 7 instances');
    expect(english(ended.request).text).not.toContain('Nothing was changed');
  });

  test('blocks and text say the same', () => {
    const message = english(running.request);
    for (const line of spoken(message).slice(1, 4)) expect(shownText(message)).toContain(line);
  });

  test('in Chinese too', () => {
    const message = rootMessage(waiting.request, { language: 'zh' });
    check(message);
    expect(spoken(message)[0]).toBe('🔑 等待审批：从 6 台实例解绑密钥对 deploy-2024');
    expect(spoken(message)[4]).toBe('• i-0001 (web-1)，运行中：解绑 → 核实 → 重启');
  });
});

describe('its buttons', () => {
  test('Approve, Deny and Cancel while it waits, with what the click stands for', () => {
    const [approve, deny, cancel, ...others] = buttons(english(waiting.request));
    expect(others).toEqual([]);
    expect([approve?.action_id, deny?.action_id, cancel?.action_id]).toEqual([
      ACTIONS.approve,
      ACTIONS.deny,
      ACTIONS.cancel,
    ]);
    expect(cancel?.confirm).toMatchObject({
      title: { text: 'Cancel this request?' },
      text: { text: expect.stringContaining('Nothing was changed yet.') },
    });
    expect(approve).toMatchObject({
      style: 'danger',
      accessibility_label: 'Approve: detach key deploy-2024 from 6 instances',
    });
    expect(approve?.confirm).toMatchObject({ confirm: { text: 'Detach 6' }, deny: { text: 'Go back' } });
    const confirm = JSON.stringify(approve?.confirm);
    for (const fact of ['deploy-2024', '6 instances', 'cn-hangzhou', '5 instances will be down'])
      expect(confirm).toContain(fact);
    for (const button of [approve, deny, cancel])
      expect(decodeDecision(button?.value)).toEqual({ id: 'K7QM', digest: DIGEST });
  });

  test('Cancel while it runs, and not once that was clicked', () => {
    const [cancel, ...others] = buttons(english(running.request));
    expect(others).toEqual([]);
    expect(cancel).toMatchObject({ action_id: ACTIONS.cancel, confirm: { confirm: { text: 'Cancel the rest' } } });
    expect(buttons(english(then(running, { type: 'halted', by: 'UANNA' }).request))).toEqual([]);
  });

  test('none while the plan is made, and at the end those that go on with what is left', () => {
    expect(buttons(english(requested([group(TARGETS)]).request))).toEqual([]);
    const end = buttons(english(then(settled(running, rest), { type: 'finished' }).request));
    expect(end.map(({ action_id }) => action_id)).toEqual([ACTIONS.retryFailed, ACTIONS.restart]);
  });
});

test('all instances can be looked at once there is a plan', () => {
  const offers = ({ request }: Story) =>
    allButtons(english(request)).filter(({ action_id }) => action_id === ACTIONS.showInstances).length;
  expect(offers(requested([group(TARGETS)]))).toBe(0);
  for (const story of [waiting, running, then(settled(running, rest), { type: 'finished' })])
    expect(offers(story)).toBe(1);
});

describe('a button’s value', () => {
  test('is read back as it was written', () => {
    expect(decodeDecision(encodeDecision(waiting.request))).toEqual({ id: 'K7QM', digest: DIGEST });
  });

  test.each([
    undefined,
    7,
    '',
    'K7QM',
    'K7QM.',
    `.${DIGEST}`,
    `K7QM.${DIGEST}x`,
    `K7QM.${DIGEST.slice(1)}`,
    `K 7.${DIGEST}`,
  ])('%j is none', (value) => expect(decodeDecision(value)).toBeUndefined());

  test('without a plan there is none, and its request all the same', () => {
    const value = encodeDecision(requested([group([])]).request);
    expect(decodeDecision(value)).toBeUndefined();
    expect(decodeRequest(value)).toBe('K7QM');
    expect(decodeRequest(encodeDecision(waiting.request))).toBe('K7QM');
    expect(['K7QM', '.', 7].map(decodeRequest)).toEqual([undefined, undefined, undefined]);
  });
});

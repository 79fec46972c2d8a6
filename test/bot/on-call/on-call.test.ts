import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startOpsgenie } from '../../../playground/on-call/opsgenie.js';
import { startPagerDuty } from '../../../playground/on-call/pagerduty.js';
import type { LocalOnCall } from '../../../playground/on-call/server.js';
import { createOnCall, type OnCall } from '../../../src/bot/on-call/on-call.js';
import { createOpsgenie } from '../../../src/bot/on-call/opsgenie.js';
import { createPagerDuty } from '../../../src/bot/on-call/pagerduty.js';

let pagerduty: LocalOnCall;
let opsgenie: LocalOnCall;
let unanswered: [string, unknown][];

beforeEach(async () => {
  pagerduty = await startPagerDuty({ token: 'pd-canary', schedules: { P1: ['Ann@Example.com'], P2: [] } });
  opsgenie = await startOpsgenie({ apiKey: 'og-canary', schedules: { o1: ['bob@example.com', 'eve@example.com'] } });
  unanswered = [];
});
afterEach(() => Promise.all([pagerduty.stop(), opsgenie.stop()]));

function onCall({ token = 'pd-canary', apiKey = 'og-canary', timeoutMs = 5_000 } = {}): OnCall {
  return createOnCall({
    services: {
      pagerduty: createPagerDuty({ secret: token, endpoint: pagerduty.url }),
      opsgenie: createOpsgenie({ secret: apiKey, endpoint: opsgenie.url }),
    },
    timeoutMs,
    onUnanswered: (schedule, error) => unanswered.push([schedule, error]),
  });
}
const ask = async (schedules: readonly string[], options = {}) =>
  Object.fromEntries(await onCall(options).ask(schedules));

describe('who is on call', () => {
  it('is asked of the service that keeps the schedule', async () => {
    expect(await ask(['pagerduty:P1', 'opsgenie:o1', 'pagerduty:P2'])).toEqual({
      'pagerduty:P1': ['ann@example.com'],
      'pagerduty:P2': [],
      'opsgenie:o1': ['bob@example.com', 'eve@example.com'],
    });
    expect(unanswered).toEqual([]);
  });

  it('is asked anew each time', async () => {
    const asking = onCall();
    await asking.ask(['pagerduty:P1']);
    pagerduty.schedules.set('P1', ['bob@example.com']);
    expect(Object.fromEntries(await asking.ask(['pagerduty:P1']))).toEqual({ 'pagerduty:P1': ['bob@example.com'] });
  });

  it('asks nobody where there is no schedule', async () => {
    expect(await ask([])).toEqual({});
    expect([...pagerduty.asked, ...opsgenie.asked]).toEqual([]);
  });

  it('comes from all pages', async () => {
    const many = Array.from({ length: 230 }, (_, index) => `p${index}@example.com`);
    pagerduty.schedules.set('P2', many);
    expect((await ask(['pagerduty:P2']))['pagerduty:P2']).toEqual(many);
    expect(pagerduty.asked.map((path) => /offset=(\d+)/.exec(path)?.[1])).toEqual(['0', '100', '200']);
  });
});

describe('a schedule without an answer has none', () => {
  it.each([401, 403, 404, 429, 500, 503])(
    'at status %d, and the other service is asked all the same',
    async (status) => {
      pagerduty.fail(status);
      expect(Object.keys(await ask(['pagerduty:P1', 'opsgenie:o1']))).toEqual(['opsgenie:o1']);
      expect(unanswered).toMatchObject([['pagerduty:P1', { name: 'OnCallFault' }]]);
    },
  );

  it('where the service does not answer in time', async () => {
    pagerduty.fail('hang');
    expect(await ask(['pagerduty:P1'], { timeoutMs: 50 })).toEqual({});
    expect(unanswered).toMatchObject([['pagerduty:P1', { name: 'TimeoutError' }]]);
  });

  it('where the service sends the key elsewhere, which is not done', async () => {
    pagerduty.fail({ redirectTo: `${opsgenie.url}/caught` });
    expect(await ask(['pagerduty:P1'])).toEqual({});
    expect(opsgenie.asked).toEqual([]);
    expect(unanswered).toHaveLength(1);
  });

  it.each([
    ['is no JSON, and no fault quotes it', '<canary>', 'in a form that is not known'],
    ['does not end', `{"canary":"${'x'.repeat(1_000_000)}"}`, 'with more than 1000000 bytes'],
  ])('where its answer %s', async (_what, text, words) => {
    opsgenie.fail({ text });
    expect(await ask(['opsgenie:o1'])).toEqual({});
    const [[, error] = []] = unanswered;
    expect(error).toMatchObject({ name: 'OnCallFault', message: expect.stringContaining(words) });
    expect(String(error)).not.toContain('canary');
  });

  it('where nobody listens', async () => {
    await opsgenie.stop();
    expect(await ask(['opsgenie:o1'])).toEqual({});
    expect(unanswered).toHaveLength(1);
  });

  it('where a schedule is not there, and its neighbour has its own', async () => {
    expect(Object.keys(await ask(['opsgenie:gone', 'opsgenie:o1']))).toEqual(['opsgenie:o1']);
    expect(unanswered).toMatchObject([['opsgenie:gone', { name: 'OnCallFault' }]]);
  });

  it('where the key is wrong, and no fault holds it', async () => {
    expect(await ask(['pagerduty:P1', 'opsgenie:o1'], { token: 'wrong-canary', apiKey: 'wrong-canary' })).toEqual({});
    expect(unanswered.map(([schedule]) => schedule).sort()).toEqual(['opsgenie:o1', 'pagerduty:P1']);
    expect(unanswered.map(([, error]) => (error instanceof Error ? error.stack : '')).join()).not.toContain('canary');
  });

  it('where no service of that name is known', async () => {
    expect(await ask(['victorops:v1'])).toEqual({});
  });
});

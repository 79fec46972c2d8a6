import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LocalSlack } from '../../../playground/slack/local-slack.js';
import { type Api, CHANNEL, call, clientOf, startTestSlack } from './harness.js';

let slack: LocalSlack;
let api: Api;
beforeEach(async () => {
  ({ slack, api } = await startTestSlack());
});
afterEach(() => slack.stop());

const message = { channel: CHANNEL, text: 'x' };
const post = () => call(slack, 'chat.postMessage', message);

describe('faults', () => {
  it('fails as often as it is told, and that method only', async () => {
    slack.fail('chat.postMessage', { kind: 'error', error: 'internal_error' }, 2);
    expect((await call(slack, 'auth.test')).body.ok).toBe(true);
    expect((await post()).body).toEqual({ ok: false, error: 'internal_error' });
    expect((await post()).body).toEqual({ ok: false, error: 'internal_error' });
    expect(slack.messages(CHANNEL)).toEqual([]);
    expect((await post()).body.ok).toBe(true);
  });

  it('limits, breaks, and forgets when it is told to', async () => {
    slack.fail('chat.postMessage', { kind: 'ratelimited', retryAfterSeconds: 7 });
    expect(await post()).toMatchObject({ status: 429, retryAfter: '7' });
    slack.fail('chat.postMessage', { kind: 'http', status: 503 }, Number.POSITIVE_INFINITY);
    expect((await post()).status).toBe(503);
    slack.clearFaults();
    expect((await post()).status).toBe(200);
    expect(slack.messages(CHANNEL)).toHaveLength(1);
  });

  it('loses a reply after the message is there', async () => {
    slack.fail('chat.postMessage', { kind: 'reply-lost' });
    await expect(clientOf(slack).chat.postMessage(message)).rejects.toMatchObject({
      code: 'slack_webapi_request_error',
    });
    expect(slack.messages(CHANNEL)).toHaveLength(1);
    expect(slack.calls.at(-1)?.reply).toEqual({ ok: false, error: 'cut' });
  });

  it('does not answer, and does nothing', async () => {
    slack.fail('chat.postMessage', { kind: 'hang' });
    const gone = fetch(`${slack.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: 'Bearer xoxb-test', 'content-type': 'application/json' },
      body: JSON.stringify(message),
    });
    const answered = gone.then(
      () => 'answered',
      () => 'broken off',
    );
    await slack.waitFor(() => slack.calls[0]?.reply, 'the call');
    expect(slack.messages(CHANNEL)).toEqual([]);
    await slack.stop();
    expect(await answered).toBe('broken off');
  });

  it('holds the next call of a method until it is let go', async () => {
    const { arrived, release } = slack.hold('chat.postMessage');
    const held = post();
    await arrived;
    expect(slack.messages(CHANNEL)).toEqual([]);
    expect((await post()).body.ok).toBe(true);
    release();
    expect((await held).body.ok).toBe(true);
    expect(slack.messages(CHANNEL)).toHaveLength(2);
  });
});

describe('waitFor', () => {
  it('resolves at the change', async () => {
    const waited = slack.waitFor((at) => at.messages(CHANNEL)[0]?.text, 'a message');
    await api('chat.postMessage', message);
    expect(await waited).toBe('x');
  });

  it('says what there was instead', async () => {
    await api('chat.postMessage', { channel: CHANNEL, text: 'something else' });
    await api('chat.postMessage', { channel: 'CNOWHERE', text: 'x' });
    const waited = slack.waitFor(() => undefined, 'the end of the world', 20);
    await expect(waited).rejects.toThrow(
      /waited 20 ms for the end of the world.*#incident.*something else.*chat\.postMessage: channel_not_found/s,
    );
  });
});

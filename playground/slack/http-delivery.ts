import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import type { Ack, Carrier, Envelope, Retry } from './delivery.js';
import { GestureFailure } from './refusal.js';

function encode({ type, payload }: Envelope): { contentType: string; body: string } {
  if (type === 'events_api') return { contentType: 'application/json', body: JSON.stringify(payload) };
  const form = type === 'interactive' ? { payload: JSON.stringify(payload) } : stringsOf(payload);
  return { contentType: 'application/x-www-form-urlencoded', body: new URLSearchParams(form).toString() };
}

const stringsOf = (payload: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, String(value)]));

/** Signature version 0 of "Verifying requests from Slack". */
export function sign(signingSecret: string, timestamp: number, body: string): string {
  return `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

function readAck(contentType: string, body: string): Ack {
  if (body === '') return {};
  return contentType.startsWith('application/json') ? (JSON.parse(body) as Ack) : { text: body };
}

/**
 * Sends envelopes to a request URL, signed. The timestamp is the machine's own, as the app compares it with its own
 * clock. Connections are not kept, so that the app can close its server at any time.
 */
export function makeHttpCarrier(requestUrl: string, signingSecret: string): Carrier {
  return (envelope: Envelope, retry: Retry | undefined) => {
    const { contentType, body } = encode(envelope);
    const timestamp = Math.floor(Date.now() / 1000);
    const headers = {
      'content-type': contentType,
      'content-length': Buffer.byteLength(body),
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': sign(signingSecret, timestamp, body),
      ...(retry && { 'x-slack-retry-num': retry.attempt, 'x-slack-retry-reason': retry.reason }),
    };
    return new Promise<Ack>((resolve, reject) => {
      const fail = (detail: string) => reject(new GestureFailure('dispatch_failed', detail));
      const outgoing = request(requestUrl, { method: 'POST', agent: false, headers }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', () => fail('the app broke off its answer'));
        incoming.on('end', () => {
          if (incoming.statusCode !== 200) return fail(`the app answered HTTP ${incoming.statusCode}`);
          resolve(readAck(incoming.headers['content-type'] ?? '', Buffer.concat(chunks).toString('utf8')));
        });
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => fail(`the app cannot be reached (${error.code})`));
      outgoing.end(body);
    });
  };
}

import { Writable } from 'node:stream';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { createLogger } from '../src/logger.js';
import { Secret } from '../src/secret.js';

const SECRETS = ['s3cr3t"quoted', 'plain-secret', 'sl/ash+secret=='];

function makeLog(options: { level?: string; secrets?: readonly string[] } = {}) {
  let text = '';
  const destination = new Writable({
    write(chunk, _, done) {
      text += String(chunk);
      done();
    },
  });
  const logger = createLogger({ level: 'info', secrets: SECRETS, ...options, destination });
  const lines = () => text.split('\n').slice(0, -1);
  const last = (): Record<string, unknown> => JSON.parse(lines().at(-1) ?? 'null');
  return { logger, lines, last, text: () => text };
}

describe('lines', () => {
  test('are JSON with level, time, message and fields', () => {
    const { logger, last } = makeLog();
    logger.info({ request: 'R1', instances: 3 }, 'approved');
    expect(last()).toEqual({ level: 30, time: expect.any(String), request: 'R1', instances: 3, msg: 'approved' });
    expect(Date.parse(String(last().time))).not.toBeNaN();
    logger.warn('slow');
    expect(last()).toMatchObject({ level: 40, msg: 'slow' });
  });

  test('below the level are not written', () => {
    const { logger, lines } = makeLog({ level: 'warn' });
    logger.debug('no');
    logger.info({ a: 1 }, 'no');
    logger.error('yes');
    expect(lines()).toHaveLength(1);
    const silent = makeLog({ level: 'silent' });
    silent.logger.error('no');
    expect(silent.text()).toBe('');
  });

  test('of a child have its fields', () => {
    const { logger, last } = makeLog();
    logger.child({ request: 'R1' }).child({ account: 'prod' }).error({ step: 'stop' }, 'failed');
    expect(last()).toMatchObject({ request: 'R1', account: 'prod', step: 'stop', msg: 'failed' });
  });

  test('stay single and readable with values that JSON does not know', () => {
    const { logger, lines, last } = makeLog();
    const round: Record<string, unknown> = { name: 'round' };
    round.self = round;
    const fields = {
      round,
      big: 1n,
      map: new Map([['a', 1]]),
      set: new Set([1]),
      bytes: Buffer.from('abc'),
      at: new Date(0),
    };
    logger.info(fields, 'line\nbreak');
    expect(lines()).toHaveLength(1);
    expect(last()).toMatchObject({
      big: '1',
      map: { a: 1 },
      set: [1],
      bytes: '[3 bytes]',
      at: '1970-01-01T00:00:00.000Z',
    });
  });
});

describe('secrets', () => {
  test.each(SECRETS)('%s stands in no part of a line', (secret) => {
    const { logger, text, lines } = makeLog();
    logger.info(`message ${secret}`);
    logger.info({ [secret]: secret, deep: [{ list: [`a${secret}b`] }] }, 'fields');
    logger.info({ url: `https://host/?q=${encodeURIComponent(secret)}` }, 'address');
    logger.error({ err: Object.assign(new Error(`bad ${secret}`), { code: secret }) }, 'error');
    logger.child({ bound: secret }).info('child');
    expect(lines()).toHaveLength(5);
    for (const line of lines()) expect(() => JSON.parse(line)).not.toThrow();
    for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]) {
      expect(text()).not.toContain(form);
    }
    expect(text()).toContain('message [secret]');
  });

  test('a longer one is masked whole where it holds a shorter one', () => {
    const { logger, last } = makeLog({ secrets: ['secret', 'secret-and-more'] });
    logger.info('x secret-and-more x');
    expect(last().msg).toBe('x [secret] x');
  });

  test('texts too short to be secrets mask nothing', () => {
    const { logger, last } = makeLog({ secrets: ['', 'a', 'inf'] });
    logger.info('information');
    expect(last().msg).toBe('information');
  });

  test('are known by their key', () => {
    const { logger, text } = makeLog();
    const headers = { Authorization: 'Bearer canary1', 'x-slack-signature': 'canary2', cookie: 'canary3' };
    const account = { credentials: { accessKeyId: 'canary4' }, access_key_secret: 'canary5', response_url: 'canary6' };
    logger.info({ headers, account, token: 'canary7' }, 'known keys');
    logger.child({ password: 'canary8' }).info('child');
    expect(text()).not.toContain('canary');
  });

  test('are known by their form', () => {
    const { logger, text, lines } = makeLog();
    const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNza\ncanary\n-----END OPENSSH PRIVATE KEY-----';
    logger.info({ pasted: `${key} "quoted" \\`, after: 'kept' }, `from xoxb-1-canary and xapp-1-canary, ${key}`);
    logger.info('https://hooks.slack.com/commands/T1/canary');
    expect(text()).not.toContain('canary');
    expect(JSON.parse(lines()[0] ?? '')).toMatchObject({ after: 'kept' });
  });

  test('of the class Secret print as such', () => {
    const { logger, last, text } = makeLog();
    logger.info({ value: new Secret('canary'), deep: [{ value: new Secret({ a: 'canary' }) }] }, 'wrapped');
    expect(last()).toMatchObject({ value: '[secret]', deep: [{ value: '[secret]' }] });
    expect(text()).not.toContain('canary');
  });
});

describe('errors', () => {
  class SdkError extends Error {
    override readonly name = 'SdkError';
    readonly code = 'Throttling';
    readonly request = { headers: { 'x-key': 'canary' } };
    readonly config = { body: 'canary' };
  }

  test.each(['err', 'error', 'reason'])(
    'under %s have name, message, code, stack and cause, and nothing of an SDK',
    (key) => {
      const { logger, last, text } = makeLog();
      logger.error({ [key]: new SdkError('slow down', { cause: new SdkError('root') }) }, 'failed');
      const stack = expect.stringContaining('logger.test');
      expect(last()[key]).toEqual({
        name: 'SdkError',
        message: 'slow down',
        code: 'Throttling',
        stack,
        cause: { name: 'SdkError', message: 'root', code: 'Throttling', stack },
      });
      expect(text()).not.toContain('canary');
    },
  );

  test('inside lists and of another realm are errors too', () => {
    const { logger, last } = makeLog();
    const foreign: unknown = runInNewContext('Object.assign(new TypeError("far"), { request: "canary" })');
    logger.error({ list: [new SdkError('near'), foreign] }, 'failed');
    expect(last().list).toMatchObject([{ message: 'near' }, { name: 'TypeError', message: 'far' }]);
    expect(JSON.stringify(last())).not.toContain('canary');
  });

  test('that cause each other in a ring end', () => {
    const { logger, lines } = makeLog();
    const first: Error & { cause?: unknown } = new Error('first');
    first.cause = new Error('second', { cause: first });
    logger.error({ err: first }, 'ring');
    expect(lines()).toHaveLength(1);
  });
});

import { format, inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { Secret } from '../src/secret.js';

test('a secret prints as such everywhere and is given on demand', () => {
  const secret = new Secret('canary');
  const shown = [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ secret }, { showHidden: true, depth: 9 }),
    format('%s %o %j', secret, secret, secret),
    Object.entries(secret).join(),
    new Error('no', { cause: secret }).stack,
  ].join();
  expect(shown).toContain('[secret]');
  expect(shown).not.toContain('canary');
  expect(secret.reveal()).toBe('canary');
});

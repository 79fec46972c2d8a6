import { describe, expect, test } from '@jest/globals';
import { findRow, GUARD_ERRORS } from '../../src/providers/classify.js';
import { ERROR_KINDS, type ErrorTable, HINTS } from '../../src/providers/failures.js';
import { PROVIDERS } from '../../src/providers/registry.js';

/**
 * The codes that the detach documents list: Alibaba Cloud ECS "DetachKeyPair", Tencent Cloud CVM
 * "DisassociateInstancesKeyPairs", Volcengine ECS "DetachKeyPair", Huawei Cloud KPS "SSH key pair error codes"
 * (its "DisassociateKeypair" points there).
 */
const DOCUMENTED: Readonly<Record<keyof typeof PROVIDERS, string>> = {
  alibaba: `
    DependencyViolation.WindowsInstance InvalidKeyPairName.NotFound InvalidInstanceIds.ValueNotSupported`,
  tencent: `
    InternalServerError InvalidInstance.NotSupported InvalidInstanceId.Malformed InvalidInstanceId.NotFound
    InvalidKeyPairId.Malformed InvalidKeyPairId.NotFound InvalidParameterValue
    InvalidParameterValue.LimitExceeded MissingParameter`,
  volcengine: `
    InvalidInstance.NotFound InvalidKeyPairForWindows.Unsupported InvalidResetAuthenticationAgent.NotFound
    InvalidInstanceStatus FlowLimitExceeded MissingParameter.KeyPairNameAndKeyPairId MissingParameter.InstanceIds
    LimitExceeded.MaximumInstanceIds InvalidClientToken.Malformed IdempotentParameterMismatch
    InvalidKeyPair.NotFound IdempotentProcessing InternalError`,
  huawei: `
    KPS.0001 KPS.0002 KPS.0003 KPS.0004 KPS.0005 KPS.0006 KPS.4016 KPS.5001 KPS.5002 KPS.5003 KPS.5004 KPS.6004
    KPS.6005 KPS.6007 KPS.6008 KPS.6009 KPS.6010 KPS.6011 KPS.9001 KPS.9002 KPS.9003 KPS.9004 KPS.9005 KPS.9006`,
};

/** What is told after reading back, or where an account could not be reached: by no code of a cloud. */
const ACCOUNT_HINTS = ['account-not-built', 'account-not-configured'];
const READ_BACK_HINTS = [
  'not-verified',
  'not-shown',
  'start-by-hand',
  'changed-back',
  'stop-timed-out',
  'unread',
  ...ACCOUNT_HINTS,
];

/** Of codes without a row. */
const ROWLESS_HINTS = ['unknown-code'];

const tables: [string, ErrorTable][] = [
  ...Object.entries(PROVIDERS).map(([id, { errors }]): [string, ErrorTable] => [id, errors]),
  ['the guard', GUARD_ERRORS],
];

describe.each(tables)('the error table of %s', (_id, errors) => {
  const rows = Object.entries(errors);

  test('is frozen and not empty', () => {
    expect(Object.isFrozen(errors)).toBe(true);
    expect(rows.length).toBeGreaterThan(0);
  });

  test.each(rows)('%s is well formed', (code, row) => {
    expect(code).toMatch(/^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*(\.\*)?$/);
    expect(Object.keys(row).sort()).toEqual(['hint', 'kind', 'mayBeDone', 'repeat']);
    expect(ERROR_KINDS).toContain(row.kind);
    expect(HINTS).toContain(row.hint);
    expect(['no', 'yes']).toContain(row.mayBeDone);
    expect(['never', 'later', 'settled']).toContain(row.repeat);
  });

  test('what was throttled was not done and may be repeated', () => {
    for (const [, row] of rows.filter(([, { kind }]) => kind === 'rate-limited')) {
      expect(row).toMatchObject({ mayBeDone: 'no', repeat: 'later', hint: 'rate-limited' });
    }
  });

  test('trouble of the cloud itself proves nothing about a write', () => {
    const earned = rows.filter(([, { kind, mayBeDone }]) => kind === 'unavailable' && mayBeDone === 'no');
    expect(earned.map(([code]) => code).filter((code) => !NOTHING_SENT.includes(code))).toEqual([]);
  });
});

/** Without a connection nothing was sent. */
const NOTHING_SENT = ['ConnectionRefused'];

describe.each(Object.entries(DOCUMENTED))('the documents of %s', (id, codes) => {
  test.each(codes.trim().split(/\s+/))('%s has a row', (code) => {
    expect(findRow(PROVIDERS[id as keyof typeof PROVIDERS].errors, code)).toBeDefined();
  });
});

test('every hint is used by a row', () => {
  const used = new Set(tables.flatMap(([, errors]) => Object.values(errors).map(({ hint }) => hint as string)));
  expect(HINTS.filter((hint) => !used.has(hint) && ![...READ_BACK_HINTS, ...ROWLESS_HINTS].includes(hint))).toEqual([]);
});

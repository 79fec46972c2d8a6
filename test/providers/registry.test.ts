import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type Account, accountSchema, loadProvider, PROVIDERS, secretsOf } from '../../src/providers/registry.js';
import { CONTRACT_RUNS } from './contract-runs.js';

const ROOT = join(__dirname, '../..');
const FOLDER = join(ROOT, 'src/providers');
const ids = Object.keys(PROVIDERS).sort();

const ACCOUNTS = {
  alibaba: { provider: 'alibaba', regions: ['cn-hangzhou', 'cn-beijing'] },
  tencent: { provider: 'tencent', regions: ['ap-guangzhou'], credentials: { secretId: 'id', secretKey: 'canary' } },
  volcengine: { provider: 'volcengine', regions: ['cn-beijing'], endpoint: 'http://127.0.0.1:9001' },
  huawei: { provider: 'huawei', regions: ['cn-north-4'], projectIds: { 'cn-north-4': '0a1b' } },
} satisfies Record<keyof typeof PROVIDERS, Account>;

/** `path: message` of each fault that the schema finds. */
function faultsOf(account: object): string[] {
  const read = accountSchema.safeParse(account);
  return read.success ? [] : read.error.issues.map(({ path, code }) => `${path.join('.')}: ${code}`);
}

describe('the registry is equal to', () => {
  test('the folders', () => {
    const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual(ids);
  });

  test('the runs of the contract suite', () => {
    expect(Object.keys(CONTRACT_RUNS).sort()).toEqual(ids);
  });

  test('the provider table of the README', () => {
    const rows = readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/^\| `([a-z]+)` +\|/gm);
    expect([...rows].map(([, id]) => id).sort()).toEqual(ids);
  });

  test('the options of the account schema', () => {
    expect(accountSchema.options.map((option) => [...option.shape.provider.values][0]).sort()).toEqual(ids);
  });
});

describe.each(ids)('the folder of %s', (id) => {
  test('has exactly the four files', () => {
    expect(readdirSync(join(FOLDER, id)).sort()).toEqual(['client.ts', 'errors.ts', 'provider.ts', 'schema.ts']);
  });
});

describe.each(Object.values(ACCOUNTS))('an account of $provider', (account) => {
  test('is read as it is written', () => {
    expect(accountSchema.parse(account)).toEqual(account);
  });

  test('is turned into its provider', async () => {
    const provider = await loadProvider(
      { ...account, endpoint: 'http://127.0.0.1:1' },
      { timeoutMs: 1000, now: Date.now },
    );
    expect(provider.errors).toBe(PROVIDERS[account.provider].errors);
    expect(Object.isFrozen(provider.traits)).toBe(true);
    await provider.close();
  });

  test.each([
    ['no region', { regions: [] }, 'regions: too_small'],
    ['a region twice', { regions: [account.regions[0], account.regions[0]] }, 'regions: custom'],
    ['a region that is a host name', { regions: ['evil.example.com'] }, 'regions.0: invalid_format'],
    ['an unknown key', { region: 'cn-north-1' }, ': unrecognized_keys'],
    ['an unknown key of the credentials', { credentials: { password: 'x' } }, 'credentials: unrecognized_keys'],
    ['an endpoint of another scheme', { endpoint: 'ftp://127.0.0.1' }, 'endpoint: custom'],
    ['an endpoint with a password', { endpoint: 'http://u:p@127.0.0.1' }, 'endpoint: custom'],
    ['an endpoint with a path', { endpoint: 'http://127.0.0.1/api' }, 'endpoint: custom'],
    ['an endpoint that is no address', { endpoint: '127.0.0.1:9001' }, 'endpoint: custom'],
  ])('with %s is refused', (_what, change, fault) => {
    expect(faultsOf({ ...account, ...change })).toContain(fault);
  });
});

test('an unknown provider is refused', () => {
  expect(faultsOf({ ...ACCOUNTS.alibaba, provider: 'acme' })).toEqual(['provider: invalid_union']);
});

test('Huawei needs a project id for every region', () => {
  const account = { ...ACCOUNTS.huawei, regions: ['cn-north-4', 'cn-south-1'] };
  expect(faultsOf(account)).toEqual(['projectIds: custom']);
});

test('secrets are the values of the credentials, and none where the default chain is used', () => {
  expect(secretsOf(ACCOUNTS.tencent)).toContain('canary');
  expect(secretsOf(ACCOUNTS.alibaba)).toEqual([]);
});

test('reading the registry loads no SDK and no adapter', () => {
  const reached = reachedFrom(join(FOLDER, 'registry.ts'));
  expect(reached.packages).toEqual(['zod']);
  expect(reached.files.filter((file) => /(client|provider)\.ts$/.test(file))).toEqual([]);
  // The walk sees what it should: from an adapter it does reach the SDK.
  expect(reachedFrom(join(FOLDER, 'tencent/client.ts')).packages.join()).toContain('tencentcloud-sdk-nodejs');
});

/** What a file imports when it is loaded, and so on from there; `import()` and types do not count. */
function reachedFrom(entry: string): { files: string[]; packages: string[] } {
  const files = [entry];
  const packages = new Set<string>();
  for (const file of files) {
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/^import (?!type )[^;]*?'([^']+)';/gm)) {
      if (name === undefined) continue;
      const path = join(dirname(file), name.replace(/\.js$/, '.ts'));
      if (!name.startsWith('.')) packages.add(name);
      else if (!files.includes(path)) files.push(path);
    }
  }
  return { files, packages: [...packages].sort() };
}

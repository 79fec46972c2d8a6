import { z } from 'zod';
import { errors as alibabaErrors } from './alibaba/errors.js';
import { credentialsSchema as alibabaCredentials } from './alibaba/schema.js';
import type { Provider } from './contract.js';
import type { ErrorTable } from './failures.js';
import { errors as huaweiErrors } from './huawei/errors.js';
import { credentialsSchema as huaweiCredentials, projectIdsSchema } from './huawei/schema.js';
import { REGION_PATTERN } from './input.js';
import { errors as tencentErrors } from './tencent/errors.js';
import { credentialsSchema as tencentCredentials } from './tencent/schema.js';
import { errors as volcengineErrors } from './volcengine/errors.js';
import { credentialsSchema as volcengineCredentials } from './volcengine/schema.js';

const regions = z
  .array(z.string().regex(REGION_PATTERN, 'must be the id of a region'))
  .min(1, 'must name a region')
  .refine((list) => new Set(list).size === list.length, 'must not name a region twice');

/** Nothing beside scheme, host and port: the SDKs drop a path, and a password would end up in logs. */
export const endpointSchema = z.string().refine(isOrigin, 'must be an http or https address without a path');

const everyAccount = {
  regions,
  endpoint: endpointSchema.exactOptional(),
  /** Shown to whoever asks and whoever approves; the adapters do not get it. */
  warning: z.string().trim().min(1).max(300, 'must have at most 300 characters').exactOptional(),
};

/** One row for each folder. An SDK is loaded by `load` only, so only where an account uses it. */
export const PROVIDERS = {
  alibaba: row({
    account: z.strictObject({
      provider: z.literal('alibaba'),
      ...everyAccount,
      credentials: alibabaCredentials.exactOptional(),
    }),
    errors: alibabaErrors,
    load: async (settings) => (await import('./alibaba/provider.js')).createProvider(settings),
  }),
  tencent: row({
    account: z.strictObject({
      provider: z.literal('tencent'),
      ...everyAccount,
      credentials: tencentCredentials.exactOptional(),
    }),
    errors: tencentErrors,
    load: async (settings) => (await import('./tencent/provider.js')).createProvider(settings),
  }),
  volcengine: row({
    account: z.strictObject({
      provider: z.literal('volcengine'),
      ...everyAccount,
      credentials: volcengineCredentials.exactOptional(),
    }),
    errors: volcengineErrors,
    load: async (settings) => (await import('./volcengine/provider.js')).createProvider(settings),
  }),
  huawei: row({
    account: z
      .strictObject({
        provider: z.literal('huawei'),
        ...everyAccount,
        credentials: huaweiCredentials.exactOptional(),
        projectIds: projectIdsSchema,
      })
      .refine((account) => account.regions.every((region) => Object.hasOwn(account.projectIds, region)), {
        path: ['projectIds'],
        message: 'must have a project id for every region',
      }),
    errors: huaweiErrors,
    load: async (settings) => (await import('./huawei/provider.js')).createProvider(settings),
  }),
};
export type ProviderId = keyof typeof PROVIDERS;

/** An entry of `accounts` in the config file. */
export const accountSchema = z.discriminatedUnion('provider', [
  PROVIDERS.alibaba.account,
  PROVIDERS.tencent.account,
  PROVIDERS.volcengine.account,
  PROVIDERS.huawei.account,
]);
export type Account = z.infer<typeof accountSchema>;

/** What a provider is given besides its account's settings. */
export type Surroundings = { timeoutMs: number; now(): number };

type Row<A extends z.ZodType> = {
  account: A;
  errors: ErrorTable;
  load(settings: z.infer<A> & Surroundings): Promise<Provider>;
};

function row<A extends z.ZodType>(entry: Row<A>): Row<A> {
  return Object.freeze(entry);
}

export function loadProvider(account: Account, surroundings: Surroundings): Promise<Provider> {
  const { load }: { load(settings: Account & Surroundings): Promise<Provider> } = PROVIDERS[account.provider];
  return load({ ...account, ...surroundings });
}

/** What the guard masks: all of the credentials, as nobody needs to read a part of them, but for the names of a role. */
export function secretsOf({ credentials }: Account): readonly string[] {
  return Object.entries(credentials ?? {}).flatMap(([key, value]) =>
    ROLE.test(key) || value === undefined ? [] : value,
  );
}

const ROLE = /^(role|agency|domain)/;

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, origin } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && origin === text.replace(/\/$/, '').toLowerCase();
}

import { DefaultCredentialsProvider } from '@alicloud/credentials';
import EcsModule from '@alicloud/ecs20140526';
import { $OpenApiUtil, OpenApiUtil } from '@alicloud/openapi-core';
import { unlessAborted } from '../abort.js';
import { type Current, type Found, keepCurrent, keepGiven } from '../current.js';
import { beforeSending, VendorFailure, withOtherKeys, withoutSecrets } from '../failures.js';
import {
  type AlibabaCredentials,
  type AlibabaKeys,
  assumedRoleSchema,
  sdkErrorSchema,
  systemErrorSchema,
} from './schema.js';

/** One action of ECS, 2014-05-26; the reply is the JSON as it came. Throws `VendorFailure` only. */
export type AlibabaClient = {
  call(action: string, parameters: Readonly<Record<string, unknown>>, at: CallPlace): Promise<unknown>;
};
type CallPlace = { region: string; signal: AbortSignal };

export type CredentialChain = {
  getCredentials(): Promise<{ accessKeyId?: string; accessKeySecret?: string; securityToken?: string }>;
};

export type ClientOptions = {
  /** Left out: the SDK's default chain. */
  credentials?: AlibabaCredentials | undefined;
  endpoint?: string | undefined;
  timeoutMs: number;
  now(): number;
  /** Makes a fresh default chain. */
  newChain?: () => CredentialChain;
};

/** Node's own ESM gives the CommonJS namespace as the default import, interop transpilers give the class. */
const ecsClass = () => ('default' in EcsModule ? EcsModule.default : EcsModule);

export function createClient(options: ClientOptions): AlibabaClient {
  const keys = keysOf(options);
  return {
    async call(action, parameters, { region, signal }) {
      // The credentials come first, so that a call given up meanwhile is never sent.
      const used = await unlessAborted(signal, keys.get);
      const request = { action, version: '2014-05-26', parameters, region };
      try {
        return await unlessAborted(signal, () => send(request, used, options));
      } catch (error) {
        const isRefused = error instanceof VendorFailure && REFUSED_KEYS.test(error.facts.code ?? '');
        throw isRefused && keys.forget(used) ? withOtherKeys(error) : error;
      }
    },
  };
}

/** Codes after which other keys are looked for: what expired may have been renewed where it came from. */
const REFUSED_KEYS = /^Invalid(SecurityToken|AccessKeyId)\./;

type Keys = Current<AlibabaKeys>;

function keysOf(options: ClientOptions): Keys {
  const { credentials, newChain = () => DefaultCredentialsProvider.builder().build(), now } = options;
  if (credentials === undefined) return fromChain(newChain, now);
  const { roleArn, roleSessionName = 'detach-key', ...own } = credentials;
  if (roleArn === undefined) return keepGiven(own);
  const parameters = { RoleArn: roleArn, RoleSessionName: roleSessionName, DurationSeconds: ROLE_SECONDS };
  return keepCurrent(() => assumeRole(parameters, own, options), now);
}

const ROLE_SECONDS = 3600;

/** By our own call: the SDK's speaks https only, and its errors hold the signed address. */
async function assumeRole(
  parameters: Readonly<Record<string, unknown>>,
  own: AlibabaKeys,
  options: ClientOptions,
): Promise<Found<AlibabaKeys>> {
  const request = { action: 'AssumeRole', version: '2015-04-01', parameters, region: '' };
  const body = await send(request, own, { ...options, endpoint: options.endpoint ?? 'https://sts.aliyuncs.com' }).catch(
    (error: unknown) => {
      throw error instanceof VendorFailure ? beforeSending(error) : error;
    },
  );
  const reply = assumedRoleSchema.safeParse(body);
  if (!reply.success) throw new VendorFailure({ message: 'STS gave no credentials', transport: 'no-credentials' });
  const { AccessKeyId, AccessKeySecret, SecurityToken, Expiration } = reply.data.Credentials;
  const value = { accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret, securityToken: SecurityToken };
  return { value, expiresAt: Expiration };
}

type ApiRequest = {
  action: string;
  version: string;
  parameters: Readonly<Record<string, unknown>>;
  region: string;
};

async function send(
  { action, version, parameters, region }: ApiRequest,
  keys: AlibabaKeys,
  options: ClientOptions,
): Promise<unknown> {
  const how = new $OpenApiUtil.Params({
    action,
    version,
    protocol: 'HTTPS',
    pathname: '/',
    method: 'POST',
    authType: 'AK',
    style: 'RPC',
    reqBodyType: 'formData',
    bodyType: 'json',
  });
  const request = new $OpenApiUtil.OpenApiRequest({ query: OpenApiUtil.query({ ...parameters }) });
  try {
    const sdk = newSdk(region, keys, options);
    // No retry options anywhere, so one attempt; the class of the runtime options is not exported by these packages.
    const reply = await sdk.callApi(how, request, {} as Parameters<typeof sdk.callApi>[2]);
    return reply.body;
  } catch (error) {
    throw failureOf(error, [keys.accessKeySecret, keys.securityToken]);
  }
}

function newSdk(region: string, keys: AlibabaKeys, { endpoint, timeoutMs }: ClientOptions) {
  const Ecs = ecsClass();
  const url = endpoint === undefined ? undefined : new URL(endpoint);
  return new Ecs(
    new $OpenApiUtil.Config({
      ...keys,
      regionId: region,
      ...(url && { endpoint: url.host, protocol: url.protocol === 'http:' ? 'HTTP' : 'HTTPS' }),
      // The shorter of the two ends the call (httpx), and without them it is 3 seconds.
      connectTimeout: timeoutMs,
      readTimeout: timeoutMs,
      // Left out, it is read from the environment.
      userAgent: 'detach-key',
    }),
  );
}

/** So long what the chain read from a file is used without looking there again. */
const CHAIN_MS = 300_000;

/**
 * One look-up at a time, and a new chain after each one that failed: the SDK's chain keeps the provider it tried last,
 * found or not, and asks only that one from then on. Also a new one now and then, as some of its providers read their
 * file once.
 */
function fromChain(newChain: () => CredentialChain, now: () => number): Keys {
  let kept: { chain: CredentialChain; madeAt: number } | undefined;
  let underWay: Promise<AlibabaKeys> | undefined;
  async function look(): Promise<AlibabaKeys> {
    const asked = kept !== undefined && now() < kept.madeAt + CHAIN_MS ? kept : { chain: newChain(), madeAt: now() };
    kept = undefined;
    // What the chain throws may hold signed addresses and is dropped.
    const found = await asked.chain.getCredentials().catch(() => undefined);
    // An empty access key would be signed with, and sent.
    if (!found?.accessKeyId || !found.accessKeySecret) {
      throw new VendorFailure({ message: 'no credentials were found', transport: 'no-credentials' });
    }
    kept = asked;
    const { accessKeyId, accessKeySecret, securityToken } = found;
    return securityToken ? { accessKeyId, accessKeySecret, securityToken } : { accessKeyId, accessKeySecret };
  }
  return {
    get() {
      underWay ??= look().finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
    forget() {
      kept = undefined;
      return true;
    },
  };
}

/** These texts of the cloud repeat the request as it was signed, session token and all. */
const REPEATS_THE_REQUEST: readonly string[] = ['SignatureDoesNotMatch', 'IncompleteSignature'];
const NOTHING_SENT: readonly string[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];

function failureOf(error: unknown, secrets: readonly (string | undefined)[]): VendorFailure {
  const answered = sdkErrorSchema.safeParse(error);
  if (answered.success) {
    const { statusCode: httpStatus, retryAfter, data } = answered.data;
    const code = stated(answered.data.code);
    const requestId = stated(answered.data.requestId);
    const known = { httpStatus, ...(requestId && { requestId }) };
    if (!code) return new VendorFailure({ message: 'an error without a code', transport: 'malformed', ...known });
    const words = REPEATS_THE_REQUEST.includes(code) ? undefined : data?.Message;
    const message = withoutSecrets(words || 'the cloud refused the request', secrets).slice(0, 1000);
    return new VendorFailure({ message, code, ...known, ...(retryAfter != null && { retryAfterMs: retryAfter }) });
  }
  const { name, code, syscall } = systemErrorSchema.safeParse(error).data ?? {};
  if (name === 'RequestTimeoutError') return new VendorFailure({ message: 'no answer in time', transport: 'timeout' });
  if ((code && NOTHING_SENT.includes(code)) || syscall === 'connect') {
    return new VendorFailure({ message: 'no connection', transport: 'refused' });
  }
  if (code) return new VendorFailure({ message: 'the connection broke', transport: 'network' });
  return new VendorFailure({ message: 'an answer that could not be read', transport: 'malformed' });
}

/** The SDK prints what is missing as the word "undefined". */
const stated = (value: string | null | undefined) => (value && value !== 'undefined' ? value : undefined);

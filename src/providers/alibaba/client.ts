import { DefaultCredentialsProvider } from '@alicloud/credentials';
import EcsModule from '@alicloud/ecs20140526';
import { $OpenApiUtil, OpenApiUtil } from '@alicloud/openapi-core';
import { VendorFailure } from '../failures.js';
import { type AlibabaCredentials, sdkErrorSchema, systemErrorSchema } from './schema.js';

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
  /** Makes a fresh default chain. */
  newChain?: () => CredentialChain;
};

/** Node's own ESM gives the CommonJS namespace as the default import, interop transpilers give the class. */
const ecsClass = () => ('default' in EcsModule ? EcsModule.default : EcsModule);

export function createClient(options: ClientOptions): AlibabaClient {
  const { credentials } = options;
  const currentCredentials = credentials
    ? () => Promise.resolve(credentials)
    : fromChain(options.newChain ?? (() => DefaultCredentialsProvider.builder().build()));
  return {
    async call(action, parameters, { region, signal }) {
      // The credentials come first, so that a call given up meanwhile is never sent.
      const used = await unlessAborted(signal, currentCredentials);
      return await unlessAborted(signal, () => send(action, parameters, region, used, options));
    },
  };
}

async function send(
  action: string,
  parameters: Readonly<Record<string, unknown>>,
  region: string,
  credentials: AlibabaCredentials,
  options: ClientOptions,
): Promise<unknown> {
  const how = new $OpenApiUtil.Params({
    action,
    version: '2014-05-26',
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
    const sdk = newSdk(region, credentials, options);
    // No retry options anywhere, so one attempt; the class of the runtime options is not exported by these packages.
    const reply = await sdk.callApi(how, request, {} as Parameters<typeof sdk.callApi>[2]);
    return reply.body;
  } catch (error) {
    throw failureOf(error, [credentials.accessKeySecret, credentials.securityToken]);
  }
}

function newSdk(region: string, credentials: AlibabaCredentials, { endpoint, timeoutMs }: ClientOptions) {
  const Ecs = ecsClass();
  const url = endpoint === undefined ? undefined : new URL(endpoint);
  return new Ecs(
    new $OpenApiUtil.Config({
      ...credentials,
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

/**
 * One look-up at a time, and a new chain after each one that failed: the SDK's chain keeps the provider it
 * tried last, found or not, and asks only that one from then on.
 */
function fromChain(newChain: () => CredentialChain): () => Promise<AlibabaCredentials> {
  let chain: CredentialChain | undefined;
  let underWay: Promise<AlibabaCredentials> | undefined;
  async function look(): Promise<AlibabaCredentials> {
    const asked = chain ?? newChain();
    chain = undefined;
    // What the chain throws may hold signed addresses and is dropped.
    const found = await asked.getCredentials().catch(() => undefined);
    // An empty access key would be signed with, and sent.
    if (!found?.accessKeyId || !found.accessKeySecret) {
      throw new VendorFailure({ message: 'no credentials were found', transport: 'no-credentials' });
    }
    chain = asked;
    const { accessKeyId, accessKeySecret, securityToken } = found;
    return securityToken ? { accessKeyId, accessKeySecret, securityToken } : { accessKeyId, accessKeySecret };
  }
  return () => {
    underWay ??= look().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

/** The SDK takes no signal: what was started goes on unseen until its own time-out. */
async function unlessAborted<T>(signal: AbortSignal, start: () => Promise<T>): Promise<T> {
  const aborted = () => new VendorFailure({ message: 'the call was given up', transport: 'aborted' });
  if (signal.aborted) throw aborted();
  let stop: (() => void) | undefined;
  const given = new Promise<never>((_, reject) => {
    stop = () => reject(aborted());
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([start(), given]);
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
  }
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
    const message = masked(words || 'the cloud refused the request', secrets);
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

const masked = (words: string, secrets: readonly (string | undefined)[]) =>
  secrets
    .flatMap((secret) => (secret ? [secret, encodeURIComponent(secret)] : []))
    .reduce((text, secret) => text.replaceAll(secret, '***'), words)
    .slice(0, 1000);

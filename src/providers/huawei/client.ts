import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core/auth/BasicCredentials.js';
import { GlobalCredentials } from '@huaweicloud/huaweicloud-sdk-core/auth/GlobalCredentials.js';
import { ClientBuilder } from '@huaweicloud/huaweicloud-sdk-core/ClientBuilder.js';
import { ServiceResponseException } from '@huaweicloud/huaweicloud-sdk-core/exception/ServiceResponseException.js';
import { HcClient } from '@huaweicloud/huaweicloud-sdk-core/HcClient.js';
import { DefaultHttpClient } from '@huaweicloud/huaweicloud-sdk-core/http/DefaultHttpClient.js';
import { type Logger, LogLevel } from '@huaweicloud/huaweicloud-sdk-core/logger/index.js';
import type { z } from 'zod';
import { unlessAborted } from '../abort.js';
import { type Connection, MALFORMED, openConnection } from '../connection.js';
import { type Current, type Found, keepCurrent, keepGiven } from '../current.js';
import { beforeSending, VendorFailure, type VendorFailureFacts, withOtherKeys, withoutSecrets } from '../failures.js';
import { refusesKeys } from './errors.js';
import {
  assumedAgencySchema,
  assumingBody,
  type HuaweiAgency,
  type HuaweiKeys,
  type HuaweiSettings,
} from './schema.js';

/** KPS is served by the host of KMS. */
const HOSTS = { 'kps/v3': 'kms', 'ecs/v1': 'ecs', 'ecs/v1.1': 'ecs' } as const;

type Rest<T> = {
  path: string;
  answer: z.ZodType<T>;
  query?: Record<string, string | number>;
  body?: Record<string, unknown>;
};
/** One REST call: POST where there is a body. `path` follows the project id; its variable parts are encoded already. */
export type RestCall<T> = Rest<T> & { api: keyof typeof HOSTS; region: string; signal: AbortSignal };
export type RestReply<T> = { value: T; requestId?: string };
export type HuaweiClient = {
  send<T>(request: RestCall<T>): Promise<RestReply<T>>;
  close(): void;
};
export type ClientOptions = HuaweiSettings & {
  /** Takes the calls of all services and of every region. */
  endpoint?: string;
  timeoutMs: number;
  now(): number;
};

export function createClient(options: ClientOptions): HuaweiClient {
  const wire = createWire(options);
  const keys = keysOf(options, wire);
  return {
    async send<T>({ api, region, ...call }: RestCall<T>) {
      const projectId = projectIdOf(options, region);
      const used = await unlessAborted(call.signal, keys.get).catch((error: unknown) => {
        throw error instanceof VendorFailure ? new VendorFailure({ ...error.facts, unsent: true }) : error;
      });
      const path = `/${api.split('/')[1]}/{project_id}/${call.path}`;
      const credential = new BasicCredentials({ ...used, projectId });
      try {
        return await wire.send({ ...call, host: `${HOSTS[api]}.${region}`, path, credential });
      } catch (error) {
        const isRefused = error instanceof VendorFailure && refusesKeys(error.facts);
        throw isRefused && keys.forget(used) ? withOtherKeys(error) : error;
      }
    },
    close: wire.close,
  };
}

/** Without a project id the SDK asks IAM, and creates a project where it finds none. */
function projectIdOf({ projectIds }: HuaweiSettings, region: string): string {
  const projectId = Object.hasOwn(projectIds, region) ? projectIds[region] : undefined;
  if (projectId !== undefined) return projectId;
  throw new VendorFailure({ code: 'ProjectIdMissing', message: `No project id is set for ${region}` });
}

/** The account's own, what its agency gives, or else what the SDK finds in the environment. */
function keysOf({ credentials, now }: ClientOptions, wire: Wire): Current<HuaweiKeys> {
  if (credentials === undefined) return { get: async () => keysOfChain(), forget: () => false };
  const { accessKeyId: ak, secretAccessKey: sk, securityToken, ...agency } = credentials;
  const own: HuaweiKeys = { ak, sk, ...(securityToken !== undefined && { securityToken }) };
  if (agency.agencyName === undefined) return keepGiven(own);
  return keepCurrent(() => assumeAgency(agency, own, wire), now);
}

/** IAM, "CreateTemporaryAccessKeyByAgency". */
async function assumeAgency(agency: HuaweiAgency, own: HuaweiKeys, wire: Wire): Promise<Found<HuaweiKeys>> {
  const request = {
    host: 'iam',
    path: '/v3.0/OS-CREDENTIAL/securitytokens',
    // A call of a global service names the account of its keys: this puts the id into `X-Domain-Id`.
    credential: new GlobalCredentials({ ...own, domainId: agency.domainId }),
    answer: assumedAgencySchema,
    body: assumingBody(agency),
  };
  const { value } = await wire.send(request).catch((error: unknown) => {
    throw error instanceof VendorFailure ? beforeSending(error) : error;
  });
  return value;
}

/** HUAWEICLOUD_SDK_AK, _SK and _SECURITY_TOKEN. */
function keysOfChain(): HuaweiKeys {
  const found = credentialsOfChain();
  const [ak, sk, securityToken] = [found?.getAk(), found?.getSk(), found?.getSecurityToken()];
  if (ak && sk) return { ak, sk, ...(securityToken && { securityToken }) };
  const message = 'No access key is set, and the environment holds none';
  throw new VendorFailure({ transport: 'no-credentials', message });
}

/**
 * The chain is reachable through the builder only, and `build()` writes a file into the home folder; so the
 * builder's own method is called. Of what it finds only the key is taken: the environment's project id and
 * identity provider would send calls to IAM.
 */
function credentialsOfChain(): BasicCredentials | undefined {
  const refuse = (): never => {
    throw new TypeError('HUAWEICLOUD_SDK_TYPE names a module, and none is loaded');
  };
  try {
    const builder = new ClientBuilder(refuse, 'BasicCredentials');
    const chain: unknown = Reflect.get(builder, 'getCredentialFromEnvironment');
    const found: unknown = typeof chain === 'function' ? Reflect.apply(chain, builder, []) : undefined;
    return found instanceof BasicCredentials ? found : undefined;
  } catch {
    return undefined;
  }
}

type Wire = ReturnType<typeof createWire>;
/** `host` is without the cloud's domain. */
type WireRequest<T> = Rest<T> & {
  host: string;
  credential: BasicCredentials | GlobalCredentials;
  signal?: AbortSignal;
};

function createWire({ endpoint, timeoutMs }: ClientOptions) {
  // A connection that was idle may be gone by the time a write is sent on it, so none is kept.
  const agents = { httpAgent: new HttpAgent({ keepAlive: false }), httpsAgent: new HttpsAgent({ keepAlive: false }) };
  const base = endpoint?.replace(/\/+$/, '');
  return {
    async send<T>({ host, credential, signal: given, ...rest }: WireRequest<T>): Promise<RestReply<T>> {
      const { transport, signal, ...connection } = openConnection(given, timeoutMs);
      const axios = { ...agents, transport, signal, proxy: false, maxRedirects: 0 } as const;
      const address = [base ?? `https://${host}.myhuaweicloud.com`];
      const sdkOptions = { logger: quiet, headers: { 'User-Agent': 'detach-key' }, axiosRequestConfig: axios };
      const http = new DefaultHttpClient(sdkOptions, address);
      // With a region the SDK would ask IAM for an id that is missing.
      const client = new HcClient(http).withCredential(credential).withEndpoints(address);
      try {
        return read(rest.answer, await client.sendRequest(toOptions(rest)), connection);
      } catch (error) {
        if (error instanceof VendorFailure) throw error;
        const facts = explain(error, connection);
        const secrets = [credential.getSk(), credential.getSecurityToken()];
        throw new VendorFailure({ ...facts, message: withoutSecrets(facts.message, secrets) });
      } finally {
        forget();
      }
    },
    close() {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

/** Without it the SDK prints request headers and bodies, tokens included, to stdout whenever a call fails. */
const quiet: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};

function toOptions({ path: url, query = {}, body }: Rest<unknown>) {
  const method = body ? ('POST' as const) : ('GET' as const);
  const common = { contentType: 'application/json', queryParams: query, pathParams: {}, headers: {} };
  return { method, url, ...common, ...(body && { data: body }) };
}

type Seen = Pick<Connection, 'head' | 'trouble'>;

function read<T>(shape: z.ZodType<T>, answer: unknown, seen: Seen): RestReply<T> {
  const parsed = shape.safeParse(answer);
  if (!parsed.success) throw new VendorFailure(malformed(seen));
  const { requestId } = toldBy(seen);
  return { value: parsed.data, ...(requestId !== undefined && { requestId }) };
}

function explain(error: unknown, seen: Seen): VendorFailureFacts {
  if (error instanceof ServiceResponseException && typeof error.httpStatusCode === 'number') {
    const { errorCode, errorMsg, httpStatusCode: httpStatus } = error;
    if (httpStatus < 400) return malformed(seen);
    // Where IAM has no code, it gives the status once more, as a number.
    const code = typeof errorCode === 'string' && errorCode ? { code: errorCode } : {};
    return { ...toldBy(seen), ...code, httpStatus, message: errorMsg || `HTTP ${httpStatus}` };
  }
  const trouble = seen.trouble();
  return trouble.transport === 'malformed' ? malformed(seen) : { ...trouble, ...toldBy(seen) };
}

function malformed(seen: Seen): VendorFailureFacts {
  const { status } = seen.head();
  return { ...MALFORMED, ...(status !== undefined && { httpStatus: status }), ...toldBy(seen) };
}

function toldBy(seen: Seen): Pick<VendorFailureFacts, 'requestId' | 'retryAfterMs'> {
  const { 'x-request-id': requestId, 'retry-after': wait } = seen.head().headers;
  const seconds = Number(wait);
  return { ...(typeof requestId === 'string' && { requestId }), ...(seconds > 0 && { retryAfterMs: seconds * 1000 }) };
}

/** The SDK keeps its latest request, Authorization header included, in statics. */
function forget(): void {
  DefaultHttpClient.httpReqParam = undefined;
  DefaultHttpClient.httpResponse = undefined;
}

import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https';
import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core/auth/BasicCredentials.js';
import { ClientBuilder } from '@huaweicloud/huaweicloud-sdk-core/ClientBuilder.js';
import { ServiceResponseException } from '@huaweicloud/huaweicloud-sdk-core/exception/ServiceResponseException.js';
import { HcClient, type HttpRequestOptions } from '@huaweicloud/huaweicloud-sdk-core/HcClient.js';
import { DefaultHttpClient } from '@huaweicloud/huaweicloud-sdk-core/http/DefaultHttpClient.js';
import { type Logger, LogLevel } from '@huaweicloud/huaweicloud-sdk-core/logger/index.js';
import type { z } from 'zod';
import { VendorFailure, type VendorFailureFacts } from '../failures.js';
import type { HuaweiSettings } from './schema.js';

/** KPS is served by the host of KMS. */
const HOSTS = { 'kps/v3': 'kms', 'ecs/v1': 'ecs', 'ecs/v1.1': 'ecs' } as const;

/** One REST call: POST where there is a body. `path` follows the project id; its variable parts are encoded already. */
export type RestCall<T> = {
  api: keyof typeof HOSTS;
  path: string;
  answer: z.ZodType<T>;
  query?: Record<string, string | number>;
  body?: Record<string, unknown>;
  region: string;
  signal: AbortSignal;
};
export type RestReply<T> = { value: T; requestId?: string };
export type HuaweiClient = {
  send<T>(request: RestCall<T>): Promise<RestReply<T>>;
  close(): void;
};
export type ClientOptions = HuaweiSettings & {
  /** Takes the calls of both services and of every region. */
  endpoint?: string;
  timeoutMs: number;
};

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

export function createClient(options: ClientOptions): HuaweiClient {
  // A connection that was idle may be gone by the time a write is sent on it, so none is kept.
  const agents = { httpAgent: new HttpAgent({ keepAlive: false }), httpsAgent: new HttpsAgent({ keepAlive: false }) };
  const base = options.endpoint?.replace(/\/+$/, '');

  async function send<T>(call: RestCall<T>): Promise<RestReply<T>> {
    if (call.signal.aborted) throw failure('aborted', 'The call was given up before it was sent');
    const credential = credentialFor(options, call.region);
    const endpoint = base ?? `https://${HOSTS[call.api]}.${call.region}.myhuaweicloud.com`;
    const watch = watchWire();
    const limit = limitOf(call.signal, options.timeoutMs);
    const wire = {
      ...agents,
      transport: watch.transport,
      signal: limit.signal,
      proxy: false,
      maxRedirects: 0,
    } as const;
    const http = new DefaultHttpClient(
      { logger: quiet, headers: { 'User-Agent': 'detach-key' }, axiosRequestConfig: wire },
      [endpoint],
    );
    const client = new HcClient(http).withCredential(credential).withEndpoints([endpoint]);
    try {
      const answer: unknown = await client.sendRequest(toOptions(call));
      return read(call.answer, answer, watch.seen);
    } catch (error) {
      if (error instanceof VendorFailure) throw error;
      throw explain(error, watch.seen, call.signal.aborted, limit.signal.aborted);
    } finally {
      limit.clear();
      forget();
    }
  }

  return {
    send,
    close() {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

function toOptions({ api, path, query = {}, body }: RestCall<unknown>): HttpRequestOptions {
  return {
    method: body ? 'POST' : 'GET',
    url: `/${api.split('/')[1]}/{project_id}/${path}`,
    contentType: 'application/json',
    queryParams: query,
    pathParams: {},
    headers: {},
    ...(body && { data: body }),
  };
}

function failure(transport: NonNullable<VendorFailureFacts['transport']>, message: string, seen?: Seen): VendorFailure {
  return new VendorFailure({ transport, message, ...(seen && facts(seen)) });
}

/** The account's own, or else what the SDK finds in the environment (HUAWEICLOUD_SDK_AK, _SK, _SECURITY_TOKEN). */
function credentialFor({ credentials, projectIds }: HuaweiSettings, region: string): BasicCredentials {
  // Without a project id the SDK asks IAM, and creates a project where it finds none.
  const projectId = Object.hasOwn(projectIds, region) ? projectIds[region] : undefined;
  if (projectId === undefined) {
    throw new VendorFailure({ code: 'ProjectIdMissing', message: `No project id is set for ${region}` });
  }
  if (credentials) {
    const { accessKeyId: ak, secretAccessKey: sk, securityToken } = credentials;
    return new BasicCredentials({ ak, sk, projectId, ...(securityToken !== undefined && { securityToken }) });
  }
  const found = credentialsOfChain();
  const [ak, sk, securityToken] = [found?.getAk(), found?.getSk(), found?.getSecurityToken()];
  if (!ak || !sk) throw failure('no-credentials', 'No access key is set, and the environment holds none');
  return new BasicCredentials({ ak, sk, projectId, ...(securityToken && { securityToken }) });
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

/** Ends a call when its caller gives up or its time is over. */
function limitOf(given: AbortSignal, timeoutMs: number) {
  const controller = new AbortController();
  const end = () => controller.abort();
  const timer = setTimeout(end, timeoutMs);
  given.addEventListener('abort', end, { once: true });
  const clear = () => {
    clearTimeout(timer);
    given.removeEventListener('abort', end);
  };
  return { signal: controller.signal, clear };
}

/** What was seen on the wire: the SDK's errors keep neither the reason nor whether anything was sent. */
type Seen = { connected: boolean; ended: boolean; status?: number; requestId?: string; retryAfterMs?: number };

function watchWire() {
  const seen: Seen = { connected: false, ended: false };
  const transport = {
    request(options: RequestOptions, onReply: (reply: IncomingMessage) => void): ClientRequest {
      const secure = options.protocol === 'https:';
      const outgoing = (secure ? httpsRequest : httpRequest)(options, (reply) => {
        if (reply.statusCode !== undefined) seen.status = reply.statusCode;
        const requestId = reply.headers['x-request-id'];
        if (typeof requestId === 'string') seen.requestId = requestId;
        const seconds = Number(reply.headers['retry-after']);
        if (seconds > 0) seen.retryAfterMs = seconds * 1000;
        reply.once('end', () => {
          seen.ended = true;
        });
        onReply(reply);
      });
      outgoing.once('socket', (socket) => {
        socket.once(secure ? 'secureConnect' : 'connect', () => {
          seen.connected = true;
        });
      });
      return outgoing;
    },
  };
  return { seen, transport };
}

function facts({ requestId, retryAfterMs }: Seen): Pick<VendorFailureFacts, 'requestId' | 'retryAfterMs'> {
  return { ...(requestId !== undefined && { requestId }), ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

function malformed(seen: Seen): VendorFailure {
  const status = seen.status === undefined ? {} : { httpStatus: seen.status };
  const message = 'The answer is not of the documented form';
  return new VendorFailure({ transport: 'malformed', message, ...status, ...facts(seen) });
}

function read<T>(shape: z.ZodType<T>, answer: unknown, seen: Seen): RestReply<T> {
  const parsed = shape.safeParse(answer);
  if (!parsed.success) throw malformed(seen);
  return { value: parsed.data, ...(seen.requestId !== undefined && { requestId: seen.requestId }) };
}

function explain(error: unknown, seen: Seen, givenUp: boolean, timeIsOver: boolean): VendorFailure {
  if (error instanceof ServiceResponseException && typeof error.httpStatusCode === 'number') {
    const { errorCode, errorMsg, httpStatusCode: httpStatus } = error;
    if (httpStatus < 400) return malformed(seen);
    const code = typeof errorCode === 'string' && errorCode ? { code: errorCode } : {};
    return new VendorFailure({ ...facts(seen), ...code, httpStatus, message: errorMsg || `HTTP ${httpStatus}` });
  }
  if (givenUp) return failure('aborted', 'The call was given up', seen);
  if (!seen.connected) return failure('refused', 'No connection, nothing was sent', seen);
  if (timeIsOver) return failure('timeout', 'No answer in time', seen);
  return seen.ended ? malformed(seen) : failure('network', 'The connection broke off', seen);
}

/** The SDK keeps its latest request, Authorization header included, in statics. */
function forget(): void {
  DefaultHttpClient.httpReqParam = undefined;
  DefaultHttpClient.httpResponse = undefined;
}

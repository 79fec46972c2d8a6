import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { CommonClient } from 'tencentcloud-sdk-nodejs/tencentcloud/common/common_client.js';
import { DefaultCredentialProvider } from 'tencentcloud-sdk-nodejs/tencentcloud/common/credential.js';
import type { DynamicCredential } from 'tencentcloud-sdk-nodejs/tencentcloud/common/interface.js';
import type { CallContext } from '../contract.js';
import { type Current, type Found, keepCurrent, keepGiven } from '../current.js';
import { beforeSending, VendorFailure, type VendorFailureFacts, withOtherKeys, withoutSecrets } from '../failures.js';
import { assumedRoleReply, readReply, type TencentCredentials, type TencentKeys } from './schema.js';

export type TencentClient = {
  /** One attempt of one action. Answers with the content of `Response`, throws `VendorFailure` only. */
  call(action: string, parameters: Readonly<Record<string, unknown>>, context: CallContext): Promise<unknown>;
};

export type TencentClientOptions = {
  /** Left out: the SDK's own default chain. */
  credentials?: TencentCredentials | undefined;
  /** Where all calls go, as `http://host:port`. */
  endpoint?: string | undefined;
  timeoutMs: number;
  now(): number;
};

const SERVICES = Object.freeze({ cvm: '2017-03-12', sts: '2018-08-13' });
type Request = {
  service: keyof typeof SERVICES;
  action: string;
  parameters: Readonly<Record<string, unknown>>;
  region: string;
};

const hostOf = (service: Request['service']): string => `${service}.tencentcloudapi.com`;

export function createClient(options: TencentClientOptions): TencentClient {
  const { endpoint, timeoutMs } = options;
  const keys = keysOf(options);

  return {
    async call(action, parameters, { region, signal }) {
      const limit = startLimit(action, signal, timeoutMs);
      let used: TencentKeys | undefined;
      try {
        used = await findWithin(limit, keys, options.credentials === undefined);
        if (used === undefined) throw noCredentials(action);
        return await send({ service: 'cvm', action, parameters, region }, used, limit, endpoint);
      } catch (error) {
        const isRefused = error instanceof VendorFailure && error.facts.code?.startsWith('AuthFailure.');
        // Without `used` it is the role that was refused, and the keys beside it.
        throw isRefused && used && keys.forget(used) ? withOtherKeys(error) : error;
      } finally {
        limit.end();
      }
    },
  };
}

async function send(request: Request, keys: TencentKeys, limit: Limit, endpoint: string | undefined): Promise<unknown> {
  const { service, action, parameters, region } = request;
  const target = new URL(endpoint ?? `https://${hostOf(service)}`);
  const wire = makeWire(target);
  try {
    const { secretId, secretKey, token } = keys;
    const credential = { secretId, secretKey, ...(token && { token }) };
    const profile = profileOf(service, target, wire.agent);
    const client = new CommonClient(hostOf(service), SERVICES[service], { credential, region, profile });
    const reply: unknown = await limit.race(client.request(action, parameters, { signal: limit.signal }));
    return reply;
  } catch (error) {
    if (error instanceof VendorFailure) throw error;
    const facts = factsOf(action, error, wire);
    throw new VendorFailure({ ...facts, message: withoutSecrets(facts.message, [keys.secretKey, keys.token]) });
  } finally {
    wire.agent.destroy();
  }
}

function profileOf(service: Request['service'], target: URL, agent: HttpAgent) {
  // The SDK takes the service name of the signature from the first label of the host, so a host that is
  // not Tencent's is connected to under Tencent's name.
  const host = target.hostname.startsWith(`${service}.`) ? target.hostname : hostOf(service);
  return {
    signMethod: 'TC3-HMAC-SHA256' as const,
    language: 'en-US' as const,
    httpProfile: {
      reqMethod: 'POST' as const,
      protocol: `${target.protocol}//`,
      endpoint: target.port === '' ? host : `${host}:${target.port}`,
      // 0 turns the SDK's own time limit off: its error cannot be told from others but by its words.
      reqTimeout: 0,
      // Given, so that the SDK does not take a proxy from the environment.
      agent,
    },
  };
}

type Keys = Current<TencentKeys | undefined>;

function keysOf({ credentials, endpoint, timeoutMs, now }: TencentClientOptions): Keys {
  if (credentials === undefined) return makeCredentialChain();
  const { roleArn, roleSessionName = 'detach-key', ...own } = credentials;
  if (roleArn === undefined) return keepGiven(own);
  const parameters = { RoleArn: roleArn, RoleSessionName: roleSessionName, DurationSeconds: 3600 };
  const request: Request = { service: 'sts', action: 'AssumeRole', parameters, region: 'ap-guangzhou' };

  /** By our own call: the SDK's credential keeps a failed attempt for good. Whoever waits for it may give up; it goes on. */
  async function assume(): Promise<Found<TencentKeys>> {
    const limit = startLimit(request.action, new AbortController().signal, timeoutMs);
    try {
      const reply = readReply(request.action, assumedRoleReply, await send(request, own, limit, endpoint));
      const { TmpSecretId: secretId, TmpSecretKey: secretKey, Token: token } = reply.Credentials;
      return { value: { secretId, secretKey, token }, expiresAt: reply.ExpiredTime * 1000 };
    } catch (error) {
      throw error instanceof VendorFailure ? beforeSending(error) : error;
    } finally {
      limit.end();
    }
  }
  return keepCurrent(assume, now);
}

type Wire = { agent: HttpAgent; connections: number; ready: boolean };

/**
 * The connection of one call. The SDK drops the codes of Node's errors, so what they would tell is seen
 * here. A second connection is refused: it would be the SDK following a redirect with a signed write.
 */
function makeWire(target: URL): Wire {
  const secure = target.protocol === 'https:';
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const port = Number(target.port) || (secure ? 443 : 80);
  const agent = secure ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false });
  const wire: Wire = { agent, connections: 0, ready: false };
  agent.createConnection = () => {
    wire.connections += 1;
    if (wire.connections > 1) throw new Error('one connection a call');
    const socket = secure
      ? connectTls({ host, port, servername: isIP(host) === 0 ? host : '' })
      : connectTcp({ host, port });
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      wire.ready = true;
    });
    return socket;
  };
  return wire;
}

type Limit = ReturnType<typeof startLimit>;

/** The caller's signal and the time limit as one signal, and as a race for what heeds no signal. */
function startLimit(action: string, signal: AbortSignal, timeoutMs: number) {
  const controller = new AbortController();
  const over = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
  });
  const stop = (transport: 'timeout' | 'aborted') => {
    const message = transport === 'timeout' ? `no answer within ${timeoutMs} ms` : 'the call was aborted';
    controller.abort(new VendorFailure({ message: `${action}: ${message}`, transport }));
  };
  const onAbort = () => stop('aborted');
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => stop('timeout'), timeoutMs);
  if (signal.aborted) onAbort();
  return {
    signal: controller.signal,
    race: <T>(work: Promise<T>): Promise<T> => Promise.race([over, work]),
    end() {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
}

/** Credentials that do not come in time: nothing was sent. A chain that does not answer has found none. */
async function findWithin(limit: Limit, keys: Keys, isChain: boolean): Promise<TencentKeys | undefined> {
  try {
    return await limit.race(keys.get());
  } catch (error) {
    if (isChain && error instanceof VendorFailure && error.facts.transport === 'timeout') return undefined;
    if (error instanceof VendorFailure) throw new VendorFailure({ ...error.facts, unsent: true });
    throw error;
  }
}

/**
 * The links of the SDK's default chain, asked in its order. Asked one by one, because the chain itself
 * prints every failure, and renewed after one, because a link keeps a failed attempt for good.
 */
function makeCredentialChain(): Current<TencentKeys | undefined> {
  let links: readonly DynamicCredential[] | undefined;
  return {
    async get() {
      const asked = links ?? linksOf(new DefaultCredentialProvider());
      // Forgotten until it has worked, so that an attempt that never ends is not kept either.
      links = undefined;
      for (const link of asked) {
        try {
          const { secretId, secretKey, token } = await link.getCredential();
          if (!secretId || !secretKey) continue;
          links = asked;
          return { secretId, secretKey, token };
        } catch {
          // The next link may know better; what went wrong may hold an address or a role and is not told.
        }
      }
      return undefined;
    },
    forget() {
      links = undefined;
      return true;
    },
  };
}

function linksOf(chain: DefaultCredentialProvider): readonly DynamicCredential[] {
  const links: unknown = Reflect.get(chain, 'providers');
  return Array.isArray(links) ? links : [];
}

const noCredentials = (action: string) =>
  new VendorFailure({
    message: `${action}: the SDK's default chain found no credentials`,
    transport: 'no-credentials',
  });

/** What an error of the SDK tells by its fields. Its words are used only where they are the vendor's. */
function factsOf(action: string, error: unknown, wire: Wire): VendorFailureFacts {
  const malformed: VendorFailureFacts = { message: `${action}: the answer could not be read`, transport: 'malformed' };
  const lost: VendorFailureFacts = { message: `${action}: the connection was lost`, transport: 'network' };
  if (wire.connections > 1 || !(error instanceof Object)) return malformed;
  const field = (name: string): unknown => Reflect.get(error, name);
  // Only the SDK's own exception has a trace id; any other error comes from reading the body of an answer.
  if (!('traceId' in error)) return field('type') === 'system' || field('type') === 'aborted' ? lost : malformed;
  const httpStatus = field('httpCode');
  if (typeof httpStatus === 'number') return { message: `${action}: HTTP status ${httpStatus}`, httpStatus };
  if ('code' in error) {
    const code = field('code');
    const requestId = field('requestId');
    if (typeof code !== 'string' || code === '') return malformed;
    return {
      message: String(field('message')),
      code,
      ...(typeof requestId === 'string' && requestId !== '' && { requestId }),
    };
  }
  return wire.ready ? lost : { message: `${action}: no connection could be made`, transport: 'refused' };
}

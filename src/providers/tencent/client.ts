import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { DefaultCredentialProvider } from 'tencentcloud-sdk-nodejs/tencentcloud/common/credential.js';
import type { DynamicCredential } from 'tencentcloud-sdk-nodejs/tencentcloud/common/interface.js';
import { cvm } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cvm/index.js';
import type { CallContext } from '../contract.js';
import { VendorFailure, type VendorFailureFacts } from '../failures.js';
import type { TencentCredentials } from './schema.js';

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
};

const DEFAULT_HOST = 'cvm.tencentcloudapi.com';

export function createClient({ credentials, endpoint, timeoutMs }: TencentClientOptions): TencentClient {
  const target = new URL(endpoint ?? `https://${DEFAULT_HOST}`);
  const findCredential = credentials === undefined ? makeCredentialChain() : async () => credentials;

  return {
    async call(action, parameters, { region, signal }) {
      const limit = startLimit(action, signal, timeoutMs);
      const wire = makeWire(target);
      try {
        const credential = await findWithin(limit, findCredential);
        if (credential === undefined) throw noCredentials(action);
        const client = new cvm.v20170312.Client({ credential, region, profile: profileOf(target, wire.agent) });
        const reply: unknown = await limit.race(client.request(action, parameters, { signal: limit.signal }));
        return reply;
      } catch (error) {
        throw error instanceof VendorFailure ? error : new VendorFailure(factsOf(action, error, wire));
      } finally {
        limit.end();
        wire.agent.destroy();
      }
    },
  };
}

function profileOf(target: URL, agent: HttpAgent) {
  // The SDK takes the service name of the signature from the first label of the host, so a host that is
  // not Tencent's is connected to under Tencent's name.
  const host = target.hostname.startsWith('cvm.') ? target.hostname : DEFAULT_HOST;
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

/** A chain that does not answer in time has found none, and nothing was sent. */
async function findWithin(limit: ReturnType<typeof startLimit>, findCredential: FindCredential) {
  try {
    const { secretId, secretKey, token } = (await limit.race(findCredential())) ?? {};
    if (!secretId || !secretKey) return undefined;
    return { secretId, secretKey, ...(token && { token }) };
  } catch (error) {
    if (error instanceof VendorFailure && error.facts.transport === 'timeout') return undefined;
    throw error;
  }
}

type FindCredential = () => Promise<TencentCredentials | undefined>;

/**
 * The links of the SDK's default chain, asked in its order. Asked one by one, because the chain itself
 * prints every failure, and renewed after one, because a link keeps a failed attempt for good.
 */
function makeCredentialChain(): FindCredential {
  let links: readonly DynamicCredential[] | undefined;
  return async () => {
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

import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Client, type ClientConfig, Command } from '@volcengine/sdk-core';
import { VendorFailure, type VendorFailureFacts } from '../failures.js';
import { envelopeSchema, type VolcengineCredentials } from './schema.js';

/**
 * The SDK finds the credentials, names the host and signs. What is sent goes over our own wire, because
 * the SDK's (axios) takes `HTTP(S)_PROXY` from the environment, follows redirects with the session token
 * in a header, and keeps the signed headers in its error objects.
 */

export type VolcengineReply = { requestId: string; result: unknown };

export type VolcengineClient = {
  call(
    action: string,
    parameters: Readonly<Record<string, unknown>>,
    at: { region: string; signal: AbortSignal },
  ): Promise<VolcengineReply>;
  close(): void;
};

export type VolcengineClientOptions = {
  credentials?: VolcengineCredentials | undefined;
  endpoint?: string | undefined;
  timeoutMs: number;
};

type Wire = NonNullable<ClientConfig['requestHandler']>;
type WireRequest = Parameters<Wire['request']>[0];
type Arrived = { status: number; body: string; retryAfterMs?: number };

/** Never throws: what the wire throws, the SDK would wrap and could repeat. */
type WireAnswer = Arrived | VendorFailure;

const VERSION = '2020-04-01';

class EcsCommand extends Command<Record<string, unknown>, WireAnswer> {
  constructor(action: string, parameters: Readonly<Record<string, unknown>>) {
    super({ ...parameters });
    this.requestConfig = {
      params: { Action: action, Version: VERSION },
      method: 'GET',
      serviceName: 'ecs',
      contentType: 'text/plain',
    };
  }
}

export function createClient(options: VolcengineClientOptions): VolcengineClient {
  const { timeoutMs } = options;
  const { sessionToken, ...keys } = options.credentials ?? {};
  const endpoint = options.endpoint === undefined ? undefined : new URL(options.endpoint);
  const closing = new AbortController();

  /** One for each call: the SDK writes what its chain found into its config and never looks again. */
  function makeSdk(region: string, requestHandler: Wire): Client {
    const sdk = new Client({
      ...keys,
      ...(sessionToken && { sessionToken }),
      region,
      ...(endpoint && { host: endpoint.host, protocol: endpoint.protocol === 'http:' ? 'http' : 'https' }),
      autoRetry: false,
      requestHandler,
    });
    // The chain would add `VOLCSTACK_SESSION_TOKEN` of the environment to configured keys.
    if (options.credentials) sdk.addMiddleware((next) => (args) => next(args), CREDENTIALS_STEP);
    return sdk;
  }

  return {
    async call(action, parameters, { region, signal }) {
      const timeout = AbortSignal.timeout(timeoutMs);
      const abortSignal = AbortSignal.any([signal, closing.signal, timeout]);
      if (abortSignal.aborted) throw failure('aborted', 'given up before it was sent');
      const wire = makeWire((error) => transportFailure(error, abortSignal, timeout));
      const answer = await sendSigned(() => makeSdk(region, wire), new EcsCommand(action, parameters), abortSignal);
      if (answer instanceof VendorFailure) throw answer;
      return readReply(answer);
    },
    close() {
      closing.abort();
    },
  };
}

const CREDENTIALS_STEP = Object.freeze({
  name: 'credentialsMiddleware',
  step: 'initialize',
  priority: 100,
  override: true,
} as const);

function makeWire(toFailure: (error: unknown) => VendorFailure): Wire {
  return {
    request: async <T>(config: WireRequest) => {
      const data: WireAnswer = await exchange(config).catch(toFailure);
      return { status: 200, statusText: '', headers: {}, data: data as T };
    },
  };
}

/** Before the wire the SDK throws only when its own config file cannot be read; its words may quote that file. */
async function sendSigned(sdk: () => Client, command: EcsCommand, abortSignal: AbortSignal): Promise<WireAnswer> {
  try {
    return await sdk().send(command, { abortSignal });
  } catch {
    return failure('no-credentials', 'the SDK could not read its credentials or could not sign with them');
  }
}

async function exchange(config: WireRequest): Promise<Arrived | VendorFailure> {
  const { 'content-type': _, ...headers } = config.headers ?? {};
  // Without credentials the SDK sends unsigned and says nothing.
  if (!headers.Authorization) return failure('no-credentials', 'no credentials were found');
  const send = config.url.startsWith('http:') ? requestHttp : requestHttps;
  return await new Promise<Arrived>((resolve, reject) => {
    // `agent: false` is a new connection for each call and no proxy from the environment: an idle one that
    // the cloud has closed would make a write look lost.
    const { signal } = config;
    const outgoing = send(config.url, { method: 'GET', headers, agent: false, ...(signal && { signal }) });
    outgoing.on('error', reject);
    outgoing.once('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.once('end', () => {
        const seconds = Number(incoming.headers['retry-after']);
        resolve({
          status: incoming.statusCode ?? 0,
          body: Buffer.concat(chunks).toString('utf8'),
          ...(seconds > 0 && { retryAfterMs: seconds * 1000 }),
        });
      });
    });
    outgoing.end();
  });
}

/** By whose signal it ended, else by the system's code; only a connection that was never made is `refused`. */
function transportFailure(error: unknown, abortSignal: AbortSignal, timeout: AbortSignal): VendorFailure {
  if (abortSignal.aborted) {
    return abortSignal.reason === timeout.reason
      ? failure('timeout', 'no answer in time')
      : failure('aborted', 'given up while waiting for the answer');
  }
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  const unsent = code === 'ECONNREFUSED' || syscall === 'connect' || syscall === 'getaddrinfo';
  return failure(
    unsent ? 'refused' : 'network',
    `${unsent ? 'no connection' : 'the connection broke'} (${code ?? '?'})`,
  );
}

function failure(
  transport: NonNullable<VendorFailureFacts['transport']>,
  message: string,
  more: Omit<VendorFailureFacts, 'message' | 'transport'> = {},
): VendorFailure {
  return new VendorFailure({ message, transport, ...more });
}

function readReply({ status, body, retryAfterMs }: Arrived): VolcengineReply {
  const envelope = envelopeSchema.safeParse(parseJson(body));
  if (!envelope.success) {
    throw failure('malformed', 'the answer is not one of this API', {
      httpStatus: status,
      ...(retryAfterMs && { retryAfterMs }),
    });
  }
  const { RequestId: requestId, Error: error } = envelope.data.ResponseMetadata;
  if (error) {
    throw new VendorFailure({
      message: error.Message,
      code: error.Code,
      httpStatus: status,
      ...(requestId && { requestId }),
      ...(retryAfterMs && { retryAfterMs }),
    });
  }
  if (status !== 200) throw failure('malformed', 'an error without a code', { httpStatus: status, requestId });
  return { requestId, result: envelope.data.Result };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

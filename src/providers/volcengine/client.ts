import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Client, type ClientConfig, Command } from '@volcengine/sdk-core';
import { unlessAborted } from '../abort.js';
import { type Current, type Found, keepCurrent, keepGiven } from '../current.js';
import { beforeSending, VendorFailure, type VendorFailureFacts, withOtherKeys, withoutSecrets } from '../failures.js';
import { assumedRoleSchema, envelopeSchema, type VolcengineCredentials, type VolcengineKeys } from './schema.js';

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
  now(): number;
};

type Wire = NonNullable<ClientConfig['requestHandler']>;
type WireRequest = Parameters<Wire['request']>[0];
type Arrived = { status: number; body: string; retryAfterMs?: number };

/** Never throws: what the wire throws, the SDK would wrap and could repeat. */
type WireAnswer = Arrived | VendorFailure;

const SERVICES = Object.freeze({ ecs: '2020-04-01', sts: '2018-01-01' });
type ApiRequest = {
  service: keyof typeof SERVICES;
  action: string;
  parameters: Readonly<Record<string, unknown>>;
  region: string;
};

class ApiCommand extends Command<Record<string, unknown>, WireAnswer> {
  constructor({ service, action, parameters }: ApiRequest) {
    super({ ...parameters });
    this.requestConfig = {
      params: { Action: action, Version: SERVICES[service] },
      method: 'GET',
      serviceName: service,
      contentType: 'text/plain',
    };
  }
}

export function createClient(options: VolcengineClientOptions): VolcengineClient {
  const closing = new AbortController();
  const keys = keysOf(options, closing.signal);
  return {
    async call(action, parameters, { region, signal }) {
      const given = AbortSignal.any([signal, closing.signal]);
      const used = await unlessAborted(given, keys.get);
      try {
        return await send({ service: 'ecs', action, parameters, region }, used, given, options);
      } catch (error) {
        const isRefused = error instanceof VendorFailure && REFUSED_KEYS.includes(error.facts.code ?? '');
        throw isRefused && keys.forget(used) ? withOtherKeys(error) : error;
      }
    },
    close() {
      closing.abort();
    },
  };
}

const REFUSED_KEYS: readonly string[] = ['InvalidSecretToken', 'InvalidAccessKey', 'InvalidCredential'];

/** Undefined: the SDK looks for them itself, anew for each call. */
type Keys = Current<VolcengineKeys | undefined>;

function keysOf(options: VolcengineClientOptions, closing: AbortSignal): Keys {
  if (options.credentials === undefined) return keepGiven(undefined);
  const { roleTrn, roleSessionName = 'detach-key', ...keys } = options.credentials;
  if (roleTrn === undefined) return keepGiven(keys);
  const parameters = { RoleTrn: roleTrn, RoleSessionName: roleSessionName, DurationSeconds: 3600 };
  const request: ApiRequest = { service: 'sts', action: 'AssumeRole', parameters, region: 'cn-beijing' };

  /** By our own call: the SDK's takes a proxy from the environment, and goes on unsigned where it got nothing. */
  async function assume(): Promise<Found<VolcengineKeys>> {
    const { result } = await send(request, keys, closing, options).catch((error: unknown) => {
      throw error instanceof VendorFailure ? beforeSending(error) : error;
    });
    const reply = assumedRoleSchema.safeParse(result);
    if (!reply.success) throw failure('no-credentials', 'STS gave no credentials');
    const { AccessKeyId, SecretAccessKey, SessionToken, ExpiredTime } = reply.data.Credentials;
    const value = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    return { value, expiresAt: ExpiredTime };
  }
  return keepCurrent(assume, options.now);
}

async function send(
  request: ApiRequest,
  keys: VolcengineKeys | undefined,
  given: AbortSignal,
  { endpoint, timeoutMs }: VolcengineClientOptions,
): Promise<VolcengineReply> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const abortSignal = AbortSignal.any([given, timeout]);
  if (abortSignal.aborted) throw failure('aborted', 'given up before it was sent');
  const wire = makeWire((error) => transportFailure(error, abortSignal, timeout));
  const makeSdk = () => newSdk(request.region, keys, endpoint, wire);
  const answer = await sendSigned(makeSdk, new ApiCommand(request), abortSignal);
  if (answer instanceof VendorFailure) throw answer;
  return readReply(answer, [keys?.secretAccessKey, keys?.sessionToken]);
}

/** One for each call: the SDK writes what its chain found into its config and never looks again. */
function newSdk(region: string, keys: VolcengineKeys | undefined, endpoint: string | undefined, wire: Wire): Client {
  const url = endpoint === undefined ? undefined : new URL(endpoint);
  const { sessionToken, ...pair } = keys ?? {};
  const sdk = new Client({
    ...pair,
    ...(sessionToken && { sessionToken }),
    region,
    ...(url && { host: url.host, protocol: url.protocol === 'http:' ? 'http' : 'https' }),
    autoRetry: false,
    requestHandler: wire,
  });
  // The chain would add `VOLCSTACK_SESSION_TOKEN` of the environment to configured keys.
  if (keys) sdk.addMiddleware((next) => (args) => next(args), CREDENTIALS_STEP);
  return sdk;
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
async function sendSigned(sdk: () => Client, command: ApiCommand, abortSignal: AbortSignal): Promise<WireAnswer> {
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

function readReply({ status, body, retryAfterMs }: Arrived, secrets: readonly (string | undefined)[]): VolcengineReply {
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
      message: withoutSecrets(error.Message, secrets),
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

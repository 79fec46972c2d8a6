import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeGate } from '../gate.js';
import { makeRateMeter } from './rate.js';
import { readRequest } from './read-request.js';
import { makeSessions, type Sessions } from './sessions.js';

/**
 * What the four local clouds have in common: a world of instances and key pairs, faults that can be
 * switched on, a record of calls, and an HTTP server on loopback. How a vendor signs, names and limits
 * things stands in that vendor's file only.
 */

export type WorldState = 'running' | 'stopped' | 'starting' | 'stopping' | 'restarting' | 'terminated';

export type WorldInstance = {
  id: string;
  name: string;
  region: string;
  state: WorldState;
  os: 'linux' | 'windows';
  /** Names of the key pairs that the control plane shows as bound. */
  keyPairs: string[];
  /** Names of the key pairs that really open the door: follows `keyPairs` when the cloud says it takes effect. */
  opens: string[];
  /** The guest agent that some clouds need. */
  agent: boolean;
  /** The vendor's word for a lock, where there is one. */
  lock?: string;
  /** How often this instance was shut down, started and restarted, to show that nothing was touched in vain. */
  power: { stops: number; starts: number; restarts: number };
  /** Vendor's own odds and ends, by that vendor's names. */
  extra: Record<string, unknown>;
};

export type WorldKeyPair = { name: string; id: string; region: string; publicKey: string; fingerprint: string };

export type World = { instances: Map<string, WorldInstance>; keyPairs: WorldKeyPair[] };

export type Fault =
  /** The vendor's own throttling answer; nothing is done. */
  | { kind: 'throttle' }
  /** The vendor's own internal error. `after`: the effect was made before the error was sent. */
  | { kind: 'server-error'; when: 'before' | 'after' }
  /** No answer until the client gives up; the effect is made first when `after`. */
  | { kind: 'hang'; when: 'before' | 'after' }
  /** The connection is cut after the effect was made. */
  | { kind: 'reply-lost' }
  /** HTTP 200 and a page of HTML, as a proxy in between would send. */
  | { kind: 'html' }
  /** The vendor's answer to a caller without permission (on some clouds an empty list). */
  | { kind: 'forbidden' }
  /** Any code of the vendor's documents, for the whole call. */
  | { kind: 'code'; code: string; httpStatus?: number; message?: string }
  /** Any code of the vendor's documents, for one instance of the call. */
  | { kind: 'instance-code'; instanceId: string; code: string; message?: string };

export type Call = { operation: string; region: string; instanceIds: readonly string[]; parameters: unknown };

export type CloudControls = {
  readonly world: World;
  /** Calls that passed the signature check, oldest first. `operation` is the vendor's action name or `METHOD /path`. */
  readonly calls: readonly Call[];
  /** Applies to the next `times` calls (1 unless told; Infinity for good) whose operation matches. */
  fail(operation: string | RegExp, fault: Fault, times?: number): void;
  /** Parks the next matching call before it does anything; `arrived` resolves when it is there. */
  hold(operation: string | RegExp): { arrived: Promise<void>; release(): void };
  clearFaults(): void;
  /** How long transitional states and asynchronous effects last, in milliseconds of the cloud's clock; 0 unless told. */
  lag: number;
  /** Whether the account's temporary credentials have run out; what they sign is refused as if the signature were wrong. */
  hasExpired: boolean;
  /** Most calls in one of the vendor's windows, counted as the vendor counts; what is over gets its throttling answer. Off unless set. */
  rateLimit: number | undefined;
  /** Roles that may be assumed, where the vendor has them, and what they gave. */
  readonly sessions: Sessions;
  /** Calls that were over the limit, oldest first; they are in `calls` too. */
  readonly throttled: readonly Call[];
};

export type Cloud = CloudControls & { readonly url: string; stop(): Promise<void> };

export type CloudCredentials = { accessKey: string; secretKey: string; sessionToken?: string };

export type CloudOptions = {
  credentials: CloudCredentials;
  world: World;
  /** Milliseconds since 1970; tests give their own. */
  now?: () => number;
  port?: number;
};

export type HttpRequest = {
  method: string;
  path: string;
  query: URLSearchParams;
  /** The query string exactly as it came, for signatures. */
  rawQuery: string;
  headers: Readonly<Record<string, string>>;
  body: string;
};
export type HttpReply = { status: number; headers?: Record<string, string>; body: string };

/** What a vendor's file adds. */
export type Vendor = {
  /** How it counts calls against its rate limit. */
  rate: { windowMs: number; keyOf(call: Call): string };
  /** Reads the operation out of a request whose signature was found right; a reply instead refuses it. */
  open(request: HttpRequest): Call | HttpReply;
  /** What it says to credentials that have run out. */
  expired: { code: string; httpStatus: number; message: string };
  /** Does it and answers; `instanceFault` is given where a fault of kind `instance-code` is on. */
  perform(call: Call, request: HttpRequest, instanceFault?: Extract<Fault, { kind: 'instance-code' }>): HttpReply;
  throttled(call: Call): HttpReply;
  serverError(call: Call): HttpReply;
  forbidden(call: Call): HttpReply;
  coded(call: Call, fault: Extract<Fault, { kind: 'code' }>): HttpReply;
};

/** What a vendor's file is given. */
export type VendorControls = CloudControls & { now(): number; credentials: CloudCredentials };

const isReply = (value: Call | HttpReply): value is HttpReply => 'status' in value;

/** Starts a local cloud; the vendor is made from the controls, so that it sees the world and the lag. */
export async function startCloud(
  options: CloudOptions,
  vendorOf: (controls: VendorControls) => Vendor,
): Promise<Cloud> {
  const calls: Call[] = [];
  const throttled: Call[] = [];
  let faults: { operation: string | RegExp; fault: Fault; left: number }[] = [];
  const holds: { operation: string | RegExp; arrive(): void; gate: Promise<void> }[] = [];
  const matches = (pattern: string | RegExp, operation: string) =>
    typeof pattern === 'string' ? pattern === operation : pattern.test(operation);
  const controls: VendorControls = {
    world: options.world,
    calls,
    lag: 0,
    hasExpired: false,
    rateLimit: undefined,
    sessions: makeSessions(),
    throttled,
    now: options.now ?? Date.now,
    credentials: options.credentials,
    fail(operation: string | RegExp, fault: Fault, times = 1) {
      faults.push({ operation, fault, left: times });
    },
    hold(operation: string | RegExp) {
      const arrived = makeGate();
      const gate = makeGate();
      holds.push({ operation, arrive: arrived.open, gate: gate.promise });
      return { arrived: arrived.promise, release: gate.open };
    },
    clearFaults() {
      faults = [];
    },
  };
  const vendor = vendorOf(controls);
  const meter = makeRateMeter(vendor.rate.windowMs, controls.now);

  function takeFault(call: Call): Fault | undefined {
    const found = faults.find(
      ({ operation, fault, left }) =>
        left > 0 &&
        matches(operation, call.operation) &&
        (fault.kind !== 'instance-code' || call.instanceIds.includes(fault.instanceId)),
    );
    if (found) found.left -= 1;
    return found?.fault;
  }

  async function answer(request: HttpRequest): Promise<HttpReply | 'cut' | 'hang'> {
    const call = vendor.open(request);
    if (isReply(call)) return call;
    if (controls.hasExpired) return vendor.coded(call, { kind: 'code', ...vendor.expired });
    calls.push(call);
    const held = holds.findIndex(({ operation }) => matches(operation, call.operation));
    const hold = held < 0 ? undefined : holds.splice(held, 1)[0];
    if (hold) {
      hold.arrive();
      await hold.gate;
    }
    if (!meter.take(vendor.rate.keyOf(call), controls.rateLimit)) {
      throttled.push(call);
      return vendor.throttled(call);
    }
    const fault = takeFault(call);
    switch (fault?.kind) {
      case undefined:
        return vendor.perform(call, request);
      case 'instance-code':
        return vendor.perform(call, request, fault);
      case 'throttle':
        return vendor.throttled(call);
      case 'forbidden':
        return vendor.forbidden(call);
      case 'code':
        return vendor.coded(call, fault);
      case 'html':
        return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html><body>Sign in</body></html>' };
      case 'reply-lost':
        vendor.perform(call, request);
        return 'cut';
      case 'server-error':
        if (fault.when === 'after') vendor.perform(call, request);
        return vendor.serverError(call);
      case 'hang':
        if (fault.when === 'after') vendor.perform(call, request);
        return 'hang';
    }
  }

  const server = createServer((incoming, outgoing) => {
    void readRequest(incoming)
      .then(answer)
      .then((reply) => {
        if (reply === 'hang') return;
        if (reply === 'cut') return outgoing.destroy();
        outgoing.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
        outgoing.end(reply.body);
      })
      .catch((error: unknown) => {
        outgoing.writeHead(599);
        outgoing.end(`the local cloud broke: ${String(error)}`);
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(controls, {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

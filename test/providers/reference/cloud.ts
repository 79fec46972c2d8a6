import {
  type Call,
  type Cloud,
  type CloudOptions,
  type Fault,
  type HttpReply,
  type HttpRequest,
  startCloud,
  type Vendor,
  type World,
  type WorldInstance,
} from '../../../playground/clouds/cloud.js';

/**
 * A cloud that no vendor sells: the plainest API that the provider contract can be spoken over. It is the
 * ground on which the contract suite itself is tested.
 */
export const LIMITS = Object.freeze({ read: 4, detach: 3, attach: 3, stop: 3, start: 3, restart: 3 });
const INSTANCES_PER_PAGE = 3;
const KEY_PAIRS_PER_PAGE = 100;

const STATUS: Readonly<Record<string, number>> = Object.freeze({
  Unauthenticated: 401,
  Denied: 403,
  Slow: 429,
  Broken: 500,
});

type Body = { ids: string[]; keyPair?: string; name?: string; cursor?: string };
type Refusal = { code: string; message: string };

export function startReferenceCloud(options: CloudOptions): Promise<Cloud> {
  const secret = `Bearer ${options.credentials.accessKey}:${options.credentials.secretKey}`;
  return startCloud(options, ({ world }): Vendor => {
    const coded = (code: string, message = `the words for ${code}`): HttpReply => ({
      status: STATUS[code] ?? 400,
      body: JSON.stringify({ code, message, requestId: 'req-failed' }),
    });
    return {
      rate: { windowMs: 1000, keyOf: ({ operation }) => operation },
      open(request: HttpRequest): Call | HttpReply {
        if (request.headers.authorization !== secret) return coded('Unauthenticated');
        const body = JSON.parse(request.body) as Body;
        const region = request.headers['x-region'] ?? '';
        return { operation: request.path.slice(1), region, instanceIds: body.ids, parameters: body };
      },
      perform(call, _request, instanceFault) {
        const done = perform(world, call, instanceFault);
        return 'code' in done
          ? coded(done.code, done.message)
          : { status: 200, body: JSON.stringify({ requestId: 'req-done', ...done }) };
      },
      expired: { code: 'Unauthenticated', httpStatus: 401, message: 'the words for Unauthenticated' },
      throttled: () => coded('Slow'),
      serverError: () => coded('Broken'),
      forbidden: () => coded('Denied'),
      coded: (_call, fault) => coded(fault.code, fault.message),
    };
  });
}

type InstanceFault = Extract<Fault, { kind: 'instance-code' }>;

function perform(world: World, call: Call, instanceFault: InstanceFault | undefined): object | Refusal {
  const body = call.parameters as Body;
  const inRegion = [...world.instances.values()].filter(({ region }) => region === call.region);
  const keyPairs = world.keyPairs.filter(({ region }) => region === call.region);
  const keyPair = keyPairs.find(({ id }) => id === body.keyPair);
  switch (call.operation) {
    case 'read':
      if (body.ids.length > LIMITS.read) return { code: 'TooMany', message: 'too many instances' };
      return { instances: inRegion.filter(({ id }) => body.ids.includes(id)) };
    case 'list': {
      const bound = inRegion.filter((instance) => instance.keyPairs.includes(keyPair?.name ?? ''));
      return page('instances', bound, body.cursor, INSTANCES_PER_PAGE);
    }
    case 'keypairs':
      return page('keyPairs', keyPairs, body.cursor, KEY_PAIRS_PER_PAGE);
    case 'find':
      return { keyPair: keyPairs.find(({ name, id }) => name === body.name || id === body.name) ?? null };
    case 'detach':
    case 'attach':
      if (!keyPair) return { code: 'KeyPair.Unknown', message: 'no such key pair' };
      return eachInstance(world, call, instanceFault, (instance) => bind(instance, keyPair.name, call.operation));
    case 'stop':
    case 'start':
    case 'restart': {
      const action = call.operation;
      return eachInstance(world, call, instanceFault, (instance) => power(instance, action));
    }
    default:
      return { code: 'Operation.Unknown', message: 'no such operation' };
  }
}

function page<T>(field: string, all: readonly T[], cursor: string | undefined, size: number): object {
  const start = Number(cursor ?? 0);
  const end = start + size;
  return { [field]: all.slice(start, end), ...(end < all.length && { cursor: String(end) }) };
}

function eachInstance(
  world: World,
  call: Call,
  fault: InstanceFault | undefined,
  change: (instance: WorldInstance) => Refusal | undefined,
): object | Refusal {
  if (call.instanceIds.length > LIMITS.detach) return { code: 'TooMany', message: 'too many instances' };
  const replies = call.instanceIds.map((id) => {
    const instance = world.instances.get(id);
    if (fault?.instanceId === id) return { id, code: fault.code, message: fault.message ?? 'planted' };
    if (!instance || instance.state === 'terminated')
      return { id, code: 'Instance.Unknown', message: 'no such instance' };
    return { id, ...change(instance) };
  });
  return { replies };
}

function bind(instance: WorldInstance, name: string, operation: string): Refusal | undefined {
  if (instance.os === 'windows') return { code: 'Instance.Windows', message: 'Windows has no key pairs' };
  if (instance.state !== 'stopped') return { code: 'State.NotStopped', message: 'stop it first' };
  const others = instance.keyPairs.filter((bound) => bound !== name);
  instance.keyPairs = operation === 'attach' ? [name] : others;
  instance.opens = [...instance.keyPairs];
  return undefined;
}

const POWER = {
  stop: { from: 'running', to: 'stopped', count: 'stops' },
  start: { from: 'stopped', to: 'running', count: 'starts' },
  restart: { from: 'running', to: 'running', count: 'restarts' },
} as const;

function power(instance: WorldInstance, operation: keyof typeof POWER): Refusal | undefined {
  const { from, to, count } = POWER[operation];
  if (instance.state !== from) return { code: `State.Not${from}`, message: `it is ${instance.state}` };
  instance.state = to;
  instance.power[count] += 1;
  return undefined;
}

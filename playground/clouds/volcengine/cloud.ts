import {
  type Call,
  type Cloud,
  type CloudOptions,
  type Fault,
  type HttpReply,
  type HttpRequest,
  startCloud,
  type Vendor,
  type VendorControls,
} from '../cloud.js';
import { makeRateMeter } from '../rate.js';
import { Refused, readClientToken, readInstanceIds, readList } from './parameters.js';
import { describeInstances, describeKeyPairs } from './reads.js';
import { messageOf, refusal, success } from './replies.js';
import { checkSignature } from './signature.js';
import { advanceVolcengineWorld } from './world.js';
import { type InstanceWrite, WRITES } from './writes.js';

/** Volcengine ECS (API 2020-04-01) on loopback: GET, signed with HMAC-SHA256, all parameters in the query. */
export function startVolcengineCloud(options: CloudOptions): Promise<Cloud> {
  return startCloud(options, makeVendor);
}

type InstanceFault = Extract<Fault, { kind: 'instance-code' }>;

/** A write that was answered, by its ClientToken; until `over` it counts as still in process. */
type Answered = { parameters: string; reply: HttpReply; over: number };

const ASSUME_ROLE = 'AssumeRole';
const WINDOW_MS = 1000;

const READS = Object.freeze({ DescribeInstances: describeInstances, DescribeKeyPairs: describeKeyPairs });

const isRead = (action: string): action is keyof typeof READS => Object.hasOwn(READS, action);

function makeVendor(controls: VendorControls): Vendor {
  const answered = new Map<string, Answered>();
  /** "The limit on request rate of resources": each instance takes so many writes. */
  const writesOf = makeRateMeter(WINDOW_MS, controls.now);
  let requests = 0;
  const nextId = () => {
    requests += 1;
    return `${new Date(controls.now()).toISOString().replace(/\D/g, '')}${requests.toString(16).padStart(15, '0')}`;
  };

  function write(call: Call, query: URLSearchParams, fault: InstanceFault | undefined): HttpReply {
    const begin = WRITES[call.operation];
    if (!begin) throw new Refused('InvalidActionOrVersion');
    const instanceIds = readInstanceIds(query);
    if (instanceIds.length === 0) throw new Refused('MissingParameter.InstanceIds');
    const token = readClientToken(query);
    const parameters = JSON.stringify([call.region, ...[...query].map(String).sort()]);
    const earlier = token === undefined ? undefined : answered.get(token);
    if (earlier && earlier.parameters !== parameters) throw new Refused('IdempotentParameterMismatch');
    if (earlier && earlier.over > controls.now()) throw new Refused('IdempotentProcessing');
    if (earlier) return earlier.reply;

    const over = controls.now() + controls.lag;
    const one = begin({
      query,
      over,
      findKeyPair: (by, value) =>
        controls.world.keyPairs.find((keyPair) => keyPair.region === call.region && keyPair[by] === value),
    });
    const OperationDetails = instanceIds.map((id) => operate(id, call.region, one, fault));
    advanceVolcengineWorld(controls.world, controls.now());
    const reply = success(nextId(), call, { OperationDetails });
    if (token !== undefined) answered.set(token, { parameters, reply, over });
    return reply;
  }

  /** STS, 2018-01-01. */
  function assumeRole(call: Call, query: URLSearchParams): HttpReply {
    const seconds = Number(query.get('DurationSeconds') ?? 3600);
    const session = controls.sessions.assume(query.get('RoleTrn') ?? '', controls.now() + seconds * 1000);
    if (!session || !query.get('RoleSessionName')) throw new Refused('AccessDenied');
    const Credentials = {
      CurrentTime: new Date(controls.now()).toISOString(),
      ExpiredTime: new Date(session.expiresAt).toISOString(),
      AccessKeyId: session.accessKey,
      SecretAccessKey: session.secretKey,
      SessionToken: session.sessionToken,
    };
    return success(nextId(), call, { Credentials, AssumedRoleUser: { Trn: session.role } });
  }

  function operate(InstanceId: string, region: string, one: InstanceWrite, fault: InstanceFault | undefined) {
    if (fault?.instanceId === InstanceId) {
      return { InstanceId, Error: { Code: fault.code, Message: fault.message ?? messageOf(fault.code) } };
    }
    const instance = controls.world.instances.get(InstanceId);
    const done = () => (instance?.region === region ? one(instance) : 'InvalidInstance.NotFound');
    const Code = writesOf.take(InstanceId, controls.rateLimit) ? done() : 'FlowLimitExceeded';
    return { InstanceId, Error: Code === undefined ? null : { Code, Message: messageOf(Code) } };
  }

  return {
    // The gateway's limit; no number is documented.
    rate: { windowMs: WINDOW_MS, keyOf: ({ operation }) => operation },
    open: (request) => openCall(request, controls, nextId),
    perform(call, { query }, fault) {
      advanceVolcengineWorld(controls.world, controls.now());
      try {
        if (call.operation === ASSUME_ROLE) return assumeRole(call, query);
        if (!isRead(call.operation)) return write(call, query, fault);
        return success(nextId(), call, READS[call.operation](controls.world, call.region, query));
      } catch (error) {
        if (error instanceof Refused) return refusal(nextId(), error.code, call, undefined, error.message || undefined);
        throw error;
      }
    },
    expired: { code: 'InvalidSecretToken', httpStatus: 401, message: 'The session token has expired.' },
    throttled: (call) => refusal(nextId(), 'FlowLimitExceeded', call),
    serverError: (call) => refusal(nextId(), 'InternalError', call),
    forbidden: (call) => refusal(nextId(), 'AccessDenied', call),
    coded: (call, { code, httpStatus, message }) => refusal(nextId(), code, call, httpStatus, message),
  };
}

/** Signature first, so that a stranger learns nothing of what exists. */
function openCall(request: HttpRequest, controls: VendorControls, nextId: () => string): Call | HttpReply {
  const session = controls.sessions.find(request.headers.authorization);
  const signed = checkSignature(request, session ?? controls.credentials, controls.now());
  if ('code' in signed) return refusal(nextId(), signed.code);
  if (session && session.expiresAt <= controls.now()) return refusal(nextId(), 'InvalidSecretToken');
  const { query } = request;
  const operation = query.get('Action') ?? '';
  const call: Call = {
    operation,
    region: signed.region,
    instanceIds: readList(query, 'InstanceIds'),
    parameters: Object.fromEntries(query),
  };
  if (signed.service === 'sts' && operation === ASSUME_ROLE && query.get('Version') === '2018-01-01') return call;
  if (signed.service !== 'ecs') return refusal(nextId(), 'ServiceNotFound', call);
  const known = isRead(operation) || Object.hasOwn(WRITES, operation);
  if (!known || query.get('Version') !== '2020-04-01' || request.path !== '/' || request.method !== 'GET') {
    return refusal(nextId(), 'InvalidActionOrVersion', call);
  }
  if (!session && controls.sessions.roles.size > 0) return refusal(nextId(), 'AccessDenied', call);
  return call;
}

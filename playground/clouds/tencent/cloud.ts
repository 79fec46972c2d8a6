import { createHash, randomUUID } from 'node:crypto';
import {
  type Call,
  type Cloud,
  type CloudOptions,
  type HttpReply,
  startCloud,
  type Vendor,
  type WorldKeyPair,
} from '../cloud.js';
import {
  type ActionContext,
  associateKeyPairs,
  disassociateKeyPairs,
  rebootInstances,
  startInstances,
  stopInstances,
} from './actions.js';
import { CvmError, type Parameters } from './parameters.js';
import { checkSignature } from './signature.js';
import { makeTasks, type Tasks } from './tasks.js';
import { describeInstances, describeKeyPairs } from './views.js';

export type TencentCloud = Cloud & {
  /** Ends all asynchronous work, whatever the clock says. */
  finish(): void;
};

/** A local Tencent Cloud CVM 2017-03-12, written from the documents of the API and of Signature Method v3. */
export async function startTencentCloud(options: CloudOptions): Promise<TencentCloud> {
  const tasks = makeTasks(options.world);
  const cloud = await startCloud(options, (controls) => makeVendor(controls, tasks));
  return Object.assign(cloud, { finish: () => tasks.settle(Number.POSITIVE_INFINITY) });
}

const VERSION = '2017-03-12';
const ASSUME_ROLE = 'AssumeRole';
const STS_VERSION = '2018-08-13';
const REGION = /^[a-z]{2}-[a-z]+(-[a-z0-9]+)*$/;

type Action = (parameters: Parameters, context: ActionContext) => object;

/** A change is answered with nothing but the request's id. */
const change = (make: (parameters: Parameters, context: ActionContext) => void): Action => {
  return (parameters, context) => {
    make(parameters, context);
    return {};
  };
};

const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ['DescribeInstances', (parameters, context) => describeInstances(parameters, viewOf(context))],
  ['DescribeKeyPairs', (parameters, context) => describeKeyPairs(parameters, viewOf(context))],
  ['DisassociateInstancesKeyPairs', change(disassociateKeyPairs)],
  ['AssociateInstancesKeyPairs', change(associateKeyPairs)],
  ['StopInstances', change(stopInstances)],
  ['StartInstances', change(startInstances)],
  ['RebootInstances', change(rebootInstances)],
  [ASSUME_ROLE, assumeRole],
]);

/** STS, 2018-08-13. */
function assumeRole(
  { RoleArn, RoleSessionName, DurationSeconds = 7200 }: Parameters,
  { cloud }: ActionContext,
): object {
  if (typeof RoleSessionName !== 'string' || !/^[\w+=,.@-]{2,128}$/.test(RoleSessionName)) {
    throw new CvmError('InvalidParameter.ParamError', 'RoleSessionName is not of the right form.');
  }
  const expiresAt = cloud.now() + Number(DurationSeconds) * 1000;
  const session = cloud.sessions.assume(String(RoleArn), expiresAt);
  if (!session) throw new CvmError('ResourceNotFound.RoleNotFound', 'The role does not exist.');
  return {
    Credentials: { TmpSecretId: session.accessKey, TmpSecretKey: session.secretKey, Token: session.sessionToken },
    ExpiredTime: Math.floor(expiresAt / 1000),
    Expiration: new Date(expiresAt).toISOString(),
  };
}

const viewOf = ({ region, cloud, tasks }: ActionContext) => ({ region, world: cloud.world, tasks });

type Controls = ActionContext['cloud'] & { credentials: CloudOptions['credentials'] };

function makeVendor(cloud: Controls, tasks: Tasks): Vendor {
  return {
    // "10 requests a second" on the pages of the actions.
    rate: { windowMs: 1000, keyOf: ({ operation }) => operation },
    open(request) {
      if (request.path !== '/') return refuse('InvalidRequest', 'There is nothing at this path.');
      if (request.method !== 'POST') return refuse('UnsupportedProtocol', 'Only POST with JSON is known here.');
      const session = cloud.sessions.find(request.headers.authorization);
      const service = request.headers['x-tc-action'] === ASSUME_ROLE ? 'sts' : 'cvm';
      const refusal = checkSignature(request, { service, ...(session ?? cloud.credentials) }, cloud.now());
      if (refusal) return refuse(refusal.code, refusal.message);
      if (session && session.expiresAt <= cloud.now())
        return refuse('AuthFailure.TokenFailure', 'The token is expired.');
      const { 'x-tc-action': action, 'x-tc-version': version, 'x-tc-region': region } = request.headers;
      if (action === undefined || version === undefined || region === undefined) {
        return refuse('MissingParameter', 'A common parameter is missing.');
      }
      if (version !== (action === ASSUME_ROLE ? STS_VERSION : VERSION))
        return refuse('NoSuchVersion', 'There is no such version.');
      if (session === undefined && cloud.sessions.roles.size > 0 && action !== ASSUME_ROLE) {
        return refuse('UnauthorizedOperation', `You are not authorized to perform operation (cvm:${action}).`);
      }
      if (!ACTIONS.has(action)) return refuse('InvalidAction', 'The action is not known.');
      if (!REGION.test(region)) return refuse('UnsupportedRegion', 'The region is not known.');
      const parameters = parseBody(request.body);
      if (parameters === undefined) return refuse('InvalidParameter', 'The body is not a JSON object.');
      return { operation: action, region, instanceIds: instanceIdsOf(parameters), parameters };
    },
    perform(call, _request, instanceFault) {
      const requestId = randomUUID();
      tasks.settle(cloud.now());
      // No answer says anything of a single instance: one that fails makes the whole call fail.
      if (instanceFault) return refuse(instanceFault.code, instanceFault.message ?? 'An instance was refused.');
      try {
        const context = { region: call.region, requestId, cloud, tasks };
        const content = ACTIONS.get(call.operation)?.(call.parameters as Parameters, context);
        return reply(200, { ...content, RequestId: requestId });
      } catch (error) {
        if (error instanceof CvmError) return refuse(error.code, error.message, requestId);
        throw error;
      }
    },
    expired: { code: 'AuthFailure.TokenFailure', httpStatus: 200, message: 'The token has expired.' },
    throttled: () => refuse('RequestLimitExceeded', 'There were too many requests.'),
    serverError: () => refuse('InternalServerError', 'An internal error has occurred.'),
    forbidden: (call: Call) =>
      refuse('UnauthorizedOperation', `You are not authorized to perform operation (cvm:${call.operation}).`),
    coded: (_call, fault) =>
      reply(fault.httpStatus ?? 200, {
        Error: { Code: fault.code, Message: fault.message ?? fault.code },
        RequestId: randomUUID(),
      }),
  };
}

function parseBody(body: string): Parameters | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}

function instanceIdsOf({ InstanceIds }: Parameters): readonly string[] {
  return Array.isArray(InstanceIds) ? InstanceIds.filter((id): id is string => typeof id === 'string') : [];
}

const reply = (status: number, content: object): HttpReply => ({ status, body: JSON.stringify({ Response: content }) });

/** Errors come with HTTP status 200. */
const refuse = (code: string, message: string, requestId: string = randomUUID()): HttpReply =>
  reply(200, { Error: { Code: code, Message: message }, RequestId: requestId });

const suffix = (n: number) => n.toString(36).padStart(8, '0');

/** The well-formed instance id of number `n`. */
export const makeTencentId = (n: number): string => `ins-${suffix(n)}`;

/** The key pair of number `n`; names hold letters, digits and underscores, at most 25. */
export function makeTencentKeyPair(name: string, region: string, n: number): WorldKeyPair {
  const part = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  const point = createHash('sha256').update(`${region}/${name}/${n}`).digest();
  const blob = Buffer.concat([part(Buffer.from('ssh-ed25519')), part(point)]);
  const id = `skey-${suffix(n)}`;
  return {
    name,
    id,
    region,
    publicKey: `ssh-ed25519 ${blob.toString('base64')} ${id.replace('-', '_')}`,
    fingerprint: `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`,
  };
}

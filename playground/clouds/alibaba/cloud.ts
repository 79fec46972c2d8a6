import { createHash } from 'node:crypto';
import {
  type Call,
  type Cloud,
  type CloudOptions,
  type HttpReply,
  type HttpRequest,
  startCloud,
  type Vendor,
  type VendorControls,
  type WorldKeyPair,
} from '../cloud.js';
import { answer, Refused, refusal } from './answers.js';
import { advance, type Sky } from './instances.js';
import { type InstanceFault, writeKeyPair } from './keypairs.js';
import { type Given, givenIn, jsonList, numbered } from './parameters.js';
import { power } from './power.js';
import { describeInstances, describeKeyPairs, noInstances } from './reads.js';
import { checkSignature } from './signature.js';

type Action = (given: Given, sky: Sky, fault?: InstanceFault) => HttpReply;

const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['DescribeInstances', describeInstances],
  ['DescribeKeyPairs', describeKeyPairs],
  ['DetachKeyPair', (given, sky, fault) => writeKeyPair('DetachKeyPair', given, sky, fault)],
  ['AttachKeyPair', (given, sky, fault) => writeKeyPair('AttachKeyPair', given, sky, fault)],
  ['StartInstances', (given, sky, fault) => power('StartInstances', given, sky, fault)],
  ['StopInstances', (given, sky, fault) => power('StopInstances', given, sky, fault)],
  ['RebootInstances', (given, sky, fault) => power('RebootInstances', given, sky, fault)],
]);

const ASSUME_ROLE = 'AssumeRole';

const REGION = /^(cn|ap|us|eu|me|na|sa)-[a-z]+(-[a-z0-9]+)*$/;

/** Elastic Compute Service, 2014-05-26, as far as key pairs need it. */
export function startAlibabaCloud(options: CloudOptions): Promise<Cloud> {
  return startCloud(options, (controls): Vendor => {
    const nonces = new Set<string>();
    return {
      // "API throttling": each account, region and API has a quota for the minute; once over it, all is refused until the next.
      rate: { windowMs: 60_000, keyOf: ({ operation, region }) => `${operation} ${region}` },
      open: (request) =>
        orRefused(() => {
          const session = controls.sessions.find(request.headers.authorization);
          checkSignature(request, session ?? controls.credentials, controls.now(), nonces);
          if (session !== undefined && session.expiresAt <= controls.now()) {
            throw new Refused('InvalidSecurityToken.Expired', 'Specified SecurityToken is expired.');
          }
          const call = callIn(request);
          const isOwn = session === undefined && controls.sessions.roles.size > 0;
          if (isOwn && call.operation !== ASSUME_ROLE) throw new Refused('Forbidden.RAM');
          return call;
        }),
      perform(call, request, fault) {
        if (call.operation === ASSUME_ROLE) return assumeRole(givenIn(request), controls);
        const action = ACTIONS.get(call.operation);
        if (!action) return refusal('InvalidAction.NotFound');
        const sky = { world: controls.world, region: call.region, now: controls.now(), lag: controls.lag };
        advance(sky.world, sky.now);
        return orRefused(() => {
          const reply = action(givenIn(request), sky, fault);
          advance(sky.world, sky.now);
          return reply;
        });
      },
      expired: {
        code: 'InvalidSecurityToken.Expired',
        httpStatus: 400,
        message: 'Specified SecurityToken is expired.',
      },
      throttled: () => refusal('Throttling.User'),
      serverError: () => refusal('InternalError'),
      forbidden: (call) =>
        call.operation === 'DescribeInstances' && !isDryRun(call) ? noInstances() : refusal('Forbidden.RAM'),
      coded: (_call, { code, message, httpStatus }) => refusal(code, message, httpStatus),
    };
  });
}

/** The form of an id in the documents: `i-bp67acfmxazb4p****`. */
export function makeAlibabaId(n: number): string {
  return `i-bp1${n.toString(36).padStart(17, '0')}`;
}

/** The same for the same input. A key pair has no id on this cloud, so its name stands there. */
export function makeAlibabaKeyPair(name: string, region: string, n: number): WorldKeyPair {
  const field = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  const point = createHash('sha256').update(`${name} ${region} ${n}`).digest();
  const blob = Buffer.concat([field(Buffer.from('ssh-ed25519')), field(point)]);
  // 20 bytes, as in the example of DescribeKeyPairs.
  const fingerprint = createHash('sha1').update(blob).digest('hex').match(/../g)?.join(':') ?? '';
  return { name, id: name, region, publicKey: `ssh-ed25519 ${blob.toString('base64')}`, fingerprint };
}

function callIn(request: HttpRequest): Call {
  const given = givenIn(request);
  if (!['GET', 'POST'].includes(request.method)) throw new Refused('UnsupportedHTTPMethod');
  const operation = request.headers['x-acs-action'] ?? given.Action ?? '';
  const version = request.headers['x-acs-version'] ?? given.Version;
  if (request.path !== '/' || !(ACTIONS.has(operation) || operation === ASSUME_ROLE)) {
    throw new Refused('InvalidAction.NotFound');
  }
  if (version !== (operation === ASSUME_ROLE ? '2015-04-01' : '2014-05-26'))
    throw new Refused('NoSuchVersion', 'The specified version does not exist.');
  const region = given.RegionId ?? '';
  if (region && !REGION.test(region)) throw new Refused('InvalidRegionId.NotFound');
  const instanceIds = jsonList(given.InstanceIds) ?? numbered(given, 'InstanceId');
  return { operation, region, instanceIds, parameters: given };
}

/** STS, 2015-04-01. */
function assumeRole(given: Given, { sessions, now }: VendorControls): HttpReply {
  const { RoleArn = '', RoleSessionName = '', DurationSeconds = '3600' } = given;
  if (!/^[\w.@-]{2,64}$/.test(RoleSessionName)) return refusal('InvalidParameter.RoleSessionName');
  const seconds = Number(DurationSeconds);
  if (!(seconds >= 900 && seconds <= 43_200)) return refusal('InvalidParameter.DurationSeconds');
  const session = sessions.assume(RoleArn, now() + seconds * 1000);
  if (!session) return refusal('EntityNotExist.Role', 'The specified Role does not exist.');
  return answer({
    AssumedRoleUser: { Arn: `${RoleArn.replace(':role/', ':assumed-role/')}/${RoleSessionName}` },
    Credentials: {
      AccessKeyId: session.accessKey,
      AccessKeySecret: session.secretKey,
      SecurityToken: session.sessionToken,
      Expiration: new Date(session.expiresAt).toISOString().replace(/\.\d+Z$/, 'Z'),
    },
  });
}

function isDryRun({ parameters }: Call): boolean {
  return (
    typeof parameters === 'object' && parameters !== null && 'DryRun' in parameters && parameters.DryRun === 'true'
  );
}

function orRefused<T>(act: () => T): T | HttpReply {
  try {
    return act();
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    throw error;
  }
}

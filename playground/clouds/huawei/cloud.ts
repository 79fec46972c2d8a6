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
  type World,
  type WorldKeyPair,
} from '../cloud.js';
import { assumeAgency, isIamCall, openIam } from './iam.js';
import { KEY_PAIR_ROUTES } from './keypairs.js';
import { isRecord, type Route, refuse } from './route.js';
import { SERVER_ROUTES, settleServers } from './servers.js';
import { findSignatureFault } from './signature.js';
import { makeTasks, TASK_ROUTES } from './tasks.js';

/** The local Huawei Cloud: KPS, the few calls of ECS and IAM beside it, and the gateway in front of them. */

const ROUTES: readonly Route[] = [...SERVER_ROUTES, ...KEY_PAIR_ROUTES, ...TASK_ROUTES];

/** A well-formed server id. */
export const makeHuaweiId = (n: number): string => `d76baba7-ef09-40a2-87ff-${n.toString(16).padStart(12, '0')}`;

/** The project of a region; a call names its region by nothing else. */
export const makeHuaweiProjectId = (region: string): string =>
  createHash('sha256').update(`project of ${region}`).digest('hex').slice(0, 32);

export function makeHuaweiKeyPair(name: string, region: string, n: number): WorldKeyPair {
  const seed = createHash('sha256').update(`${region}/${name}/${n}`).digest();
  const blob = Buffer.concat([Buffer.from('AAAAC3NzaC1lZDI1NTE5AAAAI', 'base64'), seed]).toString('base64');
  const fingerprint = [...createHash('md5').update(blob).digest()].map((byte) => byte.toString(16).padStart(2, '0'));
  return { name, id: String(n), region, publicKey: `ssh-ed25519 ${blob}`, fingerprint: fingerprint.join(':') };
}

export function startHuaweiCloud(options: CloudOptions): Promise<Cloud> {
  return startCloud(options, makeVendor);
}

type Found = { route: Route; region: string; part: string; body: Record<string, unknown> };

function makeVendor(controls: VendorControls): Vendor {
  const tasks = makeTasks(controls);
  const found = new WeakMap<HttpRequest, Found>();
  return {
    // The gateway's limit; no number is documented.
    rate: { windowMs: 1000, keyOf: ({ operation }) => operation },
    open(request): Call | HttpReply {
      const session = controls.sessions.find(request.headers.authorization);
      const problem = findSignatureFault(request, session ?? controls.credentials, controls.now());
      if (problem) return refuse('APIGW.0301', `Incorrect IAM authentication information: ${problem}`);
      if (session && session.expiresAt <= controls.now()) return refuse(EXPIRED.code, EXPIRED.message);
      const body = readBody(request.body);
      if (!body) return refuse('APIGW.0201', 'Bad request format');
      const iam = openIam(request, body);
      if (iam) return iam;
      const match = find(request, body, controls.world);
      if ('status' in match) return match;
      const { route, region, part } = match;
      if (!session && controls.sessions.roles.size > 0) return forbidden(route);
      found.set(request, match);
      const parameters =
        route.method === 'GET' ? { ...Object.fromEntries(request.query), ...(part && { part }) } : body;
      return { operation: route.operation, region, instanceIds: route.instanceIds(request, body), parameters };
    },
    perform(call, request, fault) {
      if (isIamCall(call)) return assumeAgency(call, request, controls);
      const match = found.get(request);
      if (!match) return refuse('APIGW.0101', 'The API does not exist');
      settleServers(controls);
      tasks.settle();
      const { route, region, part, body } = match;
      return route.perform({ controls, tasks, region, request, part, body, fault });
    },
    expired: EXPIRED,
    throttled: (call) =>
      refuse(isIamCall(call) ? 'IAM.0012' : 'APIGW.0308', 'The throttling threshold has been reached'),
    serverError(call) {
      if (isIamCall(call)) return refuse('IAM.0006', 'An unexpected error prevented the server from fulfilling it.');
      return isOfKps(call) ? refuse('KPS.0003', 'Dependency service unavailable') : refuse('APIGW.0601');
    },
    forbidden,
    coded: (_, { code, message, httpStatus }) => refuse(code, message, httpStatus),
  };
}

const EXPIRED = { code: 'APIGW.0307', httpStatus: 401, message: 'The token must be updated.' };

type Named = Pick<Call, 'operation'>;
const isOfKps = ({ operation }: Named): boolean => operation.includes('/v3/');

function forbidden(of: Named): HttpReply {
  if (isIamCall(of)) return refuse('IAM.0003', "Policy doesn't allow iam:agencies:assume to be performed.");
  return isOfKps(of) ? refuse('KPS.9003', 'No operation permission') : refuse('Ecs.0003');
}

function find(request: HttpRequest, body: Found['body'], world: World): Found | HttpReply {
  const [, version, project, rest = ''] = /^\/(v[0-9.]+)\/([^/]+)\/(.+)$/.exec(request.path) ?? [];
  const regions = new Set([...world.instances.values(), ...world.keyPairs].map(({ region }) => region));
  const region = [...regions].find((name) => makeHuaweiProjectId(name) === project);
  if (region === undefined || request.headers['x-project-id'] !== project) {
    return refuse('APIGW.0310', 'The project is unavailable');
  }
  const route = ROUTES.find(
    ({ method, version: of, path, member }) =>
      method === request.method && of === version && path.test(rest) && (member === undefined || member in body),
  );
  if (!route) return refuse('APIGW.0101', 'The API does not exist or has not been published in the environment');
  return { route, region, part: decodeURIComponent(route.path.exec(rest)?.[1] ?? ''), body };
}

function readBody(text: string): Record<string, unknown> | undefined {
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

import { createHash } from 'node:crypto';
import type { Call, HttpReply, HttpRequest, VendorControls } from '../cloud.js';
import { isRecord, refuse, reply } from './route.js';

/** IAM: "CreateTemporaryAccessKeyByAgency" of its API reference. A role of `sessions` is called `<account>/<agency>`. */

export const ASSUME_AGENCY = 'POST /v3.0/OS-CREDENTIAL/securitytokens';

/** The account that the access key belongs to: who is delegated. */
export const HUAWEI_DOMAIN_ID = makeHuaweiDomainId('the delegated one');

/** The id of an account. */
export function makeHuaweiDomainId(name: string): string {
  return createHash('sha256').update(`account ${name}`).digest('hex').slice(0, 32);
}

export const isIamCall = ({ operation }: Pick<Call, 'operation'>): boolean => operation === ASSUME_AGENCY;

/** Undefined where the request is for something else. */
export function openIam({ method, path }: HttpRequest, body: Record<string, unknown> | undefined): Call | undefined {
  if (`${method} ${path}` !== ASSUME_AGENCY) return undefined;
  return { operation: ASSUME_AGENCY, region: '', instanceIds: [], parameters: body };
}

const inside = (value: unknown, key: string): unknown => (isRecord(value) ? value[key] : undefined);
const required = (key: string) => refuse('IAM.0072', `'${key}' is a required property.`);
const invalid = (key: string, value: unknown) =>
  refuse('IAM.0073', `Invalid input for field '${key}'. The value is '${JSON.stringify(value)}'.`);

export function assumeAgency({ parameters }: Call, request: HttpRequest, controls: VendorControls): HttpReply {
  const identity = inside(inside(parameters, 'auth'), 'identity');
  const role = inside(identity, 'assume_role');
  if (JSON.stringify(inside(identity, 'methods')) !== '["assume_role"]') return required('methods');
  if (!isRecord(role)) return required('assume_role');
  const { agency_name: agency, domain_id: id, domain_name: name, duration_seconds: seconds = 900 } = role;
  if (typeof agency !== 'string' || agency === '') return required('agency_name');
  if (id === undefined && name === undefined) return required('domain_id');
  if (!Number.isInteger(seconds) || Number(seconds) < 900 || Number(seconds) > 86_400) {
    return invalid('duration_seconds', seconds);
  }
  const user = inside(role.session_user, 'name');
  if (user !== undefined && !(typeof user === 'string' && /^[A-Za-z][\w-]{4,63}$/.test(user))) {
    return invalid('session_user', user);
  }
  // "Calls of a global service with an AK/SK need X-Domain-Id" (API Signing Guide); what is said without it, is not told.
  if (request.headers['x-domain-id'] !== HUAWEI_DOMAIN_ID) return forbidden();
  const isIts = (account: string) => (id === undefined ? account === name : makeHuaweiDomainId(account) === id);
  const found = [...controls.sessions.roles].find((one) => {
    const [account = '', ...rest] = one.split('/');
    return isIts(account) && rest.join('/') === agency;
  });
  const session = controls.sessions.assume(found ?? '', controls.now() + Number(seconds) * 1000);
  if (!session) return forbidden();
  return reply(201, {
    credential: {
      access: session.accessKey,
      expires_at: new Date(session.expiresAt).toISOString().replace('Z', '000Z'),
      secret: session.secretKey,
      securitytoken: session.sessionToken,
    },
  });
}

/** The form of most refusals of IAM. No document has a code for an agency or an account that is not there. */
function forbidden(): HttpReply {
  const message = 'You are not authorized to perform the requested action.';
  return reply(403, { error: { code: 403, message, title: 'Forbidden' } });
}

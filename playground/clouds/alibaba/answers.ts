import { randomUUID } from 'node:crypto';
import type { HttpReply } from '../cloud.js';

/** HTTP statuses as the error tables of the ECS documents have them; 400 where a code is not in here. */
const STATUSES: Readonly<Record<string, number>> = Object.freeze({
  'DependencyViolation.WindowsInstance': 403,
  IncorrectInstanceStatus: 403,
  InstanceLockedForSecurity: 403,
  'Forbidden.RAM': 403,
  'Forbidden.RiskControl': 403,
  NoPermission: 403,
  ActionUnauthorized: 403,
  UnsupportedHTTPMethod: 403,
  InsufficientBalance: 403,
  'Forbidden.InstanceNotFound': 404,
  'InvalidInstanceId.NotFound': 404,
  'InvalidAccessKeyId.NotFound': 404,
  'EntityNotExist.Role': 404,
  'InvalidRegionId.NotFound': 404,
  'InvalidAction.NotFound': 404,
  InternalError: 500,
  ServiceUnavailable: 503,
});

export const MESSAGES: Readonly<Record<string, string>> = Object.freeze({
  'DependencyViolation.WindowsInstance': 'The instance creating is windows, cannot use ssh key pair to login',
  'InvalidKeyPairName.NotFound': 'The specified KeyPairName does not exist in our records.',
  'InvalidInstanceIds.ValueNotSupported': 'The specified parameter InstanceIds is not valid.',
  'InvalidInstanceId.NotFound': 'The specified InstanceId does not exist.',
  IncorrectInstanceStatus: 'The current status of the resource does not support this operation.',
  InstanceLockedForSecurity: 'The specified operation is denied as your instance is locked for security reasons.',
  'Forbidden.RAM': 'User not authorized to operate on the specified resource.',
  'Throttling.User': 'Request was denied due to user flow control.',
  InternalError: 'The request processing has failed due to some unknown error, exception or failure.',
  DryRunOperation: 'Request validation has been passed with DryRun flag set.',
});

/** The requests that the cloud refuses before it looks at a single instance. */
export class Refused extends Error {
  readonly reply: HttpReply;
  constructor(code: string, message?: string) {
    super(code);
    this.reply = refusal(code, message);
  }
}

export function answer(body: object): HttpReply {
  return reply(200, body);
}

export function refusal(code: string, message?: string, status?: number): HttpReply {
  return reply(status ?? STATUSES[code] ?? 400, {
    HostId: 'ecs.aliyuncs.com',
    Code: code,
    Message: message ?? MESSAGES[code] ?? `The request was refused with ${code}.`,
    Recommend: 'https://api.aliyun.com/troubleshoot',
  });
}

function reply(status: number, body: object): HttpReply {
  const RequestId = randomUUID().toUpperCase();
  return {
    status,
    headers: { 'content-type': 'application/json;charset=utf-8', 'x-acs-request-id': RequestId },
    body: JSON.stringify({ RequestId, ...body }),
  };
}

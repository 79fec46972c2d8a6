import { z } from 'zod';
import type { Instance, InstanceState, KeyPair, Operation, OsFamily } from '../contract.js';
import { VendorFailure } from '../failures.js';

/** What an account's settings may hold, the shapes of the answers (only the fields that are read), and what they mean. */

/** Of an account or a project; it becomes part of a path or a header, which the SDK does not encode. */
const ID = /^[A-Za-z0-9_-]{1,64}$/;
const name = z.string().min(1).max(64, 'must have at most 64 characters');

const AGENCY_NEEDS_DOMAIN = 'needs the account that it is in: agencyDomainName or agencyDomainId';

/** The agency is what other clouds call a role; its keys have the names that Huawei's own command line gives them. */
export const credentialsSchema = z
  .strictObject({
    accessKeyId: z.string().min(1),
    secretAccessKey: z.string().min(1),
    securityToken: z.string().min(1).optional(),
    /** The account that the keys belong to. */
    domainId: z.string().regex(ID, 'must be the id of an account').optional(),
    /** The agency that is assumed with these keys. */
    agencyName: name.optional(),
    /** The account that the agency is in, by its name or its id. */
    agencyDomainName: name.optional(),
    agencyDomainId: z.string().regex(ID, 'must be the id of an account').optional(),
    agencySessionName: z
      .string()
      .regex(/^[A-Za-z][\w-]{4,63}$/, 'must be 5 to 64 letters, digits or -_, the first a letter')
      .optional(),
  })
  .superRefine((given, { addIssue }) => {
    const fault = (key: keyof typeof given, message: string) => addIssue({ code: 'custom', path: [key], message });
    const { agencyName, agencyDomainName, agencyDomainId, domainId } = given;
    if (agencyName === undefined) {
      const alone = ['domainId', 'agencyDomainName', 'agencyDomainId', 'agencySessionName'] as const;
      for (const key of alone) if (given[key] !== undefined) fault(key, 'needs agencyName');
      return;
    }
    if (agencyDomainName === undefined && agencyDomainId === undefined) fault('agencyName', AGENCY_NEEDS_DOMAIN);
    if (agencyDomainName !== undefined && agencyDomainId !== undefined) {
      fault('agencyDomainId', 'must not stand beside agencyDomainName');
    }
    if (domainId === undefined) fault('agencyName', 'needs domainId, the id of the account that the keys belong to');
  });
/** What a call is signed with. */
export type HuaweiKeys = { ak: string; sk: string; securityToken?: string };
export type HuaweiAgency = Omit<z.infer<typeof credentialsSchema>, 'accessKeyId' | 'secretAccessKey' | 'securityToken'>;

/** Project id by region, which becomes part of a host name. */
export const projectIdsSchema = z.record(z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/), z.string().regex(ID));

export const settingsSchema = z.strictObject({
  credentials: credentialsSchema.optional(),
  projectIds: projectIdsSchema,
});
export type HuaweiSettings = z.infer<typeof settingsSchema>;

/** Text that may be null, empty or left out; all three mean that there is none. */
const text = z
  .string()
  .nullish()
  .transform((value) => value || undefined);

/** ECS API, "ListServersDetails". An id that is not found comes back as an object whose fields are null. */
const serverSchema = z.object({
  id: text,
  name: text,
  status: text,
  'OS-EXT-STS:task_state': text,
  key_name: text,
  locked: z.boolean().nullish(),
  metadata: z.object({ os_type: text }).nullish(),
});

export const serversSchema = z.object({ servers: z.array(serverSchema) });

/** ECS API, "ListCloudServers" (v1.1): only asked which servers have a key pair. */
export const serverNamesSchema = z.object({ servers: z.array(z.object({ id: z.string().min(1), key_name: text })) });

/** ECS API, batch start, stop and restart. */
export const jobSchema = z.object({ job_id: z.string().min(1) });

/** IAM API, "CreateTemporaryAccessKeyByAgency". */
export const assumedAgencySchema = z
  .object({
    credential: z.object({
      access: z.string().min(1),
      secret: z.string().min(1),
      securitytoken: z.string().min(1),
      expires_at: z.iso.datetime({ offset: true }),
    }),
  })
  .transform(({ credential: { access: ak, secret: sk, securitytoken: securityToken, expires_at: end } }) => ({
    value: { ak, sk, securityToken },
    expiresAt: Date.parse(end),
  }));

const AGENCY_SECONDS = 3600;

/** What the same call is sent. */
export function assumingBody({ agencyName, agencyDomainName, agencyDomainId, agencySessionName }: HuaweiAgency) {
  const domain = agencyDomainId === undefined ? { domain_name: agencyDomainName } : { domain_id: agencyDomainId };
  const assume_role = {
    agency_name: agencyName,
    ...domain,
    duration_seconds: AGENCY_SECONDS,
    session_user: { name: agencySessionName ?? 'detach-key' },
  };
  return { auth: { identity: { methods: ['assume_role'], assume_role } } };
}

const keyPairSchema = z.object({
  name: z.string().min(1),
  fingerprint: text,
  public_key: text,
});

/** KPS API, "ListKeypairs". */
export const keyPairsSchema = z.object({
  keypairs: z.array(z.object({ keypair: keyPairSchema })),
  page_info: z.object({ next_marker: text }).nullish(),
});

/** KPS API, "DisassociateKeypair": a reply without a task id is no acceptance. */
const takenSchema = z.object({ task_id: z.string().min(1) });

/** KPS API, "AssociateKeypair": may say FAILED with HTTP 200. */
const notTakenSchema = z.object({ status: z.literal('FAILED'), error_code: text, error_msg: text });

export const writeSchema = z.union([notTakenSchema, takenSchema]);

/** KPS API, "ListKeypairTask". */
export const taskSchema = z.object({ task_id: text, server_id: text, task_status: z.string().min(1) });

/** KPS API, "ListRunningTask". */
export const runningTasksSchema = z.object({
  total: z.number(),
  tasks: z.array(z.object({ task_id: z.string().min(1), server_id: text })),
});

/** KPS API, "ListFailedTask": the only place that tells why a task failed; its code may be null. */
export const failedTasksSchema = z.object({
  total: z.number(),
  tasks: z.array(z.object({ task_id: z.string().min(1), task_error_code: text, task_error_msg: text })),
});

/** States on the way between two others (ECS API, "ECS Statuses"). */
const CHANGING = ['BUILD', 'REBOOT', 'HARD_REBOOT', 'REBUILD', 'MIGRATING', 'RESIZE', 'VERIFY_RESIZE', 'REVERT_RESIZE'];

function toState(status: string, taskState: string | undefined): InstanceState {
  if (CHANGING.includes(status)) return 'changing';
  if (status !== 'ACTIVE' && status !== 'SHUTOFF') return 'unusable';
  if (taskState !== undefined) return 'changing';
  return status === 'ACTIVE' ? 'running' : 'stopped';
}

function toOs(osType: string | undefined): OsFamily {
  const os = osType?.toLowerCase();
  return os === 'linux' || os === 'windows' ? os : 'unknown';
}

/** Undefined for the empty object that stands for an id that was not found. */
export function toInstance(server: z.infer<typeof serverSchema>): Instance | undefined {
  const { id, status, name, key_name: keyName } = server;
  if (id === undefined || status === undefined) return undefined;
  return {
    id,
    name: name ?? id,
    state: toState(status, server['OS-EXT-STS:task_state']),
    vendorState: status,
    os: toOs(server.metadata?.os_type),
    keyPairs: keyName === undefined ? [] : [{ name: keyName }],
    ...(server.locked && { lock: 'locked' }),
  };
}

export function toKeyPair({ name, fingerprint, public_key: publicKey }: z.infer<typeof keyPairSchema>): KeyPair {
  return { name, ...(fingerprint !== undefined && { fingerprint }), ...(publicKey !== undefined && { publicKey }) };
}

/** The document names some states twice and wrongly; what comes before the underscore is reliable. */
export function toOperation(id: string, { task_status: status }: z.infer<typeof taskSchema>): Operation {
  if (status.startsWith('SUCCESS')) return { id, state: 'succeeded' };
  return status.startsWith('FAILED') ? { id, state: 'failed', code: status } : { id, state: 'running' };
}

export type FailedTask = z.infer<typeof failedTasksSchema>['tasks'][number];

/** `failed`: why they could not be read, where that is so. */
export function withReason(operation: Operation, failed: readonly FailedTask[] | VendorFailure): Operation {
  if (operation.state !== 'failed') return operation;
  if (failed instanceof VendorFailure) {
    const { code, message } = failed.facts;
    return {
      ...operation,
      code: 'ReasonNotRead',
      message: `${operation.code}; the failed tasks answered ${code ?? message}`,
    };
  }
  const task = failed.find(({ task_id: id }) => id === operation.id);
  if (task === undefined) return operation;
  const { task_error_code: code, task_error_msg: message } = task;
  return { ...operation, ...(code !== undefined && { code }), ...(message !== undefined && { message }) };
}

/** Why a key pair of this server may not be changed now; `fits` judges the one that is bound. */
export function refusalOf(server: Instance | undefined, fits: (bound?: string) => boolean) {
  if (!server) return { code: 'ServerNotShown', message: 'The server is not shown' };
  if (server.os === 'windows') return { code: 'WindowsServer', message: 'Windows servers have no key pair to change' };
  if (server.state !== 'stopped') return { code: 'ServerNotShutOff', message: `The server is ${server.vendorState}` };
  const bound = server.keyPairs[0]?.name;
  return fits(bound) ? undefined : { code: 'KeyPairChanged', message: `Bound now: ${bound ?? 'none'}` };
}

/** The call names no key pair: it takes off whatever is bound, so that is read right before. */
export const detaching = (id: string, name: string) => ({
  path: 'keypairs/disassociate',
  untaken: 'FAILED_UNBIND',
  body: { server: { id } },
  fits: (bound?: string) => bound === name,
});

/** Without a private key the cloud puts the new key pair in place of any other, so none may be bound. */
export const attaching = (id: string, name: string) => ({
  path: 'keypairs/associate',
  untaken: 'FAILED_BIND',
  body: { keypair_name: name, server: { id, disable_password: false } },
  fits: (bound?: string) => bound === undefined || bound === name,
});

export type KeyPairWrite = ReturnType<typeof detaching> | ReturnType<typeof attaching>;

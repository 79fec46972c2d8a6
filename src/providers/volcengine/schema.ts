import { z } from 'zod';
import type { Instance, InstanceState, KeyPair, KeyPairRef, OsFamily } from '../contract.js';

/** `credentials` of an account; left out, the SDK looks for `VOLCSTACK_*` and then for `~/.volc/config`. */
export const credentialsSchema = z.strictObject({
  accessKeyId: z.string().min(1),
  secretAccessKey: z.string().min(1),
  sessionToken: z.string().min(1).optional(),
  /** The role that is assumed with these keys. */
  roleTrn: z
    .string()
    .regex(/^trn:iam::\d+:role\/[\w+=,.@-]{1,64}$/, 'must be the TRN of an IAM role')
    .optional(),
  roleSessionName: z
    .string()
    .regex(/^[\w+=,.@-]{2,64}$/, 'must be 2 to 64 letters, digits or +=,.@-_')
    .optional(),
});
/** What a call is signed with. */
export type VolcengineKeys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined };
export type VolcengineCredentials = z.infer<typeof credentialsSchema>;

/** What a provider of this kind takes from an account besides what all providers take. */
export const settings = z.strictObject({ credentials: credentialsSchema.optional() });

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

const errorSchema = z.object({ Code: z.string().min(1), Message: text });

export const envelopeSchema = z.object({
  ResponseMetadata: z.object({ RequestId: text, Error: errorSchema.nullish() }),
  Result: z.unknown().optional(),
});

/** STS, "AssumeRole". */
export const assumedRoleSchema = z.object({
  Credentials: z.object({
    AccessKeyId: z.string().min(1),
    SecretAccessKey: z.string().min(1),
    SessionToken: z.string().min(1),
    ExpiredTime: z.iso.datetime({ offset: true }).transform((time) => Date.parse(time)),
  }),
});

export const operationsSchema = z.object({
  OperationDetails: z.array(z.object({ InstanceId: z.string().min(1), Error: errorSchema.nullish() })),
});
export type OperationDetail = z.infer<typeof operationsSchema>['OperationDetails'][number];

const bound = z.string().nullable().optional();

const instanceSchema = z
  .object({
    InstanceId: z.string().min(1),
    InstanceName: text,
    Status: z.string().min(1),
    OsType: text,
    KeyPairName: bound,
    KeyPairId: bound,
  })
  // Nothing bound is said with an empty text; with neither field there the question was not answered.
  .refine(({ KeyPairName, KeyPairId }) => KeyPairName !== undefined || KeyPairId !== undefined);

export const instancesSchema = z.object({
  Instances: z
    .array(instanceSchema)
    .nullable()
    .transform((list) => list ?? []),
  NextToken: text,
});

const keyPairSchema = z.object({ KeyPairId: z.string().min(1), KeyPairName: z.string().min(1), FingerPrint: text });

export const keyPairsSchema = z.object({
  KeyPairs: z
    .array(keyPairSchema)
    .nullable()
    .transform((list) => list ?? []),
  NextToken: text,
});

/** Status of DescribeInstances; ERROR, DELETING and words that are not in its document are unusable. */
const STATES: Readonly<Record<string, InstanceState>> = Object.freeze({
  RUNNING: 'running',
  STOPPED: 'stopped',
  CREATING: 'changing',
  STARTING: 'changing',
  STOPPING: 'changing',
  REBOOTING: 'changing',
  REBUILDING: 'changing',
  RESIZING: 'changing',
});

const FAMILIES: Readonly<Record<string, OsFamily>> = Object.freeze({ linux: 'linux', windows: 'windows' });

export function toInstance(vendor: z.infer<typeof instanceSchema>): Instance {
  const name = vendor.KeyPairName || undefined;
  const id = vendor.KeyPairId || undefined;
  const ref: KeyPairRef = { ...(name && { name }), ...(id && { id }) };
  return {
    id: vendor.InstanceId,
    name: vendor.InstanceName,
    state: STATES[vendor.Status] ?? 'unusable',
    vendorState: vendor.Status,
    os: FAMILIES[vendor.OsType.toLowerCase()] ?? 'unknown',
    keyPairs: name || id ? [ref] : [],
  };
}

export function toKeyPair(vendor: z.infer<typeof keyPairSchema>): KeyPair {
  return {
    name: vendor.KeyPairName,
    id: vendor.KeyPairId,
    ...(vendor.FingerPrint && { fingerprint: vendor.FingerPrint }),
  };
}

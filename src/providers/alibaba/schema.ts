import { z } from 'zod';

/** No spaces and no control characters: they would break the header or the signature. */
const printable = z.string().regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces');

export const credentialsSchema = z.strictObject({
  accessKeyId: printable,
  accessKeySecret: printable,
  securityToken: printable.optional(),
  /** The role that is assumed with these keys. */
  roleArn: z
    .string()
    .regex(/^acs:ram::\d+:role\/[\w.-]{1,64}$/, 'must be the ARN of a RAM role')
    .optional(),
  roleSessionName: z
    .string()
    .regex(/^[\w.@-]{2,64}$/, 'must be 2 to 64 letters, digits or .@-_')
    .optional(),
});
/** What a call is signed with. */
export type AlibabaKeys = { accessKeyId: string; accessKeySecret: string; securityToken?: string | undefined };
export type AlibabaCredentials = z.infer<typeof credentialsSchema>;

/** The document's table says String where its JSON example shows numbers and booleans. */
const word = z.union([z.string(), z.number(), z.boolean()]).transform((value) => String(value));
const text = z.string().nullish();

const lockReasonSchema = z.object({ LockReason: text });
export const instanceSchema = z.object({
  InstanceId: z.string().min(1),
  InstanceName: text,
  Status: z.string(),
  OSType: text,
  /** Empty, null or left out where no key pair is bound. */
  KeyPairName: text,
  OperationLocks: z.object({ LockReason: z.array(lockReasonSchema).nullish() }).nullish(),
});
export type AlibabaInstance = z.infer<typeof instanceSchema>;

/** The list itself has to be there: a reply without one has not said that there is nothing. */
export const instancesReplySchema = z.object({
  Instances: z.object({ Instance: z.array(instanceSchema) }),
  NextToken: text,
});

export const keyPairsReplySchema = z.object({
  KeyPairs: z.object({
    KeyPair: z.array(z.object({ KeyPairName: z.string().min(1), KeyPairFingerPrint: text, PublicKey: text })),
  }),
  TotalCount: z.coerce.number().int().nonnegative(),
});

export const keyPairWriteReplySchema = z.object({
  RequestId: text,
  FailCount: z.coerce.number().int().nonnegative().nullish(),
  Results: z.object({
    Result: z.array(z.object({ InstanceId: z.string(), Code: word, Success: word, Message: text })),
  }),
});

export const powerReplySchema = z.object({
  RequestId: text,
  InstanceResponses: z.object({
    InstanceResponse: z.array(z.object({ InstanceId: z.string(), Code: word, Message: text })),
  }),
});

/** STS, "AssumeRole". */
export const assumedRoleSchema = z.object({
  Credentials: z.object({
    AccessKeyId: printable,
    AccessKeySecret: printable,
    SecurityToken: printable,
    Expiration: z.iso.datetime().transform((text) => Date.parse(text)),
  }),
});

/** What the SDK throws for an answer of the cloud with a status of 400 or above. */
export const sdkErrorSchema = z.object({
  statusCode: z.number(),
  code: z.string(),
  requestId: text,
  retryAfter: z.number().nonnegative().nullish(),
  data: z.object({ Message: text }).nullish(),
});

/** What Node and the SDK's HTTP layer throw where there is no answer. */
export const systemErrorSchema = z.object({
  name: z.string().optional().catch(undefined),
  code: z.string().optional().catch(undefined),
  syscall: z.string().optional().catch(undefined),
});

/** The id alone, of a reply that could not be read otherwise. */
export const requestIdSchema = z.object({ RequestId: z.string() });

import { z } from 'zod';
import { VendorFailure } from '../failures.js';

/** Goes into a header, so it may hold neither spaces nor control characters. */
const headerText = z.string().regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces');

export const credentialsSchema = z.strictObject({
  secretId: headerText,
  secretKey: headerText,
  token: headerText.optional(),
  /** The role that is assumed with these keys. */
  roleArn: z
    .string()
    .regex(/^qcs::cam::uin\/\d+:roleName\/[\w+=,.@-]{1,128}$/, 'must be the ARN of a CAM role')
    .optional(),
  roleSessionName: z
    .string()
    .regex(/^[\w+=,.@-]{2,128}$/, 'must be 2 to 128 letters, digits or +=,.@-_')
    .optional(),
});
/** What a call is signed with. */
export type TencentKeys = { secretId: string; secretKey: string; token?: string | undefined };
export type TencentCredentials = z.infer<typeof credentialsSchema>;

/** API guide: a field without a value is null. One that is missing altogether was not answered. */
const optionalText = z.string().nullish();

const instanceSchema = z.object({
  InstanceId: z.string().min(1),
  InstanceName: optionalText,
  InstanceState: z.string().min(1),
  RestrictState: optionalText,
  OsName: optionalText,
  /** `{}` and `{ KeyIds: null }` are what DescribeInstances gives where no key pair is bound. */
  LoginSettings: z.object({ KeyIds: z.array(z.string().min(1)).nullish() }),
  LatestOperationState: optionalText,
  LatestOperationRequestId: optionalText,
  LatestOperationErrorMsg: optionalText,
});
export type CvmInstance = z.infer<typeof instanceSchema>;

const keyPairSchema = z.object({
  KeyId: z.string().min(1),
  KeyName: z.string(),
  PublicKey: optionalText,
  AssociatedInstanceIds: z.array(z.string().min(1)).nullable(),
});
export type CvmKeyPair = z.infer<typeof keyPairSchema>;

export const instancesReply = z.object({ InstanceSet: z.array(instanceSchema).nullable() });

export const keyPairsReply = z.object({
  TotalCount: z.number().int().nonnegative(),
  KeyPairSet: z.array(keyPairSchema).nullable(),
});

/** STS, "AssumeRole". */
export const assumedRoleReply = z.object({
  Credentials: z.object({ TmpSecretId: headerText, TmpSecretKey: headerText, Token: headerText }),
  /** In seconds. */
  ExpiredTime: z.number(),
});

/** What every write answers with; nothing is said of single instances. */
export const acceptedReply = z.object({ RequestId: z.string().min(1) });

/** Reads the content of `Response`; what is of another shape is a `malformed` failure. */
export function readReply<T>(action: string, schema: z.ZodType<T>, reply: unknown): T {
  const read = schema.safeParse(reply);
  if (read.success) return read.data;
  const identified = acceptedReply.safeParse(reply);
  throw new VendorFailure({
    message: `${action}: the answer does not have the documented shape`,
    transport: 'malformed',
    ...(identified.success && { requestId: identified.data.RequestId }),
  });
}

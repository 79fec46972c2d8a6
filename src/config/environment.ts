import { z } from 'zod';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const ROLES = ['all', 'bot', 'worker'] as const;
const LARGEST_PORT = 65_535;

const missing = (advice: string) => `is not set; ${advice}`;
const oneWord = /^\S+$/;
const NOT_ONE_WORD = 'has a space or a line break in it; copy it again';

function token(prefix: string, advice: string) {
  return z
    .string(missing(advice))
    .regex(oneWord, { error: NOT_ONE_WORD, abort: true })
    .startsWith(prefix, `must start with ${prefix}; ${advice}`);
}

const redisUrl = z
  .string(missing('give the address of a Redis, as in redis://127.0.0.1:6379'))
  .refine((text) => hasScheme(text, ['redis:', 'rediss:']), {
    error: 'must be an address that begins with redis:// or rediss://',
    abort: true,
  })
  .refine(isDecodable, 'has a % that is not followed by two hexadecimal digits; write it as %25');

const slackApiUrl = z
  .string()
  .refine(isPlainHttp, 'must be an http or https address without a password, a query or a fragment')
  .transform((text) => (text.endsWith('/') ? text : `${text}/`))
  .default('https://slack.com/api/');

const port = z
  .string()
  .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= LARGEST_PORT, 'must be a whole number from 0 to 65535')
  .transform(Number)
  .default(3000);

function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, `must be one of ${values.join(', ')}`);
}

/** Every environment variable that is read, besides those that the config file names. */
export const environmentSchema = z.object({
  SLACK_BOT_TOKEN: token('xoxb-', 'copy the Bot User OAuth Token from your Slack app, page "OAuth & Permissions"'),
  SLACK_APP_TOKEN: token(
    'xapp-',
    'copy an app-level token with connections:write from your Slack app, page "Basic Information"',
  ).exactOptional(),
  SLACK_SIGNING_SECRET: z.string().regex(oneWord, NOT_ONE_WORD).exactOptional(),
  SLACK_API_URL: slackApiUrl,
  REDIS_URL: redisUrl,
  DETACH_KEY_CONFIG: z.string().default('./detach-key.yml'),
  DETACH_KEY_ROLE: oneOf(ROLES).default('all'),
  LOG_LEVEL: oneOf(LOG_LEVELS).default('info'),
  PORT: port,
});
export type Environment = z.infer<typeof environmentSchema>;

export type EnvironmentResult = { environment?: Environment; configPath: string; faults: readonly string[] };

/** An empty variable counts as one that is not set: that is what a compose file makes of it. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): EnvironmentResult {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const read = environmentSchema.safeParse(set);
  const faults = read.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}.`) ?? [];
  if (set.DETACH_KEY_ROLE !== 'worker' && set.SLACK_APP_TOKEN === undefined && set.SLACK_SIGNING_SECRET === undefined) {
    faults.push(
      'Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set; set the first for Socket Mode or the second for HTTP ' +
        '(only DETACH_KEY_ROLE=worker needs neither).',
    );
  }
  return {
    ...(read.success && { environment: read.data }),
    configPath: environmentSchema.shape.DETACH_KEY_CONFIG.parse(set.DETACH_KEY_CONFIG),
    faults,
  };
}

function hasScheme(text: string, schemes: readonly string[]): boolean {
  return URL.canParse(text) && schemes.includes(new URL(text).protocol) && new URL(text).hostname !== '';
}

/** Redis clients decode user and password. */
function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text) !== '';
  } catch {
    return false;
  }
}

function isPlainHttp(text: string): boolean {
  if (!hasScheme(text, ['http:', 'https:'])) return false;
  const { username, password, search, hash } = new URL(text);
  return [username, password, search, hash].every((part) => part === '');
}

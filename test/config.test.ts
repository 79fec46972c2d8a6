import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { environmentSchema } from '../src/config/environment.js';
import { secretsOf } from '../src/config.js';
import { account, configOf, ENV, faultsOf, file, policy } from './config/sample.js';

describe('a config without faults', () => {
  test('has defaults for all that may be left out', () => {
    const config = configOf(file());
    expect(config).toMatchObject({ port: 3000, role: 'all', logLevel: 'info', language: 'en', warnings: [] });
    expect(config.slack.apiUrl).toBe('https://slack.com/api/');
    expect(config.policies).toEqual([
      {
        accounts: ['prod*'],
        approvers: { users: ['U1', 'U2'], userGroups: [], schedules: [] },
        notify: { users: ['U1', 'U2'], userGroups: [], schedules: [] },
        approvals: 1,
        expiresAfterMs: 1_800_000,
        maxInstances: 200,
      },
    ]);
    const prod = config.accounts.get('prod');
    expect(prod).toMatchObject({ name: 'prod', provider: 'alibaba', regions: ['cn-hangzhou'] });
    expect(prod?.settings.reveal()).toEqual(account());
  });

  test('takes what is told', () => {
    const env = {
      ...ENV,
      PORT: '0',
      DETACH_KEY_ROLE: 'bot',
      LOG_LEVEL: 'debug',
      SLACK_API_URL: 'http://127.0.0.1:9/api',
    };
    const policies = [
      policy({
        channels: ['C1', 'G2'],
        requesters: { userGroups: ['S1'] },
        approvals: 2,
        expiresAfter: '45s',
        maxInstances: 5,
      }),
      policy({ accounts: ['*'], expiresAfter: '2h' }),
    ];
    const config = configOf(file({ language: 'zh', policies }), env);
    expect(config).toMatchObject({ port: 0, role: 'bot', logLevel: 'debug', language: 'zh' });
    expect(config.slack.apiUrl).toBe('http://127.0.0.1:9/api/');
    expect(config.policies[0]).toMatchObject({
      channels: ['C1', 'G2'],
      requesters: { users: [], userGroups: ['S1'], schedules: [] },
      approvals: 2,
      expiresAfterMs: 45_000,
      maxInstances: 5,
    });
    expect(config.policies[1]?.expiresAfterMs).toBe(7_200_000);
  });

  test.each([
    ['an app-level token means Socket Mode', { SLACK_SIGNING_SECRET: 's1gn1ng' }, 'socket'],
    ['a signing secret alone means HTTP', { SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: 's1gn1ng' }, 'http'],
    ['a worker does not listen', { SLACK_APP_TOKEN: undefined, DETACH_KEY_ROLE: 'worker' }, 'none'],
    ['a worker does not listen, whatever it has', { DETACH_KEY_ROLE: 'worker' }, 'none'],
  ])('%s', (_, change, kind) => {
    expect(configOf(file(), { ...ENV, ...change }).slack.mode.kind).toBe(kind);
  });

  test('takes environment variables into texts as they are', () => {
    const secret = `a\${AK}b:{"c"}`;
    const env = { ...ENV, REGION: 'hangzhou', TWO: '2', SK: secret };
    const credentials = { accessKeyId: 'AK', accessKeySecret: `\${SK}` };
    const accounts = { prod: account({ credentials, regions: [`cn-\${REGION}`] }) };
    const config = configOf(file({ accounts, policies: [policy({ approvals: `\${TWO}` })] }), env);
    expect(config.accounts.get('prod')?.settings.reveal()).toMatchObject({
      regions: ['cn-hangzhou'],
      credentials: { accessKeySecret: secret },
    });
    expect(config.policies[0]?.approvals).toBe(2);
  });

  test('warns of an account that no policy covers', () => {
    const config = configOf(file({ accounts: { prod: account(), 'web-1': account() } }));
    expect(config.warnings).toEqual([
      'accounts.web-1 has no policy, so nobody can use it; name it in the accounts of one.',
    ]);
  });

  test('shows none of its secrets, and gives them all for masks', () => {
    const env = {
      ...ENV,
      SLACK_APP_TOKEN: '',
      SLACK_SIGNING_SECRET: 's1gn1ng',
      REDIS_URL: 'rediss://u:p%40ss@cache:6380',
    };
    const config = configOf(file(), env);
    const secrets = secretsOf(config);
    expect(new Set(secrets)).toEqual(
      new Set(['xoxb-bot-token', 's1gn1ng', 'p%40ss', 'p@ss', 'AKIDPROD', 'prod-secret']),
    );
    const shown = `${inspect(config, { depth: 20 })} ${JSON.stringify([config, ...config.accounts.values()])}`;
    for (const secret of secrets) expect(shown).not.toContain(secret);
    expect(secretsOf(configOf(file()))).toContain('xapp-app-token');
  });
});

describe('the examples', () => {
  const text = readFileSync('detach-key.example.yml', 'utf8');
  const lines = readFileSync('.env.example', 'utf8').trim().split('\n');

  test('the config file loads, and every account has a policy', () => {
    const named = Object.fromEntries([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => [name, 'value1']));
    const config = configOf(text, { ...ENV, ...named });
    expect([...config.accounts.values()].map(({ provider }) => provider).sort()).toEqual([
      'alibaba',
      'huawei',
      'tencent',
      'volcengine',
    ]);
    expect(config.warnings).toEqual([]);
  });

  test('the environment names every variable once, each under one line of comment', () => {
    const names = lines.filter((_, index) => index % 2 === 1).map((line) => line.split('=')[0]);
    expect([...names].sort()).toEqual(Object.keys(environmentSchema.shape).sort());
    expect(lines.filter((_, index) => index % 2 === 0).every((line) => /^# \S/.test(line))).toBe(true);
  });
});

describe('faults of the file', () => {
  const prod = (change: Record<string, unknown>) => file({ accounts: { prod: account(change) } });
  const only = (change: Record<string, unknown>) => file({ policies: [policy(change)] });
  const agency = (change: Record<string, unknown>) => {
    const keys = { accessKeyId: 'a', secretAccessKey: 'b' };
    const names = { domainId: '0c1d', agencyName: 'detacher', agencyDomainName: 'games' };
    const credentials = { ...keys, ...names, ...change };
    return { provider: 'huawei', regions: ['cn-north-4'], projectIds: { 'cn-north-4': '0e2f' }, credentials };
  };

  test.each<[string, unknown, string]>([
    [
      'no YAML',
      'a: [1',
      'The config file, line 1, column 6: the lines of one block must be indented equally, and brackets closed (BAD_INDENT).',
    ],
    [
      'a reference without quotes in braces',
      `a:\n  b: { c: \${X} }`,
      `The config file, line 2, column 12: something does not belong here; inside { } and [ ] a \${NAME} needs quotes (UNEXPECTED_TOKEN).`,
    ],
    [
      'a key twice',
      'a: 1\na: 2',
      'The config file, line 2, column 1: this key stands here twice; keep one (DUPLICATE_KEY).',
    ],
    ['nothing', '# later\n', 'The config file is empty; detach-key.example.yml shows what it holds.'],
    ['a list', '- a', 'The config file must be a block of keys and values.'],
    ['an unknown key', file({ polices: [] }), 'polices is not known; did you mean policies?'],
    [
      'an unknown key that is like no other',
      file({ zzzzzzzz: 1 }),
      'zzzzzzzz is not known; known here: language, thread, accounts, onCall, policies.',
    ],
    [
      'an unknown key of an account',
      prod({ regoins: [] }),
      'accounts.prod.regoins is not known; did you mean regions?',
    ],
    [
      'a key of another cloud',
      prod({ projectIds: {} }),
      'accounts.prod.projectIds is not known; known here: provider, regions, endpoint, warning, credentials.',
    ],
    [
      'an unknown key of credentials',
      prod({ credentials: { accessKeyId: 'a', accessKeySecret: 'b', secretKey: 'c' } }),
      'accounts.prod.credentials.secretKey is not known; known here: accessKeyId, accessKeySecret, securityToken, roleArn, roleSessionName.',
    ],
    [
      'an unknown key of a policy',
      only({ approver: {} }),
      'policies[0].approver is not known; did you mean approvers?',
    ],
    [
      'an unknown key of approvers',
      only({ approvers: { users: ['U1'], groups: [] } }),
      'policies[0].approvers.groups is not known; known here: users, userGroups, schedules.',
    ],
    ['no accounts', { policies: [] }, 'accounts is missing.'],
    ['an unknown language', file({ language: 'fr' }), 'language must be one of en, zh.'],
    ['no account', { accounts: {} }, 'accounts must name an account.'],
    [
      'an unknown provider',
      prod({ provider: 'aws' }),
      'accounts.prod.provider must be one of alibaba, tencent, volcengine, huawei.',
    ],
    ['a region that is no text', prod({ regions: [1] }), 'accounts.prod.regions[0] must be a text.'],
    ['no regions', prod({ regions: [] }), 'accounts.prod.regions must name a region.'],
    [
      'half of the credentials',
      prod({ credentials: { accessKeyId: 'a' } }),
      'accounts.prod.credentials.accessKeySecret is missing.',
    ],
    [
      'a missing variable',
      prod({ credentials: { accessKeyId: `\${AK}`, accessKeySecret: 'b' } }),
      'accounts.prod.credentials.accessKeyId needs the environment variable AK, which is not set or empty; set it.',
    ],
    [
      'a missing variable elsewhere',
      prod({ regions: [`cn-\${WHERE}`] }),
      'accounts.prod.regions[0] needs the environment variable WHERE, which is not set or empty; set it.',
    ],
    [
      'a broken reference',
      prod({ regions: [`\${A B}`] }),
      `accounts.prod.regions[0] has a \${ that is not followed by the name of an environment variable and a }.`,
    ],
    [
      'a project id too few',
      prod({ provider: 'huawei', regions: ['cn-north-4'], credentials: undefined, projectIds: {} }),
      'accounts.prod.projectIds must have a project id for every region.',
    ],
    [
      'an agency without its account',
      prod(agency({ agencyDomainName: undefined })),
      'accounts.prod.credentials.agencyName needs the account that it is in: agencyDomainName or agencyDomainId.',
    ],
    [
      'an agency with two accounts',
      prod(agency({ agencyDomainId: '0a1b' })),
      'accounts.prod.credentials.agencyDomainId must not stand beside agencyDomainName.',
    ],
    [
      'an agency without the account of the keys',
      prod(agency({ domainId: undefined })),
      'accounts.prod.credentials.agencyName needs domainId, the id of the account that the keys belong to.',
    ],
    [
      'an agency without keys',
      prod(agency({ secretAccessKey: undefined })),
      'accounts.prod.credentials.secretAccessKey is missing.',
    ],
    [
      'the account of no agency',
      prod(agency({ agencyName: undefined, domainId: undefined })),
      'accounts.prod.credentials.agencyDomainName needs agencyName.',
    ],
    [
      'a session of no name',
      prod(agency({ agencySessionName: 'bot' })),
      'accounts.prod.credentials.agencySessionName must be 5 to 64 letters, digits or -_, the first a letter.',
    ],
    [
      'a role on a cloud of agencies',
      prod(agency({ roleArn: 'acs:ram::1:role/a' })),
      'accounts.prod.credentials.roleArn is not known; known here: accessKeyId, secretAccessKey, securityToken, domainId, agencyName, agencyDomainName, agencyDomainId, agencySessionName.',
    ],
    [
      'a pattern of no account',
      only({ accounts: ['prd', 'prod'] }),
      'policies[0].accounts[0] matches no account; did you mean prod?',
    ],
    [
      'too many approvals',
      only({ approvals: 3 }),
      'policies[0].approvals is more than the users that may approve; name more users, a user group or a schedule.',
    ],
    [
      'the same user twice',
      only({ approvers: { users: ['U1', 'U1'] }, approvals: 2 }),
      'policies[0].approvals is more than the users that may approve; name more users, a user group or a schedule.',
    ],
    ['no approvals', only({ approvals: 0 }), 'policies[0].approvals must be a whole number of 1 or more.'],
    ['half an approval', only({ approvals: 1.5 }), 'policies[0].approvals must be a whole number of 1 or more.'],
    ['no approvers', only({ approvers: undefined }), 'policies[0].approvers is missing.'],
    [
      'approvers without anyone',
      only({ approvers: {} }),
      'policies[0].approvers must name a user, a user group or a schedule.',
    ],
    [
      'a name for an id',
      only({ approvers: { users: ['@ann'] } }),
      'policies[0].approvers.users[0] must be the id of a user, as in U012AB3CD.',
    ],
    [
      'a name for a channel',
      only({ channels: ['#ops'] }),
      'policies[0].channels[0] must be the id of a channel, as in C012AB3CD.',
    ],
    [
      'a duration without a unit',
      only({ expiresAfter: 30 }),
      'policies[0].expiresAfter must be a number and a unit, as in 45s, 30m or 2h.',
    ],
    [
      'a duration of nothing',
      only({ expiresAfter: '0m' }),
      'policies[0].expiresAfter must be a number above 0 and a unit, as in 45s, 30m or 2h.',
    ],
  ])('%s', (_, content, sentence) => {
    const faults = faultsOf(content);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.slice(0, sentence.length)).toBe(sentence);
  });

  test.each(['find', 'status', 'cancel', 'undo', 'history', 'help', 'all', 'Prod', '-x', 'a'.repeat(41), '', 'a b'])(
    'an account must not be called "%s"',
    (name) => {
      const faults = faultsOf(file({ accounts: { prod: account(), [name]: account() } }));
      expect(faults).toEqual([expect.stringMatching(/is no name for an account|is a word of the command/)]);
    },
  );

  test('an empty variable is a missing one, and a pattern that needs one is told once', () => {
    const policies = [policy({ accounts: [`\${EMPTY}`] })];
    expect(faultsOf(file({ policies }), { ...ENV, EMPTY: '' })).toEqual([
      'policies[0].accounts[0] needs the environment variable EMPTY, which is not set or empty; set it.',
    ]);
  });

  test('all come at once', () => {
    const faults = faultsOf(
      {
        accounts: { prod: account({ regions: [], credentials: { accessKeyId: `\${AK}` } }) },
        policies: [policy({ accounts: ['x'], approvals: 9, expiresAfter: 'soon' })],
      },
      { SLACK_BOT_TOKEN: 'wrong', PORT: '-1' },
    );
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
      'SLACK_BOT_TOKEN',
      'REDIS_URL',
      'PORT',
      'Neither',
      'accounts.prod.credentials.accessKeyId',
      'accounts.prod.regions',
      'accounts.prod.credentials.accessKeySecret',
      'policies[0].expiresAfter',
      'policies[0].accounts[0]',
      'policies[0].approvals',
    ]);
  });

  test('hold nothing of what variables and the file hold', () => {
    const canary = fc.string({ minLength: 3, maxLength: 12 }).map((text) => `CANARY${text}`);
    const leaf = fc.oneof(
      canary,
      fc.integer({ min: 77_777_000, max: 77_777_999 }),
      fc.constant(`\${UNSET}`),
      fc.constant(`\${CANARY_VARIABLE}`),
    );
    const tree = fc.record({
      language: leaf,
      accounts: fc.dictionary(
        fc.constantFrom('prod', 'Bad'),
        fc.record({
          provider: fc.oneof(leaf, fc.constant('tencent')),
          regions: fc.array(leaf),
          credentials: fc.dictionary(fc.constantFrom('secretId', 'other'), leaf),
          endpoint: leaf,
        }),
      ),
      policies: fc.array(
        fc.record({
          accounts: fc.array(leaf),
          approvers: fc.record({ users: fc.array(leaf) }),
          approvals: leaf,
          expiresAfter: leaf,
        }),
      ),
    });
    const env = fc.record(Object.fromEntries(Object.keys(environmentSchema.shape).map((name) => [name, canary])));
    fc.assert(
      fc.property(tree, env, canary, (content, variables, value) => {
        const all = faultsOf(content, { ...variables, CANARY_VARIABLE: value }).join('\n');
        expect(all.replaceAll('CANARY_VARIABLE', '')).not.toMatch(/CANARY|77777/);
        expect(faultsOf(`a: [${value}\nb: "${value}`).join('\n')).not.toContain('CANARY');
      }),
      { numRuns: 40 },
    );
  });
});

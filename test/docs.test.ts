import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { ACTIONS, COMMAND, FIELDS, LIST_ACTIONS, METADATA, SHORTCUTS, VIEWS } from '../src/bot/ids.js';
import { environmentSchema } from '../src/config/environment.js';
import { healthRoutes } from '../src/health.js';
import { TRANSITIONS } from '../src/jobs/request.js';
import { createMetrics } from '../src/metrics.js';
import { type Account, loadProvider, PROVIDERS } from '../src/providers/registry.js';

const ROOT = join(__dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const README = read('README.md');
const ids = Object.keys(PROVIDERS) as (keyof typeof PROVIDERS)[];

const decisions = readdirSync(join(ROOT, 'docs/decisions')).sort();
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...decisions.map((name) => `docs/decisions/${name}`),
];

/** Targets of links, and what stands in backticks and looks like a path of ours. */
function pathsIn(document: string, text: string): string[] {
  const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => normalize(join(dirname(document), target)));
  const quoted = [...text.matchAll(/`([\w.<>{},/-]+)`/g)].map(([, path = '']) => path);
  const ours = quoted
    .filter(
      (path) =>
        /^(src|playground|test|docs|bin|\.ci|bot|jobs|providers)\//.test(path) || /^[\w.-]+\.(md|yml)$/.test(path),
    )
    .filter((path) => path !== 'detach-key.yml')
    .flatMap(spelledOut)
    .map((path) => (/^(bot|jobs|providers)\//.test(path) ? `src/${path}` : path));
  return [...links, ...ours];
}

/** `<id>/{a,b}.ts` stands for each provider and each name. */
function spelledOut(path: string): string[] {
  if (path.includes('<id>')) return ids.flatMap((id) => spelledOut(path.replace('<id>', id)));
  if (path.includes('<')) return [path.slice(0, path.indexOf('<'))];
  const [all, names] = /\{([^}]*)\}/.exec(path) ?? [];
  return all === undefined || names === undefined ? [path] : names.split(',').map((name) => path.replace(all, name));
}

const scripts = Object.keys(
  z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json'))).scripts,
);
const programs = [...read('bin/detach-key.ts').matchAll(/^ {2}(\w+): async \(\) =>/gm)].map(([, name]) => name);

/** Commands that are named and do not exist. */
function unknownCommands(text: string): string[] {
  const run = [...text.matchAll(/npm (?:run (?:--silent )?([\w:-]+)|(test|start)\b)/g)].map(
    ([, named, short]) => named ?? short ?? '',
  );
  const started = [...text.matchAll(/(?:npx |`|^)detach-key ([a-z]+)/gm)].map(([, name = '']) => name);
  return [...run.filter((name) => !scripts.includes(name)), ...started.filter((name) => !programs.includes(name))];
}

describe.each(documents)('%s', (document) => {
  test('names paths that exist', () => {
    expect(pathsIn(document, read(document)).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('names commands that exist', () => {
    expect(unknownCommands(read(document))).toEqual([]);
  });
});

test('a path and a command that do not exist are found', () => {
  const text = 'See [it](gone.md#part), `src/jobs/gone.ts`, `jobs/{log,gone}.ts`, `providers/<id>/gone.ts`.';
  const gone = pathsIn('docs/x.md', text).filter((path) => !existsSync(join(ROOT, path)));
  expect(gone).toEqual([
    'docs/gone.md',
    'src/jobs/gone.ts',
    'src/jobs/gone.ts',
    ...ids.map((id) => `src/providers/${id}/gone.ts`),
  ]);
  expect(unknownCommands('`npm run gone`, `npx detach-key gone`, `npm test`, `npm run demo`')).toEqual([
    'gone',
    'gone',
  ]);
  expect(programs).toContain('start');
});

test.each(['.ci/run', '.github/workflows/ci.yml'])('%s runs scripts that exist', (file) => {
  expect(read(file)).toMatch(/npm run lint/);
  expect(unknownCommands(read(file))).toEqual([]);
});

const cellsOf = (line: string): string[] =>
  line
    .trim()
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** Rows of the table with this heading, as cells. */
function tableIn(document: string, ...heading: string[]): string[][] {
  const lines = read(document)
    .split('\n')
    .map((line) => line.trim());
  const start = lines.findIndex((line) => cellsOf(line).join('|') === heading.join('|'));
  expect(start).toBeGreaterThan(0);
  const rest = lines.slice(start + 2);
  return rest
    .slice(
      0,
      rest.findIndex((line) => !line.startsWith('|')),
    )
    .map(cellsOf);
}
const codesIn = (text = '') => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

describe('the provider table is true:', () => {
  const rows = tableIn('README.md', 'provider', 'cloud, call', 'instances a call', 'detaches from', 'takes effect');
  const ACCOUNTS = {
    alibaba: { provider: 'alibaba', regions: ['cn-hangzhou'] },
    tencent: { provider: 'tencent', regions: ['ap-guangzhou'] },
    volcengine: { provider: 'volcengine', regions: ['cn-beijing'] },
    huawei: { provider: 'huawei', regions: ['cn-north-4'], projectIds: { 'cn-north-4': '0a1b' } },
  } satisfies Record<keyof typeof PROVIDERS, Account>;

  test('it has a row for each provider', () => {
    expect(rows.map(([id]) => id).sort()).toEqual(ids.map((id) => `\`${id}\``).sort());
  });

  test.each(ids)('%s', async (id) => {
    const provider = await loadProvider(
      { ...ACCOUNTS[id], endpoint: 'http://127.0.0.1:1' },
      { timeoutMs: 1000, now: Date.now },
    );
    const { limits, keyPairWritesIn, effectiveWhenRunning, parallelKeyPairWrites } = provider.traits;
    await provider.close();
    const [, call, instances, states, effect] = rows.find(([name]) => name === `\`${id}\``) ?? [];
    expect(instances).toBe(String(limits.detach));
    expect(states?.split(', ').sort()).toEqual([...keyPairWritesIn].sort());
    expect(effect).toMatch(effectiveWhenRunning === 'after-restart' ? /^after a restart/ : /^when it starts/);
    expect(/(\d+) at a time/.exec(call ?? '')?.[1]).toBe(
      limits.detach === 1 ? String(parallelKeyPairWrites) : undefined,
    );
  });
});

/** `state -> event -> state` as the picture has it. */
function drawn(): Record<string, Record<string, string>> {
  const [, picture = ''] = /```mermaid\nstateDiagram-v2\n([\s\S]*?)```/.exec(README) ?? [];
  const names = new Map([...picture.matchAll(/state "([^"]+)" as (\w+)/g)].map(([, name = '', id = '']) => [id, name]));
  const nameOf = (id: string) => names.get(id) ?? id;
  const rows: Record<string, Record<string, string>> = {};
  for (const [, from = '', to = '', events] of picture.matchAll(/^ {2}(\S+) --> (\S+?)(?:: (.+))?$/gm)) {
    const row = rows[from === '[*]' ? 'none' : nameOf(from)] ?? {};
    rows[from === '[*]' ? 'none' : nameOf(from)] = row;
    for (const event of events?.split(', ') ?? []) row[event] = nameOf(to);
    if (events === undefined) expect(to).toBe('[*]');
  }
  return rows;
}

test('the picture of the states is the table of transitions', () => {
  expect(drawn()).toEqual(TRANSITIONS);
});

test('the environment table has every variable', () => {
  const named = tableIn('docs/configuration.md', 'variable', '').flatMap(([name]) => codesIn(name));
  expect(named.sort()).toEqual(Object.keys(environmentSchema.shape).sort());
});

test('the metrics and the health routes are those of the service', async () => {
  const printed = await createMetrics().print();
  const metrics = [...printed.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
  expect(metrics.length).toBeGreaterThan(0);
  expect([...new Set(README.match(/detach_key_\w+/g) ?? [])].sort()).toEqual(metrics.sort());
  const routes = healthRoutes([], async () => '').map(({ path }) => path);
  expect([...new Set([...README.matchAll(/`GET (\/\w+)`/g)].map(([, path]) => path))].sort()).toEqual(routes.sort());
});

describe('the manifest', () => {
  const text = (most: number) => z.string().min(1).max(most);
  /** The limits of Slack's document "App manifest reference". */
  const schema = z.strictObject({
    _metadata: z.strictObject({ major_version: z.literal(1), minor_version: z.literal(1) }),
    display_information: z.strictObject({
      name: text(35),
      description: text(140),
      long_description: text(4_000).optional(),
      background_color: z.string().regex(/^#[0-9a-f]{6}$/i),
    }),
    features: z.strictObject({
      app_home: z.strictObject({ home_tab_enabled: z.boolean(), messages_tab_enabled: z.boolean() }),
      bot_user: z.strictObject({ display_name: text(80).regex(/^[a-z0-9_.-]+$/), always_online: z.boolean() }),
      shortcuts: z
        .array(
          z.strictObject({
            name: text(24),
            type: z.literal('global'),
            callback_id: text(255),
            description: text(150),
          }),
        )
        .max(10),
      slash_commands: z
        .array(
          z.strictObject({
            command: text(32).startsWith('/'),
            description: text(2_000),
            usage_hint: text(1_000),
            should_escape: z.boolean(),
          }),
        )
        .max(50),
    }),
    oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()).min(1) }) }),
    settings: z.strictObject({
      event_subscriptions: z.strictObject({ bot_events: z.array(z.string()).min(1).max(100) }),
      interactivity: z.strictObject({ is_enabled: z.literal(true) }),
      socket_mode_enabled: z.literal(true),
      org_deploy_enabled: z.boolean(),
      token_rotation_enabled: z.literal(false),
    }),
  });
  const manifest = schema.parse(parse(read('manifest.yml')));

  test('has the command that the bot listens to', () => {
    expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual([COMMAND]);
  });

  test('has the shortcuts that the bot listens to', () => {
    expect(manifest.features.shortcuts.map(({ callback_id }) => callback_id)).toEqual(Object.values(SHORTCUTS));
  });

  test('has the Home tab, and hears of its opening and of reactions', () => {
    expect(manifest.features.app_home.home_tab_enabled).toBe(true);
    expect(manifest.settings.event_subscriptions.bot_events).toEqual([
      'app_home_opened',
      'reaction_added',
      'reaction_removed',
    ]);
  });

  test('asks for the scopes that are explained', () => {
    const explained = tableIn('docs/configuration.md', 'scope', 'for').flatMap(([scopes]) => codesIn(scopes));
    expect(explained.sort()).toEqual([...manifest.oauth_config.scopes.bot].sort());
  });
});

test('the names that come back from Slack are those of the record', () => {
  const record = read('docs/decisions/0021-names-that-come-back.md');
  const [, table = ''] = /\n( *\| what(?:.|\n)*?)\n\n/u.exec(record) ?? [];
  const told = [...table.matchAll(/`([a-z_]+)`(?!\))/gu)].map(([, name]) => name);
  const ours = [ACTIONS, LIST_ACTIONS, FIELDS, VIEWS, SHORTCUTS, METADATA].flatMap((names) => Object.values(names));
  expect(told.sort()).toEqual(ours.sort());
});

describe('the decision records', () => {
  test('are numbered one after the other', () => {
    expect(decisions.map((name) => Number(name.slice(0, 4)))).toEqual(decisions.map((_, index) => index + 1));
  });

  test.each(decisions)('%s is short and whole', (name) => {
    expect(name).toMatch(/^\d{4}(-[a-z0-9]+)+\.md$/);
    const lines = read(`docs/decisions/${name}`).trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(60);
    expect(lines[0]).toMatch(new RegExp(`^# ${Number(name.slice(0, 4))}\\. \\S`));
    const headings = lines.filter((line) => line.startsWith('## '));
    expect(headings).toEqual(['## Context', '## Decision', '## Consequences', '## Alternatives']);
  });
});

test('the changelog has an unreleased section, and keeps a changelog', () => {
  const headings = read('CHANGELOG.md')
    .split('\n')
    .filter((line) => line.startsWith('## '));
  expect(headings[0]).toBe('## [Unreleased]');
  for (const heading of headings.slice(1)) expect(heading).toMatch(/^## \[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d$/);
  const sorts = read('CHANGELOG.md')
    .split('\n')
    .filter((line) => line.startsWith('### '));
  for (const sort of sorts) expect(sort).toMatch(/^### (Added|Changed|Deprecated|Removed|Fixed|Security)$/);
});

describe('the permissions', () => {
  const sections = read('docs/permissions.md').split(/^## /m).slice(1);
  const policies = sections.flatMap((section) =>
    [...section.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) => ({
      section: section.split('\n')[0] ?? '',
      json,
    })),
  );

  test('each cloud has its section', () => {
    expect(sections.length).toBe(ids.length);
  });

  test.each(policies)('$section: the policy is JSON, and names calls that the adapter makes', ({ section, json }) => {
    JSON.parse(json);
    const id = section.toLowerCase().replace(/ .*/, '') as keyof typeof PROVIDERS;
    expect(ids).toContain(id);
    const source = read(`src/providers/${id}/provider.ts`);
    const actions = [...json.matchAll(/"(?:ecs|cvm):(\w+)"/g)].map(([, action = '']) => action);
    expect(actions.filter((action) => !source.includes(`'${action}'`))).toEqual([]);
    const reads = [...new Set(source.match(/(?<=')(Describe|Detach|Attach|Disassociate|Associate)\w+(?=')/g) ?? [])];
    expect(reads.filter((action) => !actions.includes(action))).toEqual([]);
  });
});

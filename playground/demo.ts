import { Writable } from 'node:stream';
import { createLogger } from '../src/logger.js';
import { ACTS, type Act, STATES } from './demo/acts.js';
import { type Cast, hasButton, makeCast, rootOf } from './demo/cast.js';
import { type Check, checkAct } from './demo/checks.js';
import { layKey } from './demo/key.js';
import { heading, printDoors, printWorld } from './demo/print.js';
import { makeGate } from './gate.js';
import { startRedis } from './redis/redis.mjs';
import type { Message } from './slack/model.js';
import { renderMessage, renderThread } from './slack/render.js';
import { KIND_IDS } from './stage/clouds.js';
import { CHANNEL, PEOPLE, type Stage, startStage } from './stage/stage.js';

/** Plays an incident on local parts, shows what people would see, and checks it. */
export async function main(words: readonly string[]): Promise<void> {
  const unknown = words.filter((word) => word !== '--keep');
  if (unknown.length > 0) {
    process.stderr.write(`Unknown: ${unknown.join(' ')}. Usage: npm run demo [-- --keep]\n`);
    process.exitCode = 2;
    return;
  }
  const given = process.env.REDIS_URL;
  const redis = await startRedis({ given, ...(given ? {} : { prefer: 'embedded' as const }) });
  const logged: string[] = [];
  const stage = await startStage({
    redisUrl: redis.url,
    transport: 'socket',
    seeds: seeds(),
    logger: createLogger({ level: 'warn', secrets: [], destination: collect(logged) }),
    tuning: { keyPrefix: `demo-${process.pid}` },
  });
  say(`Redis: ${redis.kind === 'embedded' ? 'embedded Valkey, in memory: its state is lost on exit' : redis.url}`);
  try {
    const checks = await play(stage);
    const wrong = checks.filter(({ ok }) => !ok);
    say(heading('Checks'));
    for (const { what } of wrong) say(`  ✘ ${what}`);
    for (const line of logged) say(`  logged: ${line.trim()}`);
    say(`  ${checks.length - wrong.length} of ${checks.length} as they must be`);
    if (wrong.length > 0) process.exitCode = 1;
    if (words.includes('--keep')) await keep(stage, redis.url);
  } finally {
    await stage.stop();
    await redis.stop();
  }
}

const say = (text: string) => process.stdout.write(`${text}\n`);

const collect = (lines: string[]) =>
  new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });

const seeds = () =>
  Object.fromEntries(KIND_IDS.map((kind) => [kind, { states: STATES[kind] }])) as Parameters<
    typeof startStage
  >[0]['seeds'];

async function play(stage: Stage): Promise<Check[]> {
  const { slack, clouds } = stage;
  for (const id of KIND_IDS) clouds[id].cloud.lag = 200;
  layKey(stage);
  say(heading('Before'));
  for (const id of KIND_IDS) say(`${printWorld(clouds[id])}\n`);
  say(printDoors(stage));
  const cast = makeCast(stage, say);
  const checks: Check[] = [];
  for (const [index, act] of ACTS.entries()) {
    const root = await playAct(cast, act, index + 1);
    checks.push(...checkAct(act, stage, slack.thread(CHANNEL, root.ts)));
  }
  say(heading('After'));
  for (const id of KIND_IDS) say(`${printWorld(clouds[id])}\n`);
  return checks;
}

async function playAct(cast: Cast, act: Act, number: number): Promise<Message> {
  const { stage } = cast;
  const { slack } = stage;
  say(heading(`${number}. ${act.title}`));
  say(`${act.about}\n`);
  act.before?.(stage);
  const id = await act.ask(cast);
  const isPlanned = () => [rootOf(stage, id)].find((message) => message && hasButton(message, 'approve'));
  const root = await slack.waitFor(isPlanned, `the plan of ${id}`);
  say(`${renderMessage(slack.workspace, root)}\n`);
  if (number === 1) await cast.answers(PEOPLE.requester, root, 'approve');
  await cast.answers(PEOPLE.approver, root, 'approve');
  await slack.waitFor(() => isOver(stage, id), `the end of ${id}`, 60_000);
  say(`${renderThread(slack, CHANNEL, root.ts)}\n`);
  say(printDoors(stage));
  return root;
}

/** Nothing is left to click on that would change it, and the thread has called the requester. */
function isOver(stage: Stage, id: string): boolean {
  const root = rootOf(stage, id);
  if (root === undefined || hasButton(root, 'approve') || hasButton(root, 'cancel')) return false;
  return stage.slack
    .thread(CHANNEL, root.ts)
    .slice(1)
    .some(({ text }) => text.includes(`<@${PEOPLE.requester}>`));
}

async function keep({ slack, clouds, service }: Stage, redisUrl: string): Promise<void> {
  say(heading('Left running, until Ctrl-C'));
  say(`  Slack's Web API  ${slack.apiUrl}`);
  for (const id of KIND_IDS) say(`  ${clouds[id].account.padEnd(15)}  ${clouds[id].cloud.url}`);
  say(`  health           http://127.0.0.1:${service.port}/readyz`);
  say(`  Redis            ${redisUrl}`);
  const asked = makeGate();
  process.once('SIGINT', () => asked.open());
  process.once('SIGTERM', () => asked.open());
  await asked.promise;
}

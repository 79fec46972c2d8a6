import { Writable } from 'node:stream';
import { createLogger } from '../src/logger.js';
import { ACTS, type Act } from './demo/acts.js';
import { type Check, checkAct } from './demo/checks.js';
import { heading, printWorld } from './demo/print.js';
import { makeGate } from './gate.js';
import { startRedis } from './redis/redis.mjs';
import type { Message } from './slack/model.js';
import { readable, renderMessage, renderThread } from './slack/render.js';
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
    seeds: seedsOf(ACTS),
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

const seedsOf = (acts: readonly Act[]) =>
  Object.fromEntries(acts.map(({ kind, states }) => [kind, { states }])) as Parameters<typeof startStage>[0]['seeds'];

const collect = (lines: string[]) =>
  new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });

async function play(stage: Stage): Promise<Check[]> {
  const { slack, clouds } = stage;
  for (const id of KIND_IDS) clouds[id].cloud.lag = 200;
  say(heading('Before'));
  for (const id of KIND_IDS) say(`${printWorld(clouds[id])}\n`);
  const checks: Check[] = [];
  for (const act of ACTS) {
    const root = await playAct(stage, act);
    checks.push(...checkAct(act, clouds[act.kind], slack.thread(CHANNEL, root.ts)));
  }
  say(heading('After'));
  for (const id of KIND_IDS) say(`${printWorld(clouds[id])}\n`);
  return checks;
}

async function playAct({ slack, clouds }: Stage, act: Act): Promise<Message> {
  const cloud = clouds[act.kind];
  const typed = act.command(cloud);
  say(heading(`${cloud.account}: ${act.about}`));
  say(`alice types: /detach-key ${typed}\n`);
  const { responses } = await slack.as(PEOPLE.requester).command(CHANNEL, '/detach-key', typed);
  await slack.waitFor(() => responses.length > 0, 'the answer to the command');
  say(`only alice sees: ${readable(slack.workspace, responses[0]?.text ?? '')}\n`);
  const isPlan = (message: Message) =>
    !message.thread_ts && message.text.includes(cloud.account) && hasButton(message, 'approve');
  const root = await slack.waitFor(() => slack.messages(CHANNEL).find(isPlan), `the plan of ${cloud.account}`);
  say(`${renderMessage(slack.workspace, root)}\n`);
  const own = await slack.as(PEOPLE.requester).click(root, 'approve');
  await slack.waitFor(() => own.responses.length > 0, 'the answer to the requester');
  say(`alice clicks Approve; only alice sees: ${readable(slack.workspace, own.responses[0]?.text ?? '')}\n`);
  await slack.as(PEOPLE.approver).click(root, 'approve');
  say('bob clicks Approve\n');
  const isOver = () => !hasButton(current(), 'approve') && !hasButton(current(), 'cancel');
  const current = () => slack.thread(CHANNEL, root.ts)[0] ?? root;
  await slack.waitFor(isOver, `the end of ${cloud.account}`, 60_000);
  say(renderThread(slack, CHANNEL, root.ts));
  return root;
}

const hasButton = (message: Message, id: string): boolean =>
  JSON.stringify(message.blocks).includes(`"action_id":"${id}"`);

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

import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KEY, KINDS } from '../../playground/stage/clouds.js';
import { ask, openPlay, type Play, toldAlone, type } from './play.js';

const LINES = [
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPxgIIFmNivOCoBUhl1JsB4FOcR9F9Ny7rYmz7HiqyMy',
  `ssh-ed25519 ${Buffer.from(`\0\0\0\x0bssh-ed25519\0\0\0\x20${'k'.repeat(32)}`).toString('base64')}`,
] as const;

/** Words that do not say which key is meant, or not clearly. */

let play: Play;
beforeAll(async () => {
  play = await openPlay();
});
afterAll(() => play.stop());

describe('a name that two key pairs of one region have', () => {
  const ids: string[] = [];
  beforeAll(() => {
    const { cloud, region } = play.clouds.tencent;
    cloud.world.keyPairs.push(KINDS.tencent.makeKeyPair(KEY, region, 9));
    ids.push(...cloud.world.keyPairs.flatMap(({ name, id }) => (name === KEY && id !== undefined ? id : [])));
  });
  afterAll(() => void play.clouds.tencent.cloud.world.keyPairs.pop());

  it('is found as both, each with its id', async () => {
    const text = await type(play, `find ${KEY}`);
    const lines = text.split('\n').filter((line) => line.includes('game-gz'));
    const wanted = ids.map((id) => `• game-gz/ap-guangzhou: key pair ${KEY} (${id}), `);
    expect(lines).toEqual(wanted.map((words) => expect.stringContaining(words)));
    expect(ids).toHaveLength(2);
  });

  it('is not planned, and not tried again: the thread says what to use instead', async () => {
    const { account, cloud } = play.clouds.tencent;
    const before = cloud.calls.length;
    const id = await ask(play, `${account} ${KEY} all`);
    const [told] = await play.slack.waitFor(() => {
      const all = toldAlone(play, id);
      return all.length > 0 && all;
    }, 'why there is no plan');
    expect(told).toMatch(/Several key pairs have this name .* Use the id of the one that you mean\./);
    for (const one of ids) expect(told).toContain(one);
    expect(cloud.calls.slice(before)).toHaveLength(1);
  });
});

describe('words that are no key', () => {
  const calls = () => Object.values(play.clouds).flatMap(({ cloud }) => cloud.calls).length;
  const OTHER = 'SHA256:r+/Od8epfBNBJK10+w3UugbSLnYrnOpAaomdykl1Qn8';
  const [, , ...middle] = String(
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
  ).split('\n');
  const part = middle.slice(4, 7).join('');

  it.each([
    [
      'a fingerprint with a character missing',
      `*${OTHER.slice(0, -1)}*`,
      /^This looks like a fingerprint, and is none/,
    ],
    ['two public keys', `${LINES[0]}\n${LINES[1]}`, /^This stands for more than one key/],
    ['a public key and another fingerprint', `${LINES[1]} ${OTHER}`, /^This stands for more than one key/],
    ['half a public key', LINES[0].slice(0, 60), /^This is no whole public key/],
    ['lines from the middle of a private key', part, /^That was a private key, or a part of one\./],
  ])('%s: no cloud is asked, and nothing of it is told again', async (_what, words, answer) => {
    const before = calls();
    const told = await type(play, `find ${words}`);
    expect(told).toMatch(answer);
    expect(calls()).toBe(before);
    const piece = words.slice(20, 50);
    expect(told).not.toContain(piece);
    expect(play.logged.filter((line) => line.includes(piece))).toEqual([]);
  });

  it('a part of a private key in place of a name is refused as well', async () => {
    const before = calls();
    const told = await type(play, `${play.clouds.tencent.account} ${part} all`);
    expect(told).toMatch(/^That was a private key, or a part of one\./);
    expect(calls()).toBe(before);
    expect(play.logged.filter((line) => line.includes(part.slice(20, 50)))).toEqual([]);
  });

  it('a name that may be meant as a fingerprint is no all-clear', async () => {
    const told = await type(play, `find SHA256:${'LOGfkpSBCIZpjgbeSx96wMB6lmqT6L3V5hARYtxMGe4'.slice(1)}`);
    expect(told).not.toContain('no such key pair');
    expect(told).toMatch(/^⚠️ It looks like a fingerprint, and is none, so it was looked for as a name only\./mu);
  });
});

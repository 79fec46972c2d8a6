import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { evidenceSchema } from '../../../src/jobs/evidence/schema.js';
import { CHANNEL } from '../house.js';
import { ID, startTelling, type Telling } from './desk.js';

/** The evidence in the thread, against a Slack that does not take it. */

let telling: Telling;
beforeEach(async () => {
  telling = await startTelling();
  while (await telling.nextChapter());
});
afterEach(() => telling.stop());

const inThread = () => telling.slack.messages(CHANNEL).filter((message) => message.thread_ts !== undefined);
const files = () => inThread().flatMap((message) => message.files ?? []);
const noFiles = () => inThread().filter(({ text }) => text.includes('could not be put here'));

async function tellAll(): Promise<void> {
  const announce = telling.announcer();
  for (let turn = 0; turn < 20; turn += 1) {
    if ((await announce()) === undefined) return;
    await telling.passPause();
  }
  throw new Error('it does not come to an end');
}

describe('the evidence', () => {
  it('is uploaded once, after the last word, and holds what happened', async () => {
    await tellAll();
    await telling.announcer()();
    expect(
      inThread()
        .at(-1)
        ?.files?.map(({ name }) => name),
    ).toEqual([`detach-key-${ID}.csv`, `detach-key-${ID}.json`]);
    expect(files()).toHaveLength(2);
    const json = telling.slack.file(files()[1]?.id ?? '')?.toString('utf8') ?? '';
    const evidence = evidenceSchema.parse(JSON.parse(json));
    expect(evidence.instances.map(({ id }) => id)).toEqual(telling.targets);
    expect(evidence.decisions.map(({ kind, by }) => [kind, by])).toEqual([
      ['approved', 'U0BOB'],
      ['approved', 'U0CAROL'],
      ['started', undefined],
    ]);
  });

  it.each(['files.getUploadURLExternal', 'files.completeUploadExternal'])(
    'is there once where the answer of %s is lost',
    async (method) => {
      telling.slack.fail(method, { kind: 'reply-lost' });
      await tellAll();
      expect(files()).toHaveLength(2);
      expect(noFiles()).toEqual([]);
    },
  );

  it.each(['missing_scope', 'file_uploads_disabled', 'storage_limit_reached'])(
    'that is refused with %s is said to be missing, once, and nothing else is lost',
    async (error) => {
      telling.slack.fail('files.getUploadURLExternal', { kind: 'error', error }, 20);
      telling.slack.fail('chat.postMessage', { kind: 'error', error: 'internal_error' });
      await tellAll();
      expect(files()).toEqual([]);
      expect(noFiles().map(({ text }) => text)).toEqual([expect.stringContaining(error)]);
      expect(
        inThread()
          .map(({ text }) => text)
          .join(),
      ).toContain('Finished');
      expect(await telling.isOpen()).toBe(false);
    },
  );

  it('whose refusal was told is not tried again, also where that was not noted', async () => {
    telling.slack.fail('files.getUploadURLExternal', { kind: 'error', error: 'missing_scope' }, 20);
    const forgetful = telling.announcer(({ notifier, told }) => ({
      notifier,
      told: { ...told, save: async (id, what) => (what.evidence === 'done' ? undefined : told.save(id, what)) },
    }));
    await forgetful();
    telling.slack.clearFaults();
    await tellAll();
    expect([noFiles().length, files().length]).toEqual([1, 0]);
  });

  it('that cannot be reached is waited for, and after an hour said to be missing', async () => {
    telling.slack.fail('files.getUploadURLExternal', { kind: 'http', status: 503 }, 20);
    const announce = telling.announcer();
    expect(await announce()).toEqual({ againInMs: 5_000 });
    expect(
      inThread()
        .map(({ text }) => text)
        .join(),
    ).toContain('Finished');
    expect(await telling.isOpen()).toBe(true);
    telling.clock.pass(3_600_001);
    await telling.passPause();
    await tellAll();
    expect(noFiles()).toHaveLength(1);
  });
});

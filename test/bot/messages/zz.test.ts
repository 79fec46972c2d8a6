import { test } from '@jest/globals';
import { helpReply, openRequestsReply, statusReply } from '../../../src/bot/messages/replies.js';
import { rootMessage } from '../../../src/bot/messages/root.js';
import { threadMessages } from '../../../src/bot/messages/thread.js';
import { LANGUAGES } from '../../../src/jobs/events.js';
import * as r from './requests.js';

test('look', () => {
  const targets = [
    r.target(1),
    r.target(2),
    r.target(3),
    r.target(4, { steps: ['detach', 'verify'] }),
    r.target(5),
    r.target(6, { name: '<!channel> `x`' }),
    r.target(7, { steps: [], os: 'windows', outcome: { kind: 'skipped', reason: 'windows' } }),
    r.target(8, { steps: [], outcome: { kind: 'not-bound' } }),
  ];
  const story = r.planned([r.group(targets)]);
  for (const language of LANGUAGES) {
    const out = (m: { text: string }[]) => {
      for (const x of m) process.stdout.write(x.text + '\n----\n');
    };
    out([rootMessage(r.requested([r.group(targets)]).request, { language })]);
    out([rootMessage(r.approved(story, 'UBOB').request, { language })]);
    let run = r.started(r.approved(story, 'UBOB'), 'UCAROL');
    run = r.settled(run, {
      'i-0001': r.NOW,
      'i-0002': r.NOW,
      'i-0003': { ...r.NOW, restartFailed: { code: 'X', message: 'no i-0003' } } as never,
      'i-0007': { kind: 'skipped', reason: 'windows' },
    });
    out([rootMessage(run.request, { language })]);
    run = r.settled(run, { 'i-0004': r.LATER, 'i-0005': r.BUSY, 'i-0006': r.NOW, 'i-0008': { kind: 'not-bound' } });
    run = r.then(run, { type: 'finished' });
    out([rootMessage(run.request, { language })]);
    out(threadMessages(run.request, run.entries, language));
    out([
      helpReply(language),
      statusReply(story.request, language),
      openRequestsReply([story.request, run.request], language),
    ]);
  }
});

import type { Entry } from '../log.js';
import { type MessageRef, type Notifier, NotifierBusy, type Reply, type Telling } from '../notifier.js';
import { isAtEnd, type Request } from '../request.js';
import { hasFailures, nextTelling } from './due.js';
import type { Told, ToldStore } from './told.js';
import type { Turn, Turns } from './turns.js';

/** What it takes to speak. */
export type Speaking = { notifier: Notifier; told: ToldStore; turns: Turns; now(): number };

/** What is told of: a request with all of its log, and where its root message is. */
export type Scene = { request: Request; entries: readonly Entry[]; root: MessageRef };

/** Says in the thread what is due. What somebody began and did not end is ended first. */
export async function tellThread(speaking: Speaking, scene: Scene, told: Told): Promise<Told> {
  const ended = await endPending(speaking, scene, told);
  const telling = nextTelling({
    told: ended,
    entries: scene.entries,
    isAtEnd: isAtEnd(scene.request),
    now: speaking.now(),
  });
  if (telling === undefined) return ended;
  const replies = speaking.notifier.repliesOf(scene.request, scene.entries, telling);
  if (replies.length > 0) await say(speaking, scene, { told: ended, telling, replies, said: new Set() });
  return advance(speaking, scene, ended, telling);
}

async function endPending(speaking: Speaking, scene: Scene, told: Told): Promise<Told> {
  if (told.pending === undefined) return told;
  const { request, entries, root } = scene;
  const { said: sure, ...telling } = told.pending;
  const said = sure === undefined ? await speaking.notifier.findReplies(request, root, telling) : firstOf(sure);
  const replies = speaking.notifier.repliesOf(request, entries, telling);
  await say(speaking, scene, { told, telling, replies, said });
  return advance(speaking, scene, told, telling);
}

type Saying = { told: Told; telling: Telling; replies: readonly Reply[]; said: ReadonlySet<number> };

async function say(speaking: Speaking, { request, root }: Scene, { told, telling, replies, said }: Saying) {
  const note = (pending: Told['pending']) => speaking.told.save(request.id, { ...told, ...(pending && { pending }) });
  await note(telling);
  for (const [place, reply] of replies.entries()) {
    if (said.has(place)) continue;
    try {
      await takeTurn(speaking.turns, { what: 'post', channel: root.channel });
      await reply.post(root);
    } catch (error) {
      // Nothing is in doubt, so nobody has to look into the thread before it goes on.
      if (error instanceof NotifierBusy && error.isUnsaid) await note({ ...telling, said: place });
      throw error;
    }
  }
}

const firstOf = (count: number): ReadonlySet<number> => new Set(Array.from({ length: count }, (_, place) => place));

async function advance(speaking: Speaking, { request, entries }: Scene, told: Told, telling: Telling): Promise<Told> {
  const { pending: _pending, ...rest } = told;
  const next = {
    ...rest,
    cursor: telling.last,
    ...(telling.results !== undefined && { results: telling.last }),
    ...(hasFailures(entries, telling) && { failuresAt: speaking.now() }),
  };
  await speaking.told.save(request.id, next);
  return next;
}

/** Waits for a turn by coming again later: nobody holds a worker meanwhile. */
export async function takeTurn(turns: Turns, wanted: Turn): Promise<void> {
  const waitMs = await turns.take(wanted);
  if (waitMs > 0) throw new NotifierBusy(waitMs, 'not_our_turn', true);
}

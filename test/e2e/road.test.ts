import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorldInstance } from '../../playground/clouds/cloud.js';
import { makeChannel } from '../../playground/slack/workspace.js';
import { KEY, KIND_IDS, KINDS, type KindId, SPARE_KEY } from '../../playground/stage/clouds.js';
import { PEOPLE } from '../../playground/stage/stage.js';
import { rootMessage } from '../../src/bot/messages/root.js';
import { evolve } from '../../src/jobs/evolve.js';
import { emptyRequest, type Request } from '../../src/jobs/request.js';
import { click, ending, entriesOf, hasButton, naming, openPlay, type Play, plan, repliesOf, rootOf } from './play.js';

const seeds = {
  alibaba: { states: ['running', 'running', 'stopped'] },
  tencent: { states: ['running', 'stopped', 'running'] },
  volcengine: { states: ['running', 'stopped', 'running'] },
  huawei: { states: ['stopped', 'running', 'running'] },
} as const;

type Wanted = { bound: boolean; opens: boolean; power: Partial<WorldInstance['power']>; told: string };
const off = (told: string, power: Wanted['power'] = {}): Wanted => ({ bound: false, opens: false, power, told });
const waiting: Wanted = { bound: false, opens: true, power: {}, told: '⏰ Detached, takes effect after a restart' };
const untouched: Wanted = { bound: true, opens: true, power: {}, told: '⏭️ Skipped' };
const now = off('✅ Detached');
/** A stopped instance follows when it is started; until then the cloud shows the key as off. */
const stopped: Wanted = { ...waiting, told: '✅ Detached' };

/** What has to become of each instance, by its place. */
const WITHOUT: Readonly<Record<KindId, readonly Wanted[]>> = {
  alibaba: [waiting, waiting, stopped],
  tencent: [untouched, now, untouched],
  volcengine: [waiting, stopped, waiting],
  huawei: [now, untouched, untouched],
};
const restarted = off('✅ Detached', { restarts: 1 });
const stoppedAndStarted = off('✅ Detached', { stops: 1, starts: 1 });
const WITH: Readonly<Record<KindId, readonly Wanted[]>> = {
  alibaba: [restarted, restarted, stopped],
  tencent: [stoppedAndStarted, now, stoppedAndStarted],
  volcengine: [restarted, stopped, restarted],
  huawei: [now, stoppedAndStarted, stoppedAndStarted],
};

/** Each cloud's incident has a channel of its own: Slack lets one message a second into a channel. */
const channelOf = (kind: KindId) => `C0${kind.toUpperCase()}`;
const channels = new Map(
  KIND_IDS.map((kind) => {
    const members = [PEOPLE.requester, PEOPLE.approver, 'U0BOT'];
    return [channelOf(kind), makeChannel(channelOf(kind), kind, members)] as const;
  }),
);

/** Instances that nobody asked for. */
function addBystanders({ clouds }: Play, kind: KindId): string[] {
  const { cloud, region } = clouds[kind];
  return (['running', 'stopped'] as const).map((state, index) => {
    const id = KINDS[kind].makeId(90 + index);
    const power = { stops: 0, starts: 0, restarts: 0 };
    const keys = { keyPairs: [SPARE_KEY], opens: [SPARE_KEY] };
    const instance = {
      id,
      name: `bystander-${index}`,
      region,
      state,
      os: 'linux',
      ...keys,
      agent: true,
      power,
    } as const;
    cloud.world.instances.set(id, structuredClone({ ...instance, extra: {} }) as WorldInstance);
    return id;
  });
}

const snapshot = ({ clouds }: Play, kind: KindId) => structuredClone(clouds[kind].cloud.world);

type Walk = { id: string; ownAnswer: string; approvedAnswer: string; before: ReturnType<typeof snapshot> };

async function walk(play: Play, kind: KindId, more: string): Promise<Walk> {
  const channel = channelOf(kind);
  addBystanders(play, kind);
  const before = snapshot(play, kind);
  const { id, root } = await plan(play, `${play.clouds[kind].account} ${KEY} all${more} --reason laptop stolen`, {
    channel,
  });
  const ownAnswer = await click(play, PEOPLE.requester, root, 'approve');
  const approvedAnswer = await click(play, PEOPLE.approver, root, 'approve');
  await ending(play, id, 60_000);
  return { id, ownAnswer, approvedAnswer, before };
}

/** Every state that the log went through, oldest first. */
async function pastOf(play: Play, id: string): Promise<Request[]> {
  const past: Request[] = [];
  let request = emptyRequest(id);
  for (const { version, at, events } of await entriesOf(play, id)) {
    request = { ...events.reduce((state, event) => evolve(state, event, at), request), version };
    past.push(request);
  }
  return past;
}

const RUNS = (['socket', 'http'] as const).flatMap((transport) => [
  { transport, restart: false, wanted: WITHOUT },
  { transport, restart: true, wanted: WITH },
]);

describe.each(RUNS)('over $transport, with restarts allowed: $restart', ({ transport, restart, wanted }) => {
  let play: Play;
  let walks: Map<KindId, Walk>;
  const walkOf = (kind: KindId): Walk => {
    const found = walks.get(kind);
    if (!found) throw new Error(`nobody walked on ${kind}`);
    return found;
  };

  beforeAll(async () => {
    play = await openPlay({
      transport,
      seeds,
      slack: { workspace: { channels } },
      config: (file) => ({ ...file, policies: file.policies.map(({ channels: _, ...policy }) => policy) }),
    });
    const walked = KIND_IDS.map(async (kind) => [kind, await walk(play, kind, restart ? ' --restart' : '')] as const);
    walks = new Map(await Promise.all(walked));
  }, 90_000);
  afterAll(() => play.stop());

  describe.each(KIND_IDS)('on %s', (kind) => {
    it('takes the approval of somebody else only', () => {
      const { ownAnswer, approvedAnswer, id } = walkOf(kind);
      expect(ownAnswer).toMatch(/^You asked for this yourself/);
      expect(approvedAnswer).toBe(`✅ You approved request ${id}. It is running now.`);
    });

    it('makes of each instance what it has to, and touches nothing else', () => {
      const { before } = walkOf(kind);
      const { ids } = play.clouds[kind];
      const instances = new Map(structuredClone(before.instances));
      ids.forEach((instanceId, index) => {
        const instance = instances.get(instanceId);
        const want = wanted[kind][index];
        if (!instance || !want) throw new Error('a row is missing');
        instance.keyPairs = want.bound ? [KEY] : [];
        instance.opens = want.opens ? [KEY] : [];
        instance.power = { ...instance.power, ...want.power };
      });
      const bare = (world: typeof before.instances) => [...world.values()].map(({ extra: _, ...shown }) => shown);
      expect(bare(play.clouds[kind].cloud.world.instances)).toEqual(bare(instances));
      expect(play.clouds[kind].cloud.world.keyPairs).toEqual(before.keyPairs);
    });

    it('tells each instance once, with what became of it, and no other', () => {
      const { id, before } = walkOf(kind);
      const texts = repliesOf(play, id).map(({ text }) => text);
      const counts = [...before.instances.keys()].map((instanceId) => [instanceId, naming(texts, instanceId)]);
      expect(counts).toEqual(
        [...before.instances.keys()].map((one) => [one, play.clouds[kind].ids.includes(one) ? 1 : 0]),
      );
      play.clouds[kind].ids.forEach((instanceId, index) => {
        expect(headingOf(texts, instanceId)).toContain(wanted[kind][index]?.told);
      });
    });

    it('keeps the root true: each version shows a state of the log, one after the other, up to the last', async () => {
      const { id } = walkOf(kind);
      const past = await pastOf(play, id);
      const root = rootOf(play, id);
      let from = 0;
      for (const { text, blocks } of root.versions) {
        const at = past.findIndex(
          (request, index) => index >= from && rootMessage(request, { language: 'en' }).text === text,
        );
        expect({ text, at }).toEqual({ text, at: expect.any(Number) });
        expect(at).toBeGreaterThanOrEqual(from);
        const state = past[at]?.state;
        expect(hasButton({ blocks }, 'approve')).toBe(state === 'awaiting-approval');
        expect(hasButton({ blocks }, 'cancel')).toBe(state === 'awaiting-approval' || state === 'running');
        from = at;
      }
      expect(rootMessage(past.at(-1) ?? emptyRequest(id), { language: 'en' }).text).toBe(root.text);
      expect(past.at(-1)?.state).toBe('finished');
    });
  });
});

/** The outcome that stands in an instance's line, or over the list that it is in. */
function headingOf(texts: readonly string[], instanceId: string): string {
  const lines = texts.join('\n').split('\n');
  const at = lines.findIndex((line) => line.split(/[^\w-]+/u).includes(instanceId));
  const line = lines[at] ?? '';
  return line.startsWith('•') ? (lines.slice(0, at).findLast((one) => /^(?:✅|⏰|⏭️|❌|⚠️|➖)/u.test(one)) ?? '') : line;
}

import type { Message } from '../slack/model.js';
import { KEY, KIND_IDS } from '../stage/clouds.js';
import type { Stage } from '../stage/stage.js';
import { type Act, type Door, STATES } from './acts.js';

export type Check = { what: string; ok: boolean };

const DOORS: Readonly<Record<Door, { bound: boolean; opens: boolean; words: string }>> = {
  bound: { bound: true, opens: true, words: 'bound, and opens the door' },
  'waits for a restart': { bound: false, opens: true, words: 'off, and opens the door until a restart' },
  shut: { bound: false, opens: false, words: 'off, and opens no door' },
};

/** Every world as it must be, and every instance told of once in this act's thread, or not at all. */
export function checkAct(act: Act, { clouds }: Stage, thread: readonly Message[]): Check[] {
  const replies = thread.slice(1).map(({ text }) => text);
  const lines = replies.join('\n').split('\n');
  return KIND_IDS.flatMap((kind) =>
    clouds[kind].ids.flatMap((id, index): Check[] => {
      const instance = clouds[kind].cloud.world.instances.get(id);
      const door = act.after[kind][index];
      const wanted = door && DOORS[door];
      const told = act.told[kind]?.[index];
      const naming = replies.filter((text) => text.includes(id));
      return [
        {
          what: `${id}: the key is ${wanted?.words}`,
          ok: instance?.keyPairs.includes(KEY) === wanted?.bound && instance?.opens.includes(KEY) === wanted?.opens,
        },
        { what: `${id}: ${STATES[kind][index]} as before`, ok: instance?.state === STATES[kind][index] },
        {
          what: told === undefined ? `${id}: not told of` : `${id}: told once, as “${told}”`,
          ok: told === undefined ? naming.length === 0 : naming.length === 1 && isToldAs(lines, id, told),
        },
      ];
    }),
  ).map(({ what, ok }) => ({ what: `${act.title}: ${what}`, ok }));
}

/** In the line that names it, or in the heading of the list that it stands in. */
function isToldAs(lines: readonly string[], id: string, words: string): boolean {
  const at = lines.findIndex((line) => line.includes(id));
  const line = lines[at] ?? '';
  const heading = lines.slice(0, at).findLast((one) => !one.startsWith('•') && one.includes(' · '));
  return line.includes(words) || (line.startsWith('•') && (heading?.includes(words) ?? false));
}

import type { Message } from '../slack/model.js';
import type { StageCloud } from '../stage/clouds.js';
import { KEY } from '../stage/clouds.js';
import type { Act } from './acts.js';

export type Check = { what: string; ok: boolean };

/** Every world and every thread as it must be. */
export function checkAct(act: Act, stage: StageCloud, thread: readonly Message[]): Check[] {
  const instances = stage.ids.map((id) => stage.cloud.world.instances.get(id));
  const replies = thread.slice(1).map(({ text }) => text);
  const lines = replies.join('\n').split('\n');
  return stage.ids.flatMap((id, index): Check[] => {
    const instance = instances[index];
    const wanted = act.after[index];
    const naming = replies.filter((text) => text.includes(id));
    const told = act.told[index];
    return [
      {
        what: `${id}: key pair ${wanted?.bound ? 'still bound' : 'off'}`,
        ok: instance?.keyPairs.includes(KEY) === wanted?.bound,
      },
      {
        what: `${id}: key ${wanted?.opens ? 'still opens the door' : 'opens no door'}`,
        ok: instance?.opens.includes(KEY) === wanted?.opens,
      },
      { what: `${id}: ${act.states[index]} as before`, ok: instance?.state === act.states[index] },
      {
        what: told === undefined ? `${id}: not told of` : `${id}: told once, as “${told}”`,
        ok: told === undefined ? naming.length === 0 : naming.length === 1 && isToldAs(lines, id, told),
      },
    ];
  });
}

/** In the line that names it, or in the heading above that line. */
function isToldAs(lines: readonly string[], id: string, words: string): boolean {
  const at = lines.findIndex((line) => line.includes(id));
  const heading = lines.slice(0, at).findLast((line) => line !== '' && !line.startsWith('•'));
  const line = lines[at] ?? '';
  return line.includes(words) || (line.startsWith('•') && (heading?.includes(words) ?? false));
}

import type { StageCloud } from '../stage/clouds.js';

import { KEY, KIND_IDS } from '../stage/clouds.js';
import type { Stage } from '../stage/stage.js';

/** How many doors the key opens now. */
export function printDoors({ clouds }: Pick<Stage, 'clouds'>): string {
  const instances = KIND_IDS.flatMap((id) => [...clouds[id].cloud.world.instances.values()]);
  const open = instances.filter(({ opens }) => opens.includes(KEY)).length;
  return `The key opens ${open} of ${instances.length} doors.`;
}

/** The cloud's own truth about its instances, as a table. */
export function printWorld({ account, kind, cloud }: StageCloud): string {
  const rows = [...cloud.world.instances.values()].map(({ id, name, state, keyPairs, opens, power }) => [
    id,
    name,
    state,
    keyPairs.join(', ') || '–',
    opens.join(', ') || '–',
    `${power.stops}/${power.starts}/${power.restarts}`,
  ]);
  return `${account} (${kind})\n${table(['instance', 'name', 'state', 'bound', 'opens', 'stop/start/restart'], rows)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd();
  return [line(head), ...rows.map(line)].join('\n');
}

export const heading = (text: string): string => `\n── ${text} ${'─'.repeat(Math.max(0, 90 - text.length))}\n`;

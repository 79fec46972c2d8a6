import { evidenceCsv } from '../evidence/csv.js';
import { evidenceOf } from '../evidence/evidence.js';
import { type NamedFile, NotifierBusy, NotifierRefused } from '../notifier.js';
import type { Request } from '../request.js';
import { type Scene, type Speaking, takeTurn } from './thread.js';
import type { Told } from './told.js';

/** So long Slack may be away, or the way to its files, before the thread is told that there are none. */
const PATIENCE_MS = 3_600_000;

/** Only what ran has something to prove. */
export const hasEvidence = (request: Request): boolean => request.targets.size > 0;

/** Puts the evidence into the thread: once, also after a crash. Where it is refused, one line says so, and why. */
export async function tellEvidence(speaking: Speaking, scene: Scene, told: Told): Promise<Told> {
  const { request, entries, root } = scene;
  if (told.evidence === 'done') return told;
  const files = filesOf(request, entries);
  const save = async (evidence: 'tried' | 'done') => {
    const next = { ...told, evidence };
    await speaking.told.save(request.id, next);
    return next;
  };
  if (told.evidence === 'tried' && (await speaking.notifier.findFiles(request, root, files))) return save('done');
  await takeTurn(speaking.turns, { what: 'post', channel: root.channel });
  await save('tried');
  try {
    await speaking.notifier.showFiles(request, root, files);
  } catch (error) {
    const code = refusalIn(error, speaking.now() > request.changedAt + PATIENCE_MS);
    if (code === undefined) throw error;
    await speaking.notifier.tellNoFiles(request, root, code);
  }
  return save('done');
}

function filesOf(request: Request, entries: Scene['entries']): NamedFile[] {
  const evidence = evidenceOf(request, entries);
  if (evidence === undefined) return [];
  const name = `detach-key-${request.id}`;
  return [
    { name: `${name}.csv`, content: evidenceCsv(evidence) },
    { name: `${name}.json`, content: `${JSON.stringify(evidence, null, 2)}\n` },
  ];
}

function refusalIn(error: unknown, isPatienceOver: boolean): string | undefined {
  if (error instanceof NotifierRefused) return error.code;
  return error instanceof NotifierBusy && isPatienceOver ? error.code : undefined;
}

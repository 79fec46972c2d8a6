import { say } from '../line.js';
import type { HistorySentences } from '../sentences/overview.js';

export const history: HistorySentences = {
  head: (about) =>
    about === undefined ? say`Ended requests, newest first:` : say`Ended requests for ${about}, newest first:`,
  nothing: (about) =>
    about === undefined
      ? say`There is no ended request that you may see.`
      : say`There is no ended request that you may see for ${about}.`,
  notYet: (about) =>
    about === undefined
      ? say`Among the newest requests is no ended one that you may see. Look at older ones.`
      : say`Among the newest requests is no ended one that you may see for ${about}. Look at older ones.`,
  line: ({ id, goal, place, state, outcomes, by, at }) =>
    say`• ${id}: ${goal} in ${place}, ${state} ${at}${outcomes === undefined ? '' : `: ${outcomes}`}. By ${by}.`,
  thread: 'Thread',
  older: 'Older requests',
  whereItIs: (thread) => say`What happened so far: ${thread}`,
};

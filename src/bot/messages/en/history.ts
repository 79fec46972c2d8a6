import { say } from '../line.js';
import type { HistorySentences } from '../overview-sentences.js';

export const history: HistorySentences = {
  head: (about) =>
    about === undefined
      ? say`Requests that are over, newest first:`
      : say`Requests that are over, newest first, for ${about}:`,
  nothing: (about) =>
    about === undefined
      ? say`There is no request that is over and that you may see.`
      : say`There is no request that is over and that you may see, for ${about}.`,
  notYet: (about) =>
    about === undefined
      ? say`None of the newest requests is over and yours to see. Older ones may be.`
      : say`None of the newest requests is over and yours to see, for ${about}. Older ones may be.`,
  line: ({ id, goal, place, state, outcomes, by, at }) =>
    say`• ${id}: ${goal} in ${place}, ${state} ${at}${outcomes === undefined ? '' : `: ${outcomes}`}. By ${by}.`,
  thread: 'Thread',
  older: 'Older ones',
  whereItIs: (thread) => say`What was said of it: ${thread}`,
};

import { say } from '../line.js';
import type { LeftOutSentences } from '../sentences/left-out.js';

export const leftOut: LeftOutSentences = {
  left: (why) => say`⚠️ Not in the plan: ${why}`,
  others: (places) => say`⚠️ Nor in the plan, for reasons that the thread gives: ${places}`,
  tryingAgain: (place, said) => say`🔁 ${place} could not be read so far. Trying again. ${said}`,
  notLetIn: (place, cause, said) => say`🔁 ${place} could not be read so far: ${cause}. Trying again. ${said}`,
  atEnd: (places) => say`⚠️ Not in the plan, so nothing was done there: ${places}. The reasons stand above.`,
};

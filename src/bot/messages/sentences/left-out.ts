import type { Line, Part } from '../line.js';

/** What is said of the parts of a request that no plan could be made of; `why` names the place. */
export type LeftOutSentences = {
  left(why: Line): Line;
  /** Where there is no space for the reasons. */
  others(places: Line): Line;
  /** While the plan is being made. */
  tryingAgain(place: Part, said: Line): Line;
  /** The same, where the account lets nobody in. */
  notLetIn(place: Part, cause: string, said: Line): Line;
  /** As the thread's last word. */
  atEnd(places: Line): Line;
};

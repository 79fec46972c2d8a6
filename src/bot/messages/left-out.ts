import { openSelections } from '../../jobs/planning/selections.js';
import type { Request } from '../../jobs/request.js';
import type { Catalogue } from './catalogue.js';
import { sentenceFor } from './catalogue.js';
import { placeOf, unplannedIn } from './facts.js';
import { type Line, type Paragraph, say } from './line.js';
import { saidLine } from './said.js';

/** What is not in a plan, and why: whoever approves has to know, and whoever reads how it ended. */

const PLACES_SHOWN = 3;

export function leftOutParagraphs(request: Request, words: Catalogue): Paragraph[] {
  const whys = [...request.leftOut.values()];
  return paragraphs(
    whys.map((why) => words.leftOut.left(sentenceFor(words.rejections, why))),
    words,
  );
}

/** While the plan is being made. */
export function unreadParagraphs(request: Request, words: Catalogue): Paragraph[] {
  const lines = openSelections(request).flatMap((place): Line[] => {
    const selection = request.selections[place];
    const complaint = request.unread.get(place);
    if (selection === undefined || complaint === undefined) return [];
    const said = saidLine(words, { code: complaint.cloudCode, message: complaint.message });
    return [words.leftOut.tryingAgain(placeOf(selection), said)];
  });
  return paragraphs(lines, words);
}

/** As the thread's last word. */
export function unplannedLines(request: Request, words: Catalogue): Line[] {
  const places = unplannedIn(request).map(placeOf);
  if (places.length === 0) return [];
  const more = places.length - PLACES_SHOWN;
  const named = [...places.slice(0, PLACES_SHOWN), ...(more > 0 ? [say`${words.root.morePlaces(more)}`] : [])];
  return [words.leftOut.atEnd(words.formats.list(named))];
}

function paragraphs(lines: readonly Line[], { root }: Catalogue): Paragraph[] {
  const more = lines.length - PLACES_SHOWN;
  const shown = [...lines.slice(0, PLACES_SHOWN), ...(more > 0 ? [say`${root.morePlaces(more)}`] : [])];
  return shown.length === 0 ? [] : [shown];
}

import type { Selection } from '../../jobs/events.js';
import { isPausing } from '../../jobs/holds/holds.js';
import { openSelections } from '../../jobs/planning/selections.js';
import type { Request } from '../../jobs/request.js';
import type { Catalogue } from './catalogue.js';
import { sentenceFor } from './catalogue.js';
import { placeOf, unplannedIn } from './facts.js';
import { joinLines, type Line, type Paragraph, say } from './line.js';
import { saidLine } from './said.js';

/** What is not in a plan, and why: whoever approves has to know, and whoever reads how it ended. */

const REASONS_SHOWN = 3;
const PLACES_SHOWN = 12;

/** The thread gives the reason of each. */
export function leftOutParagraphs(request: Request, words: Catalogue): Paragraph[] {
  const { leftOut, selections } = request;
  const reasons = [...leftOut.values()].slice(0, REASONS_SHOWN);
  const others = [...leftOut.keys()].slice(REASONS_SHOWN).flatMap((place) => selections[place] ?? []);
  const lines = reasons.map((why) => words.leftOut.left(sentenceFor(words.rejections, why)));
  if (others.length > 0) lines.push(words.leftOut.others(named(others, words)));
  return lines.length === 0 ? [] : [lines];
}

/** While the plan is being made. */
export function unreadParagraphs(request: Request, words: Catalogue): Paragraph[] {
  const lines = openSelections(request).flatMap((place): Line[] => {
    const selection = request.selections[place];
    const complaint = request.unread.get(place);
    if (selection === undefined || complaint === undefined) return [];
    const { cloudCode: code, message, hint } = complaint;
    const [where, said] = [placeOf(selection), saidLine(words, { code, message })];
    const isShut = isPausing(hint);
    return [
      isShut ? words.leftOut.notLetIn(where, words.holds.causes[hint], said) : words.leftOut.tryingAgain(where, said),
    ];
  });
  const more = lines.length - REASONS_SHOWN;
  const shown = [...lines.slice(0, REASONS_SHOWN), ...(more > 0 ? [say`${words.root.morePlaces(more)}`] : [])];
  return shown.length === 0 ? [] : [shown];
}

/** As the thread's last word. */
export function unplannedLines(request: Request, words: Catalogue): Line[] {
  const places = unplannedIn(request);
  return places.length === 0 ? [] : [words.leftOut.atEnd(named(places, words))];
}

function named(places: readonly Selection[], { formats, root }: Catalogue): Line {
  const shown = places.slice(0, PLACES_SHOWN).map(placeOf);
  const more = places.length - shown.length;
  return more > 0 ? say`${joinLines(shown, formats.comma)} ${root.morePlaces(more)}` : formats.list(shown);
}

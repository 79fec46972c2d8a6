import type { Language } from '../../jobs/events.js';
import { LIMITS } from './limits.js';
import type { Line } from './line.js';
import type { Message } from './render.js';
import { render, richText, textLine } from './render.js';

/** Lines that belong together; `items` may go on in the next message, under `continued`. */
export type Piece = { head: readonly Line[]; items: readonly Line[]; continued: readonly Line[] };

type Size = { text: number; bytes: number };
type Page = Size & { paragraphs: { lines: Line[]; text: number }[] };

/** What is put into one message: less than Slack takes, so that nothing has to be cut. */
const ROOM = { text: LIMITS.text - 100, bytes: LIMITS.blockBytes - 500, paragraphs: LIMITS.blocks - 5 };
/** The JSON around one paragraph, and around one element of it. */
const PARAGRAPH_BYTES = 100;
const ELEMENT_BYTES = 30;

const EMPTY: Page = Object.freeze({ paragraphs: [], text: 0, bytes: 0 });

/** As few messages as hold all pieces, in order. */
export function paginate(pieces: readonly Piece[], language: Language): Message[] {
  const pages: Page[] = [];
  for (const { head, items, continued } of pieces) {
    put(pages, [...head, ...items.slice(0, 1)], language, []);
    for (const item of items.slice(1)) put(pages, [item], language, continued);
  }
  return pages.map(({ paragraphs }) => render({ paragraphs: paragraphs.map(({ lines }) => lines) }, language));
}

/** `continued` empty: a new paragraph; else it goes on with the last one, or on a new page under these lines. */
function put(pages: Page[], lines: readonly Line[], language: Language, continued: readonly Line[]): void {
  if (lines.length === 0) return;
  const size = sizeOf(lines, language);
  if (lines.length > 1 && !hasRoom(EMPTY, size, false)) {
    const half = Math.ceil(lines.length / 2);
    put(pages, lines.slice(0, half), language, continued);
    put(pages, lines.slice(half), language, continued);
    return;
  }
  const page = pages.at(-1);
  const paragraph = page?.paragraphs.at(-1);
  const goesOn = continued.length > 0 && paragraph !== undefined && paragraph.text + size.text <= LIMITS.sectionText;
  if (page === undefined || !hasRoom(page, size, goesOn)) {
    const all = [...continued, ...lines];
    const { text, bytes } = sizeOf(all, language);
    pages.push({ paragraphs: [{ lines: all, text }], text, bytes: bytes + PARAGRAPH_BYTES });
    return;
  }
  page.text += size.text;
  page.bytes += size.bytes + (goesOn ? 0 : PARAGRAPH_BYTES);
  if (goesOn) {
    paragraph.lines.push(...lines);
    paragraph.text += size.text;
  } else page.paragraphs.push({ lines: [...lines], text: size.text });
}

function hasRoom(page: Page, size: Size, goesOn: boolean): boolean {
  if (!goesOn && page.paragraphs.length >= ROOM.paragraphs) return false;
  return page.text + size.text <= ROOM.text && page.bytes + size.bytes + PARAGRAPH_BYTES <= ROOM.bytes;
}

function sizeOf(lines: readonly Line[], language: Language): Size {
  const [section] = richText(lines, language).elements;
  const elements = section?.type === 'rich_text_section' ? section.elements : [];
  return {
    text: lines.reduce((sum, line) => sum + textLine(line, language).length + 1, 0),
    bytes: elements.reduce((sum, element) => sum + Buffer.byteLength(JSON.stringify(element)) + ELEMENT_BYTES, 0),
  };
}

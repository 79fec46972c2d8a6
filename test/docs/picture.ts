import type { Message } from '../../src/bot/messages/render.js';
import { rootMessage } from '../../src/bot/messages/root.js';
import { BUSY, group, NOW, planned, settled, started, target, then } from '../bot/messages/requests.js';
import { threadMessages } from '../bot/messages/telling.js';

/** `docs/thread.svg`: the README's picture, drawn from the messages of one request. */

const WIDTH = 860;
const LINE = 21;
const MARGIN = 24;
/** Characters that fit beside the icon; the rest of a line goes on below. */
const ROOM = 96;
const INDENT = '     ';
const NAMES: Readonly<Record<string, string>> = { UANNA: 'anna', UBOB: 'bob', UCAROL: 'carol' };

type Run = { text: string; look?: 'mention' | 'bold' | 'code' };
type Row =
  | { kind: 'words'; runs: readonly Run[] }
  | { kind: 'buttons'; labels: readonly { text: string; isDanger: boolean }[] };
type Element = {
  type: string;
  text?: string;
  user_id?: string;
  fallback?: string;
  style?: { bold?: true; code?: true };
};

export function picture(): string {
  const plan = group([
    target(1, { steps: ['stop', 'detach', 'verify', 'start'] }),
    target(5, { steps: ['stop', 'detach', 'verify', 'start'] }),
    target(3, { steps: ['detach', 'verify'], state: 'stopped' }),
  ]);
  const waiting = planned(
    [{ ...plan, account: 'web-north', region: 'cn-north-4' }],
    { reason: 'Laptop stolen, key on it' },
    1,
  );
  const running = started(waiting, 'UBOB');
  const told = settled(running, { 'i-0003': NOW, 'i-0001': NOW, 'i-0005': BUSY });
  const { request, entries } = then(told, { type: 'finished' });
  const replies = threadMessages(request, entries, 'en');
  return draw(rootMessage(waiting.request, { language: 'en' }), replies);
}

function draw(root: Message, replies: readonly Message[]): string {
  const parts: string[] = [];
  let y = MARGIN;
  for (const [index, message] of [root, ...replies].entries()) {
    const x = index === 0 ? MARGIN : 80;
    parts.push(author(x, y));
    y += 34;
    for (const row of rowsOf(message)) {
      parts.push(row.kind === 'words' ? words(x + 50, y, row.runs) : buttons(x + 50, y - 8, row.labels));
      y += row.kind === 'words' ? LINE : 40;
    }
    y += 14;
  }
  const label =
    'A request in Slack: the plan with its buttons, and under it a thread that tells what became of each instance';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}" role="img" aria-label="${label}">
<style>
  text { font: 14px "Lato", "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif; fill: #1d1c1d }
  .bold { font-weight: 700 } .badge { font-size: 10px; fill: #616061 } .mention { fill: #1264a3 } .code { fill: #c01343 } .danger { fill: #fff; font-weight: 700 }
</style>
<rect width="${WIDTH}" height="${y}" rx="10" fill="#fff" stroke="#ddd"/>
${parts.join('\n')}
</svg>
`;
}

const author = (x: number, y: number): string =>
  `<rect x="${x}" y="${y}" width="36" height="36" rx="8" fill="#1264a3"/><text x="${x + 18}" y="${y + 24}" text-anchor="middle" font-size="17">🔑</text>
<text x="${x + 50}" y="${y + 12}" class="bold">detach-key</text><rect x="${x + 140}" y="${y + 1}" width="30" height="14" rx="3" fill="#e8e8e8"/><text x="${x + 145}" y="${y + 12}" class="badge">APP</text>`;

const words = (x: number, y: number, runs: readonly Run[]): string =>
  `<text x="${x}" y="${y}" xml:space="preserve">${runs
    .map(({ text, look }) => (look === undefined ? escaped(text) : `<tspan class="${look}">${escaped(text)}</tspan>`))
    .join('')}</text>`;

function buttons(left: number, y: number, labels: Extract<Row, { kind: 'buttons' }>['labels']): string {
  let x = left;
  return labels
    .map(({ text, isDanger }) => {
      const width = 28 + Math.round(text.length * 8.2);
      const middle = x + width / 2;
      const box = `<rect x="${x}" y="${y}" width="${width}" height="30" rx="5" ${isDanger ? 'fill="#c62828"' : 'fill="#fff" stroke="#bbb"'}/>`;
      x += width + 12;
      return `${box}<text x="${middle}" y="${y + 20}" text-anchor="middle" class="${isDanger ? 'danger' : 'bold'}">${escaped(text)}</text>`;
    })
    .join('');
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function rowsOf({ blocks }: Message): Row[] {
  return blocks.flatMap((block): Row[] => {
    if (block.type === 'header') return [{ kind: 'words', runs: [{ text: block.text.text, look: 'bold' }] }];
    if (block.type === 'actions') {
      const labels = block.elements.flatMap((element) =>
        element.type === 'button' ? [{ text: element.text.text, isDanger: element.style === 'danger' }] : [],
      );
      return [{ kind: 'buttons', labels }];
    }
    if (block.type !== 'rich_text') return [];
    return block.elements.flatMap((section) => linesOf(section.elements as readonly Element[]));
  });
}

function linesOf(elements: readonly Element[]): Row[] {
  const lines: Run[][] = [[]];
  for (const { type, text = '', user_id = '', fallback = '', style } of elements) {
    const look = style?.bold ? 'bold' : style?.code ? 'code' : type === 'user' ? 'mention' : undefined;
    const shown = type === 'user' ? `@${NAMES[user_id] ?? user_id}` : type === 'date' ? fallback : text;
    for (const [index, piece] of shown.split('\n').entries()) {
      if (index > 0) lines.push([]);
      if (piece !== '') lines.at(-1)?.push({ text: piece, ...(look && { look }) });
    }
  }
  return lines
    .filter((runs) => runs.length > 0)
    .flatMap((runs) => wrapped(runs).map((part) => ({ kind: 'words', runs: part }) as const));
}

function wrapped(runs: readonly Run[]): Run[][] {
  const rows: Run[][] = [[]];
  let used = 0;
  for (const { text, look } of runs) {
    for (const word of text.match(/\s*\S+\s*$|\s*\S+/gu) ?? [text]) {
      const isFull = used > 0 && used + word.length > ROOM;
      if (isFull) rows.push([{ text: INDENT }]);
      rows.at(-1)?.push({ text: isFull ? word.trimStart() : word, ...(look && { look }) });
      used = (isFull ? INDENT.length : used) + word.length;
    }
  }
  return rows;
}

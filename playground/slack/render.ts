import type { InputElement } from './blocks/elements.js';
import { actionsOf } from './blocks/find.js';
import type { RichText, RichTextInline } from './blocks/rich-text.js';
import type { Block } from './blocks/schema.js';
import type { LocalSlack } from './local-slack.js';
import type { Ephemeral, Message, View } from './model.js';
import type { Workspace } from './workspace.js';

/** A channel as a person sees it, in plain text: messages with their blocks, and the replies under them. */
export function renderChannel(slack: Pick<LocalSlack, 'workspace' | 'messages' | 'thread'>, channelId: string): string {
  const { workspace } = slack;
  const roots = slack.messages(channelId).filter(({ thread_ts }) => thread_ts === undefined);
  const shown = roots.map((root) => renderThread(slack, channelId, root.ts));
  return [`#${workspace.channels.get(channelId)?.name ?? channelId}`, ...shown].join('\n\n');
}

/** A root message and the replies under it. */
export function renderThread(slack: Pick<LocalSlack, 'workspace' | 'thread'>, channelId: string, ts: string): string {
  return slack
    .thread(channelId, ts)
    .map((message) => indent(renderMessage(slack.workspace, message), message.ts === ts ? '' : '    '))
    .join('\n\n');
}

/** One message: who wrote it, then its blocks, or its text where it has none. */
export function renderMessage(workspace: Workspace, message: Message | Ephemeral): string {
  const edited = 'edited' in message && message.edited ? ' (edited)' : '';
  const author =
    'ephemeral' in message
      ? `${nameOf(workspace, workspace.botUserId)} (only visible to ${nameOf(workspace, message.user)})`
      : nameOf(workspace, message.user);
  const body =
    message.blocks.length > 0
      ? message.blocks.map((block) => renderBlock(workspace, block)).filter((part) => part !== '')
      : [readable(workspace, message.text)];
  const files = ('files' in message ? (message.files ?? []) : []).map(({ title }) => `[file: ${title}]`);
  return [`${author}${edited}`, ...[...body, ...files].map((part) => indent(part, '  '))].join('\n');
}

/** A modal on somebody's screen: its title, its blocks and its buttons. */
export function renderView(workspace: Workspace, { title, blocks, submit, close }: View): string {
  const buttons = [submit, close].flatMap((button) => (button ? [`[ ${button.text} ]`] : []));
  const parts = blocks.map((block) => renderBlock(workspace, block)).filter((part) => part !== '');
  return [title?.text ?? '', ...[...parts, buttons.join(' ')].map((part) => indent(part, '  '))].join('\n');
}

const indent = (text: string, by: string) => text.replaceAll(/^(?=.)/gm, by);
const nameOf = (workspace: Workspace, user: string) => workspace.users.get(user)?.name ?? user;

/** mrkdwn with its mentions, links and dates as a reader sees them. */
export function readable(workspace: Workspace, text: string): string {
  return text
    .replaceAll(/<@([UW]\w+)(?:\|[^>]*)?>/g, (_, id: string) => `@${nameOf(workspace, id)}`)
    .replaceAll(/<!subteam\^(\w+)(?:\|[^>]*)?>/g, (_, id: string) => `@${workspace.userGroups.get(id)?.handle ?? id}`)
    .replaceAll(/<#(\w+)(?:\|[^>]*)?>/g, (_, id: string) => `#${workspace.channels.get(id)?.name ?? id}`)
    .replaceAll(/<!date\^[^>|]*\|([^>]*)>/g, '$1')
    .replaceAll(/<!(here|channel|everyone)(?:\|[^>]*)?>/g, '@$1')
    .replaceAll(/<((?:https?|mailto):[^>|]*)\|([^>]*)>/g, '$2 ($1)')
    .replaceAll(/<((?:https?|mailto):[^>]*)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function renderBlock(workspace: Workspace, block: Block): string {
  const say = (text: string) => readable(workspace, text);
  const buttons = actionsOf(block).map((element) =>
    element.type === 'button' ? `[ ${element.text.text} ]` : `[ ${element.action_id} v ]`,
  );
  switch (block.type) {
    case 'section': {
      const fields = (block.fields ?? []).map(({ text }) => say(text));
      return [...(block.text ? [say(block.text.text)] : []), ...fields, ...buttons].join('\n');
    }
    case 'header':
      return block.text.text;
    case 'context':
      return block.elements.map((one) => (one.type === 'image' ? `[${one.alt_text}]` : say(one.text))).join('  ');
    case 'actions':
      return buttons.join(' ');
    case 'divider':
      return '────────';
    case 'image':
      return `[image: ${block.alt_text}]`;
    case 'input':
      return [
        `${block.label.text}: ${renderField(block.element)}`,
        ...(block.hint ? [`  ${block.hint.text}`] : []),
      ].join('\n');
    case 'rich_text':
      return renderRichText(workspace, block);
    case 'markdown':
      return block.text;
    case 'alert':
      return say(block.text.text);
    case 'table':
      return block.rows
        .map((row) => row.map((cell) => (cell.type === 'rich_text' ? renderRichText(workspace, cell) : cell.text)))
        .map((row) => row.join(' | '))
        .join('\n');
    case 'task_card':
      return `${block.title}: ${block.status}`;
    case 'plan':
      return [block.title, ...(block.tasks ?? []).map(({ title, status }) => `${title}: ${status}`)].join('\n');
  }
}

/** What stands in a field before anyone touches it. */
function renderField(element: InputElement): string {
  switch (element.type) {
    case 'checkboxes':
      return element.options.map(({ text }) => `[ ] ${text.text}`).join('  ');
    case 'radio_buttons':
      return element.options
        .map(({ text, value }) => `(${value === element.initial_option?.value ? '•' : ' '}) ${text.text}`)
        .join('  ');
    case 'plain_text_input':
      return `[ ${element.initial_value ?? element.placeholder?.text ?? ''} ]`;
    default:
      return 'placeholder' in element && element.placeholder ? `[ ${element.placeholder.text} ]` : '________';
  }
}

function renderRichText(workspace: Workspace, { elements }: RichText): string {
  const line = (parts: readonly RichTextInline[]) => parts.map((part) => renderInline(workspace, part)).join('');
  return elements
    .map((element) => {
      switch (element.type) {
        case 'rich_text_list':
          return element.elements
            .map((item, index) => `${element.style === 'ordered' ? `${index + 1}.` : '•'} ${line(item.elements)}`)
            .join('\n');
        case 'rich_text_quote':
          return indent(line(element.elements), '> ');
        default:
          return line(element.elements);
      }
    })
    .join('\n');
}

function renderInline(workspace: Workspace, part: RichTextInline): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'link':
      return part.text ? `${part.text} (${part.url})` : part.url;
    case 'user':
      return `@${nameOf(workspace, part.user_id)}`;
    case 'usergroup':
      return `@${workspace.userGroups.get(part.usergroup_id)?.handle ?? part.usergroup_id}`;
    case 'channel':
      return `#${workspace.channels.get(part.channel_id)?.name ?? part.channel_id}`;
    case 'emoji':
      return `:${part.name}:`;
    case 'broadcast':
      return `@${part.range}`;
    case 'date':
      return part.fallback ?? new Date(part.timestamp * 1000).toISOString();
  }
}

import type { ComponentChildren } from 'preact';
import { usePage } from './store.js';
import { Timestamp } from './timestamp.js';

/** Draws Discord's Markdown, as far as bots and people here write it. */
export function Markdown({ text }: { readonly text: string }) {
  return <div class="markdown">{blocks(text)}</div>;
}

/** Returns the blocks of a text: code, headings, lists, small print, and lines. */
function blocks(text: string): ComponentChildren[] {
  const drawn: ComponentChildren[] = [];
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line.startsWith('```')) {
      const end = lines.findIndex((other, at) => at > index && other.startsWith('```'));
      const last = end === -1 ? lines.length : end;
      // The block can be scrolled, so that people who use the keyboard must be able to get there.
      drawn.push(
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        <pre key={index} tabIndex={0}>
          <code>{lines.slice(index + 1, last).join('\n')}</code>
        </pre>,
      );
      index = last;
    } else if (/^\s*[-*] /.test(line)) {
      const items: string[] = [];
      for (; /^\s*[-*] /.test(lines[index] ?? ''); index++) items.push((lines[index] ?? '').replace(/^\s*[-*] /, ''));
      index--;
      drawn.push(
        <ul key={index}>
          {items.map((item) => (
            <li key={item}>
              <Inline text={item} />
            </li>
          ))}
        </ul>,
      );
    } else {
      drawn.push(<Line key={index} line={line} />);
    }
  }
  return drawn;
}

function Line({ line }: { readonly line: string }) {
  const [, marks, title] = /^(#{1,3}) (.*)$/.exec(line) ?? [];
  if (marks !== undefined && title !== undefined) {
    // Headings of messages are no headings of the page: a reader that lists those should not list messages.
    return (
      <p class={`heading-${marks.length}`}>
        <Inline text={title} />
      </p>
    );
  }
  if (line.startsWith('-# ')) {
    return (
      <p class="small-print">
        <Inline text={line.slice(3)} />
      </p>
    );
  }
  return line === '' ? (
    <p class="empty-line" />
  ) : (
    <p>
      <Inline text={line} />
    </p>
  );
}

/** What stands within a line, in the order in which it is looked for. */
const spans =
  /`([^`]+)`|\*\*(.+?)\*\*|\*([^*]+)\*|\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)|<t:(\d+)(?::(\w))?>|<@!?(\d+)>|<#(\d+)>|<@&(\d+)>|(https?:\/\/[^\s<>]+[^\s<>.,:;!?)])|\\([^\w\s])/;

function Inline({ text }: { readonly text: string }) {
  const found = spans.exec(text);
  if (!found) return <>{text}</>;
  const [whole, code, bold, italic, label, target, seconds, style, user, channel, role, address, escaped] = found;
  const span = () => {
    if (code !== undefined) return <code>{code}</code>;
    if (bold !== undefined) {
      return (
        <strong>
          <Inline text={bold} />
        </strong>
      );
    }
    if (italic !== undefined) {
      return (
        <em>
          <Inline text={italic} />
        </em>
      );
    }
    if (label !== undefined && target !== undefined) return <Link address={target}>{label}</Link>;
    if (seconds !== undefined) return <Timestamp seconds={Number(seconds)} style={style ?? 'f'} />;
    if (user !== undefined) return <Mention id={user} kind="user" />;
    if (channel !== undefined) return <Mention id={channel} kind="channel" />;
    if (role !== undefined) return <Mention id={role} kind="role" />;
    if (address !== undefined) return <Link address={address}>{address}</Link>;
    return escaped;
  };
  return (
    <>
      {text.slice(0, found.index)}
      {span()}
      <Inline text={text.slice(found.index + whole.length)} />
    </>
  );
}

const messageAddress = /^https:\/\/discord\.com\/channels\/(?:\d+|@me)\/(\d+)(?:\/(\d+))?$/;

/** A link; one to a message of this Discord leads there instead of elsewhere. */
function Link({ address, children }: { readonly address: string; readonly children: ComponentChildren }) {
  const { store, state } = usePage();
  const [, channelId, messageId] = messageAddress.exec(address) ?? [];
  const channel = state.channels.find(({ id }) => id === channelId);
  if (!channel) {
    return (
      <a href={address} target="_blank" rel="noreferrer">
        {children}
      </a>
    );
  }
  const go = () => {
    store.change({ channel: channel.id });
    requestAnimationFrame(() => document.getElementById(`message-${messageId}`)?.scrollIntoView({ block: 'center' }));
  };
  return (
    <button type="button" class="mention" onClick={go}>
      #{channel.name} › …
    </button>
  );
}

function Mention({ id, kind }: { readonly id: string; readonly kind: 'user' | 'channel' | 'role' }) {
  const { state } = usePage();
  const name = {
    user: () => `@${state.people.find((person) => person.id === id)?.name ?? '?'}`,
    channel: () => `#${state.channels.find((channel) => channel.id === id)?.name ?? '?'}`,
    role: () => state.roles.find((role) => role.id === id)?.name.replace(/^@?/, '@') ?? '@?',
  }[kind]();
  return <span class="mention">{name}</span>;
}

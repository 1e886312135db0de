import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ChannelView, MessageView } from '../../src/playground/wire.js';
import { Composer } from './composer.js';
import { messageFlag } from './discord-numbers.js';
import { Message } from './message.js';
import { textOf } from './message-text.js';
import { startBotAgain } from './server.js';
import { type Notice, personOf, usePage } from './store.js';

/** The messages of a channel, and the field to write in. */
export function Chat({ channel }: { readonly channel: ChannelView }) {
  const { state, words } = usePage();
  const name = channel.kind === 'server' ? `#${channel.name}` : `@${channel.name}`;
  const messages = [...state.messages.values()].filter(
    ({ body, onlyFor }) =>
      body.channel_id === channel.id &&
      (onlyFor === undefined || onlyFor === state.me) &&
      !state.dismissed.has(body.id),
  );
  messages.sort((one, other) => compareIds(one.body.id, other.body.id));
  const notices = state.notices.filter((notice) => notice.channel === channel.id && notice.person === state.me);
  return (
    <div class="chat">
      <Scroller trigger={`${channel.id} ${messages.length} ${lastEdit(messages)}`} acts={state.actCount}>
        <Welcome channel={channel} />
        <ol class="messages" aria-label={words.messages(name)}>
          {messages.map((message) => (
            <Message key={message.body.id} message={message} />
          ))}
        </ol>
        {notices.map((notice) => (
          <NoticeLine key={notice.number} notice={notice} />
        ))}
      </Scroller>
      <Announcer messages={messages} />
      <BotTrouble />
      <Composer channelName={name} />
    </div>
  );
}

/** Ids of Discord are numbers of up to 20 digits, too long for numbers of JavaScript. */
function compareIds(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : 1);
}

function lastEdit(messages: readonly MessageView[]): string {
  const { body } = messages.at(-1) ?? {};
  return body ? `${body.id} ${body.edited_timestamp} ${body.attachments.length}` : '';
}

interface ScrollerProps {
  /** Changes when something has come. */
  readonly trigger: string;
  /** How often the visitor has done something, the answer to which is to be seen. */
  readonly acts: number;
  readonly children: ComponentChildren;
}

/** Stays at the bottom while messages come and grow, unless somebody has scrolled up. */
function Scroller({ trigger, acts, children }: ScrollerProps) {
  const box = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    const [outerBox, innerBox] = [box.current, inner.current];
    if (!outerBox || !innerBox) return undefined;
    const follow = new ResizeObserver(() => {
      if (isAtEnd.current) outerBox.scrollTop = outerBox.scrollHeight;
    });
    follow.observe(innerBox);
    follow.observe(outerBox);
    return () => follow.disconnect();
  }, []);
  // The visitor sees the answer to what they do, even if they had scrolled up.
  useEffect(() => {
    if (acts > 0) isAtEnd.current = true;
  }, [acts]);
  // What has come is seen by those who are at the end.
  useEffect(() => {
    if (isAtEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [trigger, acts]);
  const onScroll = ({ currentTarget: { scrollTop, scrollHeight, clientHeight } }: { currentTarget: HTMLElement }) => {
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < 80;
  };
  return (
    // People who use the keyboard must be able to scroll.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <div ref={box} class="scroller" tabIndex={0} onScroll={onScroll}>
      <div ref={inner} class="scrolled">
        {children}
      </div>
    </div>
  );
}

function Welcome({ channel }: { readonly channel: ChannelView }) {
  const { store, words } = usePage();
  const command = (values: Readonly<Record<string, { readonly example: string }>>) =>
    void store.perform({ do: 'command', channel: channel.id, name: 'whitewalker', subcommand: [], values });
  return (
    <section class="welcome" aria-labelledby="welcome">
      <h2 id="welcome">{channel.kind === 'server' ? words.welcomeTitle(channel.name) : words.welcomeDirect}</h2>
      <p>{words.welcomeText}</p>
      <div class="welcome-offer">
        <img src="/examples/astronaut.jpg" alt="" width="96" height="96" />
        <span class="arrow" aria-hidden="true">
          →
        </span>
        <button
          type="button"
          class="button primary large"
          onClick={() => command({ content: { example: 'astronaut.jpg' } })}
        >
          {words.oneClick}
        </button>
      </div>
      <p class="small-print">
        <a href="#/whitewalker?preset=wildfire">{words.otherStyle}</a> · <a href="#/whitewalker">{words.ownPicture}</a>{' '}
        · {words.welcomeHint}
      </p>
    </section>
  );
}

function NoticeLine({ notice }: { readonly notice: Notice }) {
  const { store, state, words } = usePage();
  const { person, command, isMenu, hasFailed } = notice;
  const dismiss = () => store.change({ notices: state.notices.filter((each) => each !== notice) });
  return (
    <div class={`notice${hasFailed ? ' failure' : ''}`} role={hasFailed ? 'alert' : 'status'}>
      <strong>{personOf(state, person)?.name}</strong> {isMenu ? words.usedMenu(command) : words.used(command)}
      <p>{hasFailed ? words.noResponse : words.sending}</p>
      {hasFailed && (
        <button type="button" class="link-button" onClick={dismiss}>
          {words.dismiss}
        </button>
      )}
    </div>
  );
}

/** Tells those who can't see the messages what has come, and when something is done: not each step of it. */
function Announcer({ messages }: { readonly messages: readonly MessageView[] }) {
  const { state, words } = usePage();
  const last = messages.at(-1);
  if (!last) return <p class="visually-hidden" aria-live="polite" />;
  const { author, attachments, flags } = last.body;
  const name = personOf(state, author.id)?.name ?? '?';
  const isLoading = (flags & messageFlag.loading) !== 0;
  const firstLine =
    textOf(last.body)
      .split('\n', 1)[0]
      ?.replaceAll(/[*`#]|<t:[^>]*>|[█▓▒░▰▱]/g, '') ?? '';
  // What changes each second while something is being painted is left out.
  const stable = firstLine.replaceAll(/\d[\d.,]*/g, '…');
  const files = attachments.length > 0 ? words.pictures(attachments.length) : '';
  const text = isLoading ? words.thinking(name) : words.newMessage(name, [stable, files].filter(Boolean).join(', '));
  return (
    <p class="visually-hidden" aria-live="polite">
      {text}
    </p>
  );
}

/** Says what is wrong with the bot, if anything is. */
function BotTrouble() {
  const { store, state, words } = usePage();
  const { state: botState, isConnected, lastWords } = state.bot;
  const text = () => {
    if (!state.isConnected) return words.lost;
    if (botState === 'starting') return words.botStarting;
    if (botState === 'ended') return words.botEnded;
    if (botState === 'failed') return words.botFailed;
    return isConnected ? undefined : words.botOffline;
  };
  const shown = text();
  const tryAgain = () => void startBotAgain().catch((error: unknown) => store.complain(error));
  return (
    <div class="bot-trouble" role="status">
      {shown !== undefined && <p>{shown}</p>}
      {botState === 'failed' && (
        <>
          <pre>{lastWords}</pre>
          {state.isOwner && (
            <button type="button" class="button secondary" onClick={tryAgain}>
              {words.botTryAgain}
            </button>
          )}
        </>
      )}
    </div>
  );
}

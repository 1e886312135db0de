import { useMemo } from 'preact/hooks';
import type { MessageView, PersonView } from '../../src/playground/wire.js';
import { commandsHere, nameIn } from './commands.js';
import { Components } from './components.js';
import { commandType, messageFlag } from './discord-numbers.js';
import { Markdown } from './markdown.js';
import { useMenu } from './menu.js';
import { textOf } from './message-text.js';
import { usePersonMenu } from './person-menu.js';
import { Attachments, Picture } from './picture.js';
import { personOf, usePage } from './store.js';

/** A message, as the present person sees it. */
export function Message({ message }: { readonly message: MessageView }) {
  const { store, state, me, words } = usePage();
  const { body, onlyFor } = message;
  const { id, author, content, embeds, flags } = body;
  const text = textOf(body);
  const writer = personOf(state, author.id);
  const name = writer?.name ?? '?';
  const mayDelete = author.id === me.id || me.role === 'moderator';
  const { onContextMenu, button, menu } = useMenu(words.messageMenu(name), () => [
    {
      title: words.apps,
      entries: commandsHere(state, commandType.message).map((command) => ({
        label: nameIn(me.language, command),
        onChoose: () => void store.perform({ do: 'message-menu', message: id, name: command.name }),
      })),
    },
    {
      entries: [
        ...(text === '' ? [] : [{ label: words.copyText, onChoose: () => void navigator.clipboard.writeText(text) }]),
        ...(mayDelete && onlyFor === undefined
          ? [
              {
                label: words.deleteMessage,
                isDangerous: true,
                onChoose: () => void store.perform({ do: 'delete-message', message: id }),
              },
            ]
          : []),
      ],
    },
  ]);
  const isLoading = (flags & messageFlag.loading) !== 0;
  const dismiss = () => store.change({ dismissed: new Set([...state.dismissed, id]) });
  return (
    <li
      id={`message-${id}`}
      class={`message${onlyFor === undefined ? '' : ' ephemeral'}`}
      onContextMenu={onlyFor === undefined ? onContextMenu : undefined}
    >
      <UsedCommand message={message} />
      <Writer person={writer} at={body.timestamp} />
      <div class="message-body">
        {isLoading ? (
          <p class="thinking">
            <span class="dots" aria-hidden="true" />
            {words.thinking(name)}
          </p>
        ) : (
          <>
            {content !== '' && <Markdown text={content} />}
            {content !== '' && body.edited_timestamp !== null && <span class="edited">{words.edited}</span>}
            <Attachments attachments={shownBelow(message)} />
            {embeds.map(({ title, description, image }) => (
              <div key={`${title} ${image?.url}`} class="embed">
                {title !== undefined && <strong>{title}</strong>}
                {description !== undefined && <Markdown text={description} />}
                {image && (
                  <Picture url={image.url} alt={title} name="picture" width={image.width} height={image.height} />
                )}
              </div>
            ))}
            <Components message={message} />
          </>
        )}
        {state.failedMessages.has(id) && <p class="failure">{words.failed}</p>}
        {onlyFor !== undefined && (
          <p class="only-you">
            {words.onlyYou} •{' '}
            <button type="button" class="link-button" onClick={dismiss}>
              {words.dismiss}
            </button>
          </p>
        )}
      </div>
      {onlyFor === undefined && <div class="message-tools">{button}</div>}
      {menu}
    </li>
  );
}

/** Returns the files that a message shows below its text; those of new components are shown where those say. */
function shownBelow({ body }: MessageView) {
  return (body.flags & messageFlag.componentsV2) === 0 ? body.attachments : [];
}

/** The line above an answer that says who used which command. */
function UsedCommand({ message }: { readonly message: MessageView }) {
  const { state, words, me } = usePage();
  const { body, command } = message;
  const { interaction_metadata: metadata, message_reference: reference } = body;
  if (command !== undefined && metadata) {
    const user = personOf(state, metadata.user.id);
    const [first] = command.split(' ');
    const definition = state.commands.all.find(({ name }) => name === command || name === first);
    const isMenu = definition !== undefined && definition.type !== commandType.chat;
    const shown = isMenu ? nameIn(me.language, definition) : command;
    return (
      <p class="used-command">
        {user && <img class="tiny-avatar" src={user.avatar} alt="" />}
        <strong>{user?.name}</strong> {isMenu ? words.usedMenu(shown) : words.used(shown)}
      </p>
    );
  }
  const target = reference?.message_id === undefined ? undefined : state.messages.get(reference.message_id);
  if (!target) return null;
  const writer = personOf(state, target.body.author.id);
  return (
    <p class="used-command">
      {writer && <img class="tiny-avatar" src={writer.avatar} alt="" />}
      {words.repliedTo} <strong>{writer?.name}</strong>
      <span class="quoted">{textOf(target.body).split('\n', 1)[0]?.replaceAll(/[*`#]/g, '')}</span>
    </p>
  );
}

/** Who wrote a message, with a menu of their own, and when. */
function Writer({ person, at }: { readonly person: PersonView | undefined; readonly at: string }) {
  const { me, words } = usePage();
  // The browser takes its time to write a time, and all messages are drawn again whenever anything comes.
  const [moment, time] = useMemo(() => {
    const date = new Date(at);
    return [date.toISOString(), date.toLocaleTimeString(me.language, { timeStyle: 'short' })];
  }, [at, me.language]);
  if (!person) return null;
  return (
    <>
      <PersonAvatar person={person} />
      <p class="writer">
        <span class={`writer-name of-${person.role}`}>{person.name}</span>
        {person.role === 'bot' && <span class="app-mark">{words.app}</span>}
        <time dateTime={moment}>{time}</time>
      </p>
    </>
  );
}

function PersonAvatar({ person }: { readonly person: PersonView }) {
  const { onContextMenu, menu } = usePersonMenu(person);
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the list of members has a button for the same menu */}
      <span class="avatar-place" onContextMenu={onContextMenu}>
        <img class="avatar" src={person.avatar} alt="" />
      </span>
      {menu}
    </>
  );
}

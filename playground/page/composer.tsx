import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { FileReference } from '../../src/playground/wire.js';
import { CommandForm } from './command-form.js';
import { type CommandEntry, commandsHere, entriesOf } from './commands.js';
import { commandType } from './discord-numbers.js';
import { addressOf, type CommandLink, readAddress } from './link.js';
import { entryId, Listbox, movedBy } from './listbox.js';
import { type Fields, nameOfFile, problemOfFile, uploadLimitOf } from './option-rules.js';
import { upload } from './server.js';
import { usePage } from './store.js';

const listId = 'commands';

interface Writing {
  /** Counts up, so that a form that is opened anew begins anew. */
  readonly number: number;
  readonly entry: CommandEntry;
  readonly given: Fields;
}

let formCount = 0;

/** Where a message or a command is written. */
export function Composer({ channelName }: { readonly channelName: string }) {
  const { store, state, me, words } = usePage();
  const [text, setText] = useState('');
  const [files, setFiles] = useState<readonly File[]>([]);
  const [writing, setWriting] = useState<Writing>();
  const [active, setActive] = useState(0);
  const [isClosed, setClosed] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const limit = uploadLimitOf(state.channels.find(({ id }) => id === state.channel));
  const entries = commandsHere(state, commandType.chat).flatMap((command) => entriesOf(command, me.language));
  const typed = text.slice(1).trim().toLowerCase();
  const found = text.startsWith('/') ? entries.filter(({ title }) => title.includes(typed)) : [];
  // What begins as it was typed comes first.
  found.sort((one, other) => Number(other.title.startsWith(typed)) - Number(one.title.startsWith(typed)));
  const isListOpen = text.startsWith('/') && !isClosed;

  const begin = (entry: CommandEntry, given: Fields = {}) => {
    setWriting({ number: ++formCount, entry, given });
    setText('');
  };
  const openLink = useRef<() => void>(() => undefined);
  openLink.current = () => {
    const link = readAddress(location.hash);
    const entry = link && entries.find((each) => isLinkTo(link, each));
    if (!link || !entry) return;
    const known = Object.entries(link.values).filter(([name]) => entry.options.some((option) => option.name === name));
    begin(entry, Object.fromEntries(known.map(([name, value]) => [name, { text: value }])));
  };
  const hasCommands = entries.length > 0;
  useEffect(() => {
    if (hasCommands) openLink.current();
    const follow = () => openLink.current();
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, [hasCommands]);
  // Whoever looks elsewhere, or is another, has written nothing yet.
  useEffect(() => setWriting(undefined), [state.me, state.channel]);

  const close = useCallback(() => {
    setWriting(undefined);
    history.replaceState(null, '', location.pathname);
    requestAnimationFrame(() => input.current?.focus());
  }, []);
  const command = writing?.entry;
  const remember = useCallback(
    (fields: Fields) => {
      if (command) history.replaceState(null, '', addressOf(command, fields));
    },
    [command],
  );

  if (writing) {
    return (
      <div class="composer">
        <CommandForm
          key={writing.number}
          entry={writing.entry}
          given={writing.given}
          onFieldsChange={remember}
          onClose={close}
        />
      </div>
    );
  }

  const addFiles = (added: Iterable<File>) => {
    const all = [...added];
    const problem = all.map((file) => problemOfFile(file, undefined, limit, words)).find((each) => each !== undefined);
    if (problem !== undefined) store.toast(problem);
    else setFiles([...files, ...all].slice(0, 10));
  };
  const send = async () => {
    const content = text.trim();
    if (content === '' && files.length === 0) return;
    setText('');
    setFiles([]);
    try {
      const references: FileReference[] = [];
      for (const file of files) references.push(await upload(file));
      await store.perform({ do: 'post', channel: state.channel, content, files: references });
    } catch (error) {
      store.complain(error);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const entry = found[active];
    const moved = isListOpen ? movedBy(event.key, active, found.length) : undefined;
    if (moved !== undefined) setActive(moved);
    else if (isListOpen && entry && (event.key === 'Enter' || event.key === 'Tab')) begin(entry);
    else if (isListOpen && event.key === 'Escape') setClosed(true);
    else if (event.key === 'Enter' && !event.isComposing) void send();
    else return;
    event.preventDefault();
  };

  return (
    // The button beside the field does the same as dropping a file does.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div
      class="composer"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        addFiles(event.dataTransfer?.files ?? []);
      }}
      onPaste={(event) => {
        const pasted = [...(event.clipboardData?.files ?? [])];
        if (pasted.length > 0) addFiles(pasted);
      }}
    >
      {isListOpen && (
        <div class="popup commands">
          <p class="popup-title">{words.commands}</p>
          <Listbox
            id={listId}
            label={words.commands}
            active={active}
            entries={found.map(({ title, description }) => ({ key: title, label: `/${title}`, detail: description }))}
            onChoose={(index) => {
              const entry = found[index];
              if (entry) begin(entry);
            }}
          />
          {found.length === 0 && <p class="popup-empty">{words.noCommand}</p>}
        </div>
      )}
      {files.length > 0 && (
        <ul class="chosen-files">
          {files.map((file) => (
            <li key={`${file.name} ${file.lastModified}`}>
              {nameOfFile(file)}
              <button
                type="button"
                class="remove"
                aria-label={words.removeFile(file.name)}
                onClick={() => setFiles(files.filter((other) => other !== file))}
              >
                <span aria-hidden="true">×</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="writing">
        <label class="add-file">
          <span aria-hidden="true">+</span>
          <input
            type="file"
            multiple
            class="visually-hidden"
            aria-label={words.addFile}
            onChange={({ currentTarget }) => {
              addFiles(currentTarget.files ?? []);
              currentTarget.value = '';
            }}
          />
        </label>
        <input
          ref={input}
          class="message-field"
          value={text}
          maxLength={2000}
          autoComplete="off"
          placeholder={words.messageTo(channelName)}
          role="combobox"
          aria-label={words.messageTo(channelName)}
          aria-expanded={isListOpen}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={isListOpen && found.length > 0 ? entryId(listId, active) : undefined}
          onInput={({ currentTarget }) => {
            setText(currentTarget.value);
            setActive(0);
            setClosed(false);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
    </div>
  );
}

function isLinkTo({ path }: CommandLink, { command, subcommand }: CommandEntry): boolean {
  return [command.name, ...subcommand].join('/') === path;
}

import { useEffect, useState } from 'preact/hooks';
import type { GivenValue, OptionView } from '../../src/playground/wire.js';
import { type CommandEntry, nameIn } from './commands.js';
import { optionType } from './discord-numbers.js';
import { FileField } from './file-field.js';
import { Listbox } from './listbox.js';
import { OptionField } from './option-field.js';
import {
  emptyField,
  type Field,
  type Fields,
  type Judged,
  judge,
  suggestionsFor,
  uploadLimitOf,
} from './option-rules.js';
import { act, upload } from './server.js';
import { usePage } from './store.js';

interface CommandFormProps {
  readonly entry: CommandEntry;
  /** What the fields begin with, by the names of options. */
  readonly given: Fields;
  readonly onFieldsChange: (fields: Fields) => void;
  readonly onClose: () => void;
}

const isFile = ({ type }: OptionView) => type === optionType.attachment;

/** A slash command that is being written, with its options. */
export function CommandForm({ entry, given, onFieldsChange, onClose }: CommandFormProps) {
  const { store, state, me, words } = usePage();
  const [fields, setFields] = useState(given);
  const [hasTried, setTried] = useState(false);
  const [isAdding, setAdding] = useState(false);
  const shown = entry.options.filter(({ name, required }) => required || name in fields);
  const hidden = entry.options.filter((option) => !shown.includes(option));
  const firstText = shown.find((option) => !isFile(option))?.name;
  const [focused, setFocused] = useState(firstText);
  const channel = state.channels.find(({ id }) => id === state.channel);
  const limit = uploadLimitOf(channel);
  useEffect(() => onFieldsChange(fields), [fields, onFieldsChange]);

  const suggestionsOf = (option: OptionView) =>
    option.autocomplete ? undefined : suggestionsFor(option, state, words, me.language);
  const judged = new Map<string, Judged>(
    shown.map((option) => {
      const field = fields[option.name] ?? emptyField;
      return [option.name, judge(option, field, suggestionsOf(option), words, limit)];
    }),
  );
  // What is being typed is wrong until it is whole, so it is judged only once the command is to be sent.
  const problemOf = ({ name }: OptionView) => (hasTried || fields[name]?.file ? judged.get(name)?.problem : undefined);
  const change = (name: string, field: Field) => setFields({ ...fields, [name]: field });
  const remove = ({ name, required }: OptionView) => {
    const { [name]: removed, ...rest } = fields;
    if (!required) setFields(rest);
    else if (removed === undefined || removed.text === '') onClose();
  };
  const add = (option: OptionView) => {
    change(option.name, emptyField);
    setAdding(false);
    setFocused(option.name);
  };
  const values = async (): Promise<Record<string, GivenValue>> => {
    const ready: Record<string, GivenValue> = {};
    for (const [name, { value, file }] of judged) {
      if (file) ready[name] = 'example' in file ? file : await upload(file);
      else if (value !== undefined) ready[name] = value;
    }
    return ready;
  };
  const target = { channel: state.channel, name: entry.command.name, subcommand: entry.subcommand };
  const complete = async (option: OptionView, text: string) => {
    const others = [...judged].flatMap(([name, { value }]) =>
      value === undefined || name === option.name ? [] : [[name, value] as const],
    );
    const asked = {
      ...target,
      do: 'autocomplete',
      option: option.name,
      text,
      values: Object.fromEntries(others),
    } as const;
    const outcome = await act(state.me, asked);
    const choices = outcome.kind === 'choices' ? outcome.choices : [];
    return choices.map((choice) => ({ label: nameIn(me.language, choice), value: choice.value }));
  };
  const submit = async () => {
    const wrong = shown.find(({ name }) => judged.get(name)?.problem !== undefined);
    setTried(true);
    if (wrong) {
      setFocused(undefined);
      setFocused(wrong.name);
      return;
    }
    try {
      const ready = await values();
      onClose();
      await store.perform({ do: 'command', ...target, values: ready });
    } catch (error) {
      store.complain(error);
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    const [file] = event.clipboardData?.files ?? [];
    const free = shown.find((option) => isFile(option) && !fields[option.name]?.file);
    if (!file || !free) return;
    event.preventDefault();
    change(free.name, { text: '', file });
  };

  return (
    <form
      class="command-form"
      aria-label={`/${entry.title}`}
      onPaste={onPaste}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {shown.some(isFile) && (
        <div class="file-fields">
          {shown.filter(isFile).map((option, index) => (
            <FileField
              key={option.name}
              label={nameIn(me.language, option)}
              description={option.description_localizations?.[me.language] ?? option.description}
              file={fields[option.name]?.file}
              problem={problemOf(option)}
              types={option.file_types}
              example={['astronaut.jpg', 'ice-shards.png', 'chelsea.jpg'][index]}
              onChange={(file) => change(option.name, { text: '', file })}
            />
          ))}
        </div>
      )}
      <div class="command-line">
        <span class="command-name">/{entry.title}</span>
        {shown
          .filter((option) => !isFile(option))
          .map((option) => (
            <OptionField
              key={option.name}
              option={option}
              field={fields[option.name] ?? emptyField}
              problem={problemOf(option)}
              suggestions={suggestionsOf(option)}
              complete={(text) => complete(option, text)}
              hasFocus={focused === option.name}
              onChange={(field) => change(option.name, field)}
              onRemove={() => remove(option)}
              onSubmit={() => void submit()}
            />
          ))}
        {hidden.length > 0 && <OptionAdder options={hidden} isOpen={isAdding} onToggle={setAdding} onAdd={add} />}
        <span class="command-buttons">
          <button type="button" class="remove" aria-label={words.cancelCommand} onClick={onClose}>
            <span aria-hidden="true">×</span>
          </button>
          <button type="submit" class="button primary send">
            {words.send}
          </button>
        </span>
      </div>
    </form>
  );
}

interface OptionAdderProps {
  readonly options: readonly OptionView[];
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
  readonly onAdd: (option: OptionView) => void;
}

/** The button "+4 more", which opens a list of the options that are not there yet. */
function OptionAdder({ options, isOpen, onToggle, onAdd }: OptionAdderProps) {
  const { me, words } = usePage();
  const [active, setActive] = useState(0);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isOpen) return;
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: options.length - 1 };
    const step = steps[event.key];
    const chosen = options[active];
    if (step !== undefined) setActive((active + step) % options.length);
    else if (event.key === 'Enter' && chosen) onAdd(chosen);
    else if (event.key === 'Escape') onToggle(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="option-adder">
      <button
        type="button"
        class="more-options"
        role="combobox"
        aria-label={`${words.optional} (${options.length})`}
        aria-haspopup="listbox"
        aria-expanded={isOpen}
        aria-controls="more-options"
        aria-activedescendant={isOpen ? `more-options-${active}` : undefined}
        onClick={() => onToggle(!isOpen)}
        onBlur={() => onToggle(false)}
        onKeyDown={onKeyDown}
      >
        {words.moreOptions(options.length)}
      </button>
      {isOpen && (
        <div class="popup">
          <Listbox
            id="more-options"
            label={words.optional}
            active={active}
            entries={options.map((option) => ({
              key: option.name,
              label: nameIn(me.language, option),
              detail: option.description_localizations?.[me.language] ?? option.description,
            }))}
            onChoose={(index) => {
              const option = options[index];
              if (option) onAdd(option);
            }}
          />
        </div>
      )}
    </div>
  );
}

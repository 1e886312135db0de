import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { OptionView } from '../../src/playground/wire.js';
import { descriptionIn, nameIn } from './commands.js';
import { entryId, Listbox, movedBy } from './listbox.js';
import type { Field, Suggestion } from './option-rules.js';
import { usePage } from './store.js';

interface OptionFieldProps {
  readonly option: OptionView;
  readonly field: Field;
  readonly problem: string | undefined;
  /** All that can be chosen; undefined where anything can be typed. */
  readonly suggestions: readonly Suggestion[] | undefined;
  /** Asks the bot what can be chosen, for options that it suggests for. */
  readonly complete: (text: string) => Promise<readonly Suggestion[]>;
  readonly hasFocus: boolean;
  readonly onChange: (field: Field) => void;
  readonly onRemove: () => void;
  readonly onSubmit: () => void;
}

/** Discord's client waits this long for more to be typed before it asks a bot, in milliseconds. */
const calmMs = 200;

/** One option of a command that is being written: its name, and a field with a list of what can be chosen. */
export function OptionField(props: OptionFieldProps) {
  const { option, field, problem, suggestions, complete, hasFocus, onChange, onRemove, onSubmit } = props;
  const { me, words } = usePage();
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const [completed, setCompleted] = useState<readonly Suggestion[]>();
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const name = nameIn(me.language, option);
  const isCompleted = option.autocomplete === true;
  // The bot is asked again when something else is typed, and only then.
  useEffect(() => {
    if (!isCompleted || !isOpen) return undefined;
    let isCurrent = true;
    const timer = setTimeout(() => {
      complete(field.text).then(
        (found) => isCurrent && setCompleted(found),
        () => isCurrent && setCompleted([]),
      );
    }, calmMs);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [field.text, isOpen, isCompleted]);
  useEffect(() => {
    if (hasFocus) input.current?.focus();
  }, [hasFocus]);

  const typed = field.chosen === undefined ? field.text.trim().toLowerCase() : '';
  const fitting = isCompleted
    ? (completed ?? [])
    : (suggestions ?? []).filter(({ label }) => label.toLowerCase().includes(typed));
  const hasList = isCompleted || suggestions !== undefined;
  const choose = (index: number) => {
    const suggestion = fitting[index];
    if (!suggestion) return;
    onChange({ text: suggestion.label, chosen: suggestion.value });
    setOpen(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moved = isOpen && hasList ? movedBy(event.key, active, fitting.length) : undefined;
    if (moved !== undefined) setActive(moved);
    else if (event.key === 'ArrowDown') setOpen(true);
    else if (event.key === 'Enter' && isOpen && hasList && fitting.length > 0 && field.chosen === undefined)
      choose(active);
    else if (event.key === 'Enter') onSubmit();
    else if (event.key === 'Backspace' && field.text === '') onRemove();
    else if (event.key === 'Escape' && isOpen) setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const isShown = isOpen && field.chosen === undefined;
  const asCombobox = hasList && {
    role: 'combobox' as const,
    'aria-expanded': isShown,
    'aria-controls': id,
    'aria-autocomplete': 'list' as const,
    'aria-activedescendant': isShown && fitting.length > 0 ? entryId(id, active) : undefined,
  };
  return (
    <div class={`option${problem === undefined ? '' : ' wrong'}`}>
      <label class="option-name" htmlFor={`${id}-field`}>
        {name}
      </label>
      <input
        ref={input}
        id={`${id}-field`}
        class="option-value"
        autoComplete="off"
        spellcheck={false}
        value={field.text}
        {...asCombobox}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-about`}
        onInput={({ currentTarget }) => {
          onChange({ text: currentTarget.value });
          setActive(0);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      {!option.required && (
        <button type="button" class="remove" aria-label={words.removeOption(name)} onClick={onRemove}>
          <span aria-hidden="true">×</span>
        </button>
      )}
      <div class={isOpen || problem !== undefined ? 'popup' : 'visually-hidden'}>
        <p id={`${id}-about`} class="popup-title">
          <strong>{name}</strong> {descriptionIn(me.language, option)}
          {problem !== undefined && <span class="problem">{problem}</span>}
        </p>
        {isShown && hasList && (
          <>
            <Listbox
              id={id}
              label={name}
              active={active}
              entries={fitting.map(({ label }) => ({ key: label, label }))}
              onChoose={choose}
            />
            {fitting.length === 0 && (
              <p class="popup-empty">{isCompleted && !completed ? words.loadingOptions : words.noMatch}</p>
            )}
          </>
        )}
      </div>
    </div>
  );
}

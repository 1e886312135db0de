import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { ComponentView, FileReference, GivenValue } from '../../src/playground/wire.js';
import { componentType } from './discord-numbers.js';
import { FileField } from './file-field.js';
import { type ChosenFile, problemOfFile, uploadLimitOf } from './option-rules.js';
import { Select } from './select.js';
import { upload } from './server.js';
import { type OpenModal, usePage } from './store.js';
import type { Words } from './words/english.js';

/** What stands in a field: a text, the values of a menu, or files. */
type Answer = string | readonly string[] | readonly ChosenFile[];

interface FieldDefinition {
  readonly label: string;
  readonly description?: string | null | undefined;
  readonly component: ComponentView;
}

/** The form that a bot has opened. */
export function Modal({ open }: { readonly open: OpenModal }) {
  const { store, state, words } = usePage();
  const { modal, interaction } = open;
  const fields = fieldsOf(modal.components);
  const [answers, setAnswers] = useState<ReadonlyMap<string, Answer>>(
    new Map(fields.map(({ component }) => [component.custom_id ?? '', beginningOf(component)])),
  );
  const [hasTried, setTried] = useState(false);
  const [isSending, setSending] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const limit = uploadLimitOf(state.channels.find((channel) => channel.id === state.channel));
  const problemOf = (component: ComponentView) =>
    problemIn(component, answers.get(component.custom_id ?? '') ?? '', limit, words);
  const close = () => store.change({ modal: undefined });
  const submit = async () => {
    setTried(true);
    if (isSending || fields.some(({ component }) => problemOf(component) !== undefined)) return;
    setSending(true);
    setFailed(false);
    try {
      const values: Record<string, GivenValue> = {};
      for (const [name, answer] of answers) values[name] = await sendable(answer);
      const outcome = await store.perform({ do: 'submit', interaction, values });
      if (outcome?.kind === 'done') close();
      else setFailed(outcome?.kind === 'no-response');
    } catch (error) {
      store.complain(error);
    }
    setSending(false);
  };
  return (
    <dialog ref={dialog} class="modal" aria-labelledby={id} onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <h2 id={id}>{modal.title}</h2>
        <div class="modal-fields">
          {fields.map(({ label, description, component }) => (
            <ModalField
              key={component.custom_id}
              label={label}
              description={description}
              component={component}
              answer={answers.get(component.custom_id ?? '') ?? ''}
              problem={hasTried ? problemOf(component) : undefined}
              onChange={(answer) => setAnswers(new Map(answers).set(component.custom_id ?? '', answer))}
            />
          ))}
        </div>
        {hasFailed && <p class="problem">{words.somethingWrong}</p>}
        <div class="modal-buttons">
          <button type="button" class="button secondary" onClick={() => dialog.current?.close()}>
            {words.cancel}
          </button>
          <button type="submit" class="button primary" aria-busy={isSending}>
            {words.submit}
          </button>
        </div>
      </form>
    </dialog>
  );
}

interface ModalFieldProps extends FieldDefinition {
  readonly answer: Answer;
  readonly problem: string | undefined;
  readonly onChange: (answer: Answer) => void;
}

function ModalField({ label, description, component, answer, problem, onChange }: ModalFieldProps) {
  const id = useId();
  const { type, style, required = true, placeholder, max_length, options = [], min_values, max_values } = component;
  const text = typeof answer === 'string' ? answer : '';
  const field = () => {
    switch (type) {
      case componentType.textInput: {
        const shared = {
          id,
          value: text,
          maxLength: max_length,
          placeholder,
          'aria-invalid': problem !== undefined,
          'aria-describedby': `${id}-problem`,
        };
        return style === 2 ? (
          <textarea {...shared} rows={6} onInput={({ currentTarget }) => onChange(currentTarget.value)} />
        ) : (
          <input {...shared} onInput={({ currentTarget }) => onChange(currentTarget.value)} />
        );
      }
      case componentType.stringSelect:
        return (
          <Select
            options={options}
            chosen={typeof answer === 'string' ? [] : answer.filter((value) => typeof value === 'string')}
            label={label}
            placeholder={placeholder}
            least={required ? min_values : 0}
            most={max_values}
            onChoose={onChange}
          />
        );
      case componentType.fileUpload: {
        const [file] = typeof answer === 'string' ? [] : answer.filter((value) => typeof value !== 'string');
        return (
          <FileField
            label={label}
            file={file}
            problem={undefined}
            types={component.file_types}
            onChange={(chosen) => onChange(chosen ? [chosen] : [])}
          />
        );
      }
      case componentType.radioGroup:
      case componentType.checkboxGroup:
        return <Choices component={component} label={label} answer={answer} onChange={onChange} />;
      default:
        return <UnknownField />;
    }
  };
  return (
    <div class="modal-field">
      <label htmlFor={id} class="modal-label">
        {label}
        {required && (
          <span class="required" aria-hidden="true">
            {' '}
            *
          </span>
        )}
      </label>
      {description && <p class="modal-description">{description}</p>}
      {field()}
      <p id={`${id}-problem`} class="problem">
        {problem}
      </p>
    </div>
  );
}

interface ChoicesProps {
  readonly component: ComponentView;
  readonly label: string;
  readonly answer: Answer;
  readonly onChange: (answer: Answer) => void;
}

/** Radio buttons, of which one is chosen, or boxes to be ticked. */
function Choices({ component, label, answer, onChange }: ChoicesProps) {
  const { type, custom_id, options = [] } = component;
  const isRadio = type === componentType.radioGroup;
  const chosen = typeof answer === 'string' ? [] : answer.filter((part) => typeof part === 'string');
  const choose = (value: string) => {
    if (isRadio) return onChange([value]);
    // Values are sent in the order of the options, whichever was ticked first.
    return onChange(options.map((option) => option.value).filter((each) => (each === value) !== chosen.includes(each)));
  };
  return (
    <fieldset class="choices" aria-label={label}>
      {options.map((option) => (
        <label key={option.value} class="choice">
          <input
            type={isRadio ? 'radio' : 'checkbox'}
            name={custom_id}
            checked={chosen.includes(option.value)}
            onChange={() => choose(option.value)}
          />
          <span>
            {option.label}
            {option.description && <small>{option.description}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function UnknownField() {
  const { words } = usePage();
  return <p class="small-print">{words.unknownComponent}</p>;
}

/** Returns the fields of a modal, with what stands above each. Texts without a field are none. */
function fieldsOf(components: readonly ComponentView[]): readonly FieldDefinition[] {
  return components.flatMap((component): readonly FieldDefinition[] => {
    const { type, label = '', description, component: inner, components: nested = [] } = component;
    if (type === componentType.label && inner) return [{ label, description, component: inner }];
    if (type === componentType.row) return nested.map((each) => ({ label: each.label ?? '', component: each }));
    return [];
  });
}

function beginningOf({ type, value = '', options = [] }: ComponentView): Answer {
  if (type === componentType.textInput) return value;
  return options.filter((option) => option.default).map((option) => option.value);
}

function problemIn(component: ComponentView, answer: Answer, limit: number, words: Words): string | undefined {
  const { type, required = true, min_length = 0, max_length = 4000, file_types } = component;
  if (answer.length === 0) return required ? words.fieldRequired : undefined;
  if (typeof answer !== 'string') {
    const files = type === componentType.fileUpload ? answer.filter((part) => typeof part !== 'string') : [];
    return files.map((file) => problemOfFile(file, file_types, limit, words)).find((problem) => problem !== undefined);
  }
  if (answer.length < min_length) return words.fewest(min_length);
  return answer.length > max_length ? words.longest(max_length) : undefined;
}

/** Returns an answer as it is sent, its files uploaded. */
async function sendable(answer: Answer): Promise<GivenValue> {
  if (typeof answer === 'string') return answer;
  const texts: string[] = [];
  const files: FileReference[] = [];
  for (const part of answer) {
    if (typeof part === 'string') texts.push(part);
    else files.push('example' in part ? part : await upload(part));
  }
  return files.length > 0 ? files : texts;
}

import { useEffect, useId, useState } from 'preact/hooks';
import { type ChosenFile, nameOfFile } from './option-rules.js';
import { usePage } from './store.js';

interface FileFieldProps {
  readonly label: string;
  readonly description?: string | undefined;
  readonly file: ChosenFile | undefined;
  readonly problem: string | undefined;
  /** Kinds of files that are taken: `image`, or extensions. */
  readonly types: readonly string[] | undefined;
  /** Name of an example picture that can be taken instead of a file. */
  readonly example?: string | undefined;
  readonly onChange: (file: ChosenFile | undefined) => void;
}

/** A card that takes a file: by the file picker, by drag and drop, or one of the examples. */
export function FileField({ label, description, file, problem, types, example, onChange }: FileFieldProps) {
  const { words } = usePage();
  const [isOver, setOver] = useState(false);
  const id = useId();
  const accept = types?.map((type) => (type.startsWith('.') ? type : `${type}/*`)).join(',');
  return (
    <div class={`file-field${isOver ? ' over' : ''}${problem === undefined ? '' : ' wrong'}`}>
      <label
        class="drop-zone"
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          onChange(event.dataTransfer?.files[0]);
        }}
      >
        <span class="file-name">{label}</span>
        {file ? <Preview file={file} /> : <span class="drop-hint">{isOver ? words.dropHere : words.dropFile}</span>}
        <input
          type="file"
          class="visually-hidden"
          aria-label={words.chooseFile(label)}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : id}
          accept={accept}
          onChange={({ currentTarget }) => onChange(currentTarget.files?.[0])}
        />
      </label>
      {file ? (
        <button
          type="button"
          class="remove"
          aria-label={words.removeFile(nameOfFile(file))}
          onClick={() => onChange(undefined)}
        >
          <span aria-hidden="true">×</span>
        </button>
      ) : (
        example !== undefined && (
          <button type="button" class="link-button" onClick={() => onChange({ example })}>
            {words.example}
          </button>
        )
      )}
      {description !== undefined && <span class="file-description">{description}</span>}
      {problem !== undefined && (
        <span id={id} class="problem">
          {problem}
        </span>
      )}
    </div>
  );
}

function Preview({ file }: { readonly file: ChosenFile }) {
  const url = useFileAddress(file);
  const isPicture = 'example' in file || file.type.startsWith('image/');
  return (
    <>
      {isPicture && url !== undefined && <img class="preview" src={url} alt="" />}
      <span class="file-title">{nameOfFile(file)}</span>
    </>
  );
}

/** Returns an address at which a chosen file can be seen while it is shown. */
function useFileAddress(file: ChosenFile): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if ('example' in file) {
      setUrl(`/examples/${file.example}`);
      return undefined;
    }
    const address = URL.createObjectURL(file);
    setUrl(address);
    return () => URL.revokeObjectURL(address);
  }, [file]);
  return url;
}
